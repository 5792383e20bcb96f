import Operations
import RunbookTesting
import Testing

@Suite("Cases and checks that end oddly")
struct OddEndTests {
    private static let runbook = "runbook {}\nreturn 1"

    @Test func aCheckThatYieldsForGoodIsTold() async throws {
        let trial = try await Trial(
            """
            local thread = coroutine.wrap(function()
              test "lost" { result = "no", check = function() coroutine.yield() end }
            end)
            thread()
            """, of: Self.runbook)
        #expect(trial.failures == ["lost"])
        let result = try #require(trial["lost"])
        #expect(result.location == "unlock_test.lua:2")
        #expect(
            result.message
                == "Its check did not end: it yields in a coroutine that nobody resumes. The cases behind it were not run."
        )
        #expect(trial.differences == ["result: \"no\", but 1"])
    }

    @Test func aCheckThatEndsTheFileIsTold() async throws {
        let trial = try await Trial(
            """
            test "first" { result = 1 }
            test "it" {
              check = function()
                local all = {}
                for i = 1, 1e9 do all[i] = { i, i } end
              end,
            }
            test "behind it" { result = 1 }
            """, of: Self.runbook)
        #expect(trial["first"]?.status == .passed)
        #expect(trial.failures == ["it"])
        let result = try #require(trial["it"])
        #expect(result.location == "unlock_test.lua:2")
        #expect(
            result.message
                == "Its check ended the test file: unlock_test.lua:5: the memory limit of 128 MB, which test files have, was "
                + "reached. The cases behind it were not run.")
    }

    @Test func anErrorOfTheFileHasItsPlace() async throws {
        let trial = try await Trial(
            "test \"it\" { result = 1 }\nlocal none\nnone.x = 1\ntest \"behind\" {}", of: Self.runbook)
        #expect(trial.failures == ["the test file"])
        let result = try #require(trial["the test file"])
        #expect(result.location == "unlock_test.lua:3")
        #expect(result.message.hasPrefix("unlock_test.lua:3: attempt to index a nil value"), "\(result.message)")
        #expect(result.message.hasSuffix("). The cases behind it were not run."), "\(result.message)")
    }

    @Test func whatCannotBeHandedToTheRunnerIsNamedAsItStands() async throws {
        let trial = try await Trial("test \"it\" { params = { a = \"\\xff\" } }", of: Self.runbook)
        #expect(trial.failures == ["it"])
        #expect(trial["it"]?.message.hasPrefix("params.a is a string that is not UTF-8") == true, "\(trial.results)")
    }

    @Test func aNameMustBeText() async throws {
        let trial = try await Trial("\ntest \"\\xff\" {}", of: Self.runbook)
        #expect(trial.failures == ["the test file"])
        #expect(
            trial["the test file"]?.message.hasPrefix("unlock_test.lua:2: the name of a test must be UTF-8 text")
                == true,
            "\(trial.results)")
    }

    @Test func aLoopThatCallsTheHostIsTold() async throws {
        let trial = try await Trial(
            "test \"it\" {}\ntest \"next\" { status = \"failed\", error = \"no\", params = { ends = true } }",
            of: """
                runbook { params = { ends = { type = "boolean", default = false } } }
                if params.ends then error("no", 0) end
                while true do log.info("x") end
                """, patience: .seconds(3))
        #expect(trial.failures == ["it"])
        #expect(
            trial["it"]?.message
                == "unlock.lua:3: still running after 3 s of real time (a loop that never ends?); a case's own clock does not "
                + "stop it.")
    }

    @Test func aReplayThatNeverEndsIsTold() async throws {
        let trial = try await RecordedTrial("runbook {}\nsleep(1)", given: [:])
        let result = try await trial.replay("runbook {}\nsleep(1)\nwhile true do end", patience: .seconds(3))
        #expect(result.status == .failed && result.differences == [])
        #expect(
            result.message
                == "other.lua:3: still running after 3 s of real time (a loop that never ends?); the recorded clock does not "
                + "stop it.")
        #expect(result.location == "other.lua:3")
    }
}

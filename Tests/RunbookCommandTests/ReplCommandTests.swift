import ConsoleSimulator
import Operations
import RunbookHost
import Testing

@testable import runbook

/// `runbook repl` without a terminal: code in, values out.
@Suite(.timeLimit(.minutes(3))) struct ReplCommandTests {
    @Test func valuesGoToOutputAndAllElseToErrors() async throws {
        try await CommandHarness.with { harness, _ in
            let outcome = try await harness.run("repl", "-e", "x = 20", "-e", "log.warn('w') return x + 2, { a = 1 }")
            #expect(outcome.status == 0)
            #expect(outcome.output == "22\na  1\n", "\(outcome.output)")
            #expect(outcome.errors.contains("w"))
        }
    }

    @Test func jsonIsOneDocumentWithTheWholeOfAValue() async throws {
        try await CommandHarness.with { harness, _ in
            let code = "local l = {} for i = 1, 3000 do l[i] = { id = i } end print('p') return l"
            let outcome = try await harness.run("repl", "-e", code, "--json")
            #expect(outcome.status == 0)
            let document = try JSONValue(parsing: outcome.output)
            #expect(document["result"]?.arrayValue?.count == 3_000)
            #expect(document["status"] == "succeeded")
            #expect(document["planned"] == [])
            #expect(outcome.errors.contains("p"))
        }
    }

    @Test func changesArePlannedUnlessLiveModeIsAskedFor() async throws {
        let locked = SimulatorConfiguration(users: 20, lockedInRole: LockedRole(role: "user", count: 2))
        try await CommandHarness.with(locked) { harness, info in
            let code = #"for u in users.each { role = "user", locked = true } do users.unlock(u.id) end"#
            let planned = try await harness.run("repl", "-e", code)
            #expect(planned.status == 0)
            #expect(planned.output == "")
            #expect(planned.errors.contains("Plan: 2 changes"))
            #expect(planned.errors.contains("Nothing was sent"))
            #expect(try await CommandHarness.ledger(info).isEmpty)
            let live = try await harness.run("repl", "--mode", "live", "-e", code, "--json")
            #expect(live.status == 0)
            #expect(try JSONValue(parsing: live.output)["changes"] == 2)
            #expect(try await CommandHarness.ledger(info).count == 2)
        }
    }

    @Test(arguments: [
        ("error('no')", "1m", 1), ("x = = 1", "1m", 1), ("users.get(999999)", "1m", 1), ("sleep(100)", "300ms", 4),
        ("while true do end", "300ms", 4),
    ]) func exitCodesAreThoseOfRun(_ code: String, _ limit: String, _ status: Int32) async throws {
        try await CommandHarness.with { harness, _ in
            let outcome = try await harness.run("repl", "-e", code, "--mode", "live", "--time-limit", limit)
            #expect(outcome.status == status, "\(outcome.errors)")
            #expect(outcome.output == "")
            #expect(!outcome.errors.isEmpty)
        }
    }

    @Test func whatIsDeniedIsSaidAndFourIsTheCode() async throws {
        try await CommandHarness.with { harness, info in
            let outcome = try await harness.run(
                "repl", "--mode", "live", "--max-changes", "0", "-e", "users.unlock(2)")
            #expect(outcome.status == 4, "\(outcome.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test func filesAreLoadedFirstWithTheirParameters() async throws {
        try await CommandHarness.without { harness in
            try harness.write("function double(n) return 2 * n end", to: "helpers.lua")
            let path = try harness.write(
                "runbook { params = { n = { type = 'integer', required = true } } } base = params.n", to: "base.lua")
            let outcome = try await harness.run(
                "repl", "runbooks/helpers.lua", path, "--param", "n=20", "-e", "double(base) + 2")
            #expect(outcome.output == "42\n", "\(outcome.errors)")
            let missing = try await harness.run("repl", "none.lua", "-e", "1")
            #expect(missing.status == 64)
        }
    }

    @Test(arguments: [
        (["repl", "-e", ".plan"], "for the session at a terminal"), (["repl", "-e", "?users"], "at a terminal"),
        (["repl", "--mode", "loud", "-e", "1"], "loud"), (["repl", "--param", "x", "-e", "1"], "name=value"),
    ]) func wrongUseIsSaid(_ arguments: [String], _ word: String) async throws {
        try await CommandHarness.without { harness in
            let process = try CommandProcess(
                arguments, environment: harness.environment, directory: harness.directory,
                program: CommandProcess.program)
            let outcome = await process.outcome
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains(word), "\(outcome.errors)")
            #expect(outcome.output == "")
        }
    }

    @Test func withoutATargetCodeRunsAndACallSaysWhatIsMissing() async throws {
        try await CommandHarness.without { harness in
            #expect(try await harness.run("repl", "-e", "1 + 1").output == "2\n")
            let outcome = try await harness.run("repl", "-e", "users.get(1)")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("RUNBOOK_CONSOLE_URL"), "\(outcome.errors)")
        }
    }

    @Test func theValueOfOneExpressionIsThereForTheNextAndJSONHasAllOfThem() async throws {
        try await CommandHarness.without { harness in
            #expect(try await harness.run("repl", "-e", "7 -- seven", "-e", "_ + 1").output == "7\n8\n")
            let outcome = try await harness.run("repl", "-e", "7", "-e", "x = 1", "-e", "_, x", "--json")
            #expect(try JSONValue(parsing: outcome.output)["results"] == [7, 7, 1], "\(outcome.output)")
        }
    }

    @Test func emptyInputDoesNothing() async throws {
        try await CommandHarness.without { harness in
            // The harness gives no input.
            let outcome = try await harness.run("repl")
            #expect(outcome.status == 0)
            #expect(outcome.output == "")
        }
    }
}

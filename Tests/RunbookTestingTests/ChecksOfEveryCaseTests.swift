import RunbookTesting
import Testing

/// A runbook with a bug for each of the checks, which nothing in the case itself finds.
@Suite("The checks that are made of every case")
struct ChecksOfEveryCaseTests {
    private static let needs =
        "needs = { \"users:read\", \"users:unlock\", \"users:update\", \"users:access\", \"twofa:write\" }"
    private static let ada = "given = { users = { { id = 7, login = \"ada\", locked = true } } }"

    @Test func aSecondRunThatChangesSomethingIsFound() async throws {
        let runbook = "runbook { \(Self.needs) }\nusers.unlock(7)"
        let trial = try await Trial("test \"it\" { \(Self.ada), changes = { { \"users.unlock\", 7 } } }", of: runbook)
        #expect(trial.failures == ["it: again changes nothing"])
        #expect(trial.differences == ["again.changes[1]: no further change, but users.unlock(7)"])
        let told = try await Trial(
            "test \"it\" { \(Self.ada), again = { changes = { { \"users.unlock\", 7 } } } }", of: runbook)
        #expect(told.failures == [])
        let failing = try await Trial(
            "test \"it\" { \(Self.ada), again = { status = \"failed\", error = \"no\" } }", of: runbook)
        #expect(failing.failures == ["it: again changes nothing"])
    }

    @Test func aPlanThatDiffersFromItsApplicationIsFound() async throws {
        // While a plan is made nothing is waited for.
        let runbook = """
            runbook { \(Self.needs) }
            local before = os.time()
            sleep(60)
            if os.time() - before >= 60 and users.get(7).locked then users.unlock(7) end
            """
        let trial = try await Trial("test \"it\" { \(Self.ada), changes = { { \"users.unlock\", 7 } } }", of: runbook)
        #expect(trial.failures == ["it: plan equals apply"])
        #expect(
            (trial.differences.first ?? "").hasPrefix("applied.status: succeeded, but stopped: "),
            "\(trial.differences)")
        #expect((trial.differences.first ?? "").contains("is not in the plan"))
    }

    @Test func whatIsPlannedAndNotDoneIsFound() async throws {
        let runbook = """
            runbook { \(Self.needs) }
            local before = os.time()
            sleep(60)
            if os.time() == before then users.unlock(7) end
            """
        let trial = try await Trial("test \"it\" { \(Self.ada), changes = {} }", of: runbook)
        #expect(trial.failures == ["it: plan equals apply"])
        #expect(
            (trial.differences.first ?? "").hasPrefix(
                "applied.changes: all that is planned, but not made: unlock user ada"))
    }

    @Test func aRunThatCannotBeTakenUpAgainIsFound() async throws {
        // Whether the account that it runs as is disabled, nobody can ask afterwards.
        let runbook = "runbook { \(Self.needs) }\nif users.get(1).enabled then users.disable(1) end"
        let trial = try await Trial("test \"it\" { again = \"nobody can log in\" }", of: runbook)
        #expect(trial.failures == ["it: killed and resumed"])
        let result = try #require(trial["killed and resumed"])
        #expect(result.message.hasPrefix("Killed after change 1, users.update(1, "), "\(result.message)")
        #expect(
            (trial.differences.first ?? "").hasPrefix("resumed.status: succeeded, but failed: "), "\(trial.differences)"
        )
    }

    @Test func aDecisionIsGivenAsItIs() async throws {
        // Each seed is drawn once, whether the run was killed before it or after it.
        let trial = try await Trial(
            """
            test "it" {
              given = { users = { { id = 7, login = "ada" }, { id = 8, login = "bob", seed = "JBSWY3DPEHPK3PXP" } } },
              changes = { { "twofa.regenerate", 7 }, { "twofa.regenerate", 8 }, { "twofa.regenerate", 7 } },
              after = { users = { ada = { seed = "changed" }, bob = { seed = "changed" }, admin = { seed = "none" } } },
              again = "it draws them anew each time",
            }
            """,
            of: """
                runbook { \(Self.needs) }
                return { twofa.regenerate(7), twofa.regenerate(8), twofa.regenerate(7) }
                """)
        #expect(trial.failures == [], "\(trial.results)")
        #expect(trial["killed and resumed"]?.status == .passed)
    }

    @Test func manyChangesAreKilledAtPlacesSpreadEvenly() async throws {
        let trial = try await Trial(
            """
            test "it" {
              given = { simulated = { users = 80, locked_in_role = { ["tier-1-support"] = 30 } } },
              params = { role = "tier-1-support" },
              check = function(run) assert(#run.changes == 30) end,
            }
            """)
        #expect(trial.failures == [], "\(trial.results)")
    }

    @Test func whatIsLeftOutSaysWhy() async throws {
        let trial = try await Trial(
            "\(Trial.people)test \"it\" { given = { users = people }, params = { role = \"security-manager\" }, "
                + "plan = \"p\", again = \"a\", kill = \"k\" }")
        #expect(trial.results.dropFirst().map(\.status) == [.skipped("p"), .skipped("a"), .skipped("k")])
        let idle = try await Trial("test \"it\" { params = { role = \"user\" } }")
        #expect(idle.results.map(\.status) == [.passed, .passed, .passed, .skipped("it changes nothing")])
    }
}

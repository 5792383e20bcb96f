import RunbookTesting
import Testing

@Suite("What a case expects")
struct ExpectationTests {
    /// A case over the two people, with more fields.
    private func trial(_ fields: String, params: String = "{ role = \"security-manager\" }") async throws -> Trial {
        try await Trial(
            "\(Trial.people)test \"it\" { given = { users = people }, params = \(params),\n\(fields) }")
    }

    @Test func allOfItIsThere() async throws {
        let trial = try await trial(
            """
            changes = { { "users.unlock", 7 } },
            result = { unlocked = { "ada" }, skipped = { { login = "bob", reason = "disabled" } } },
            result_has = { skipped = { { login = "bob" } } },
            log = { "unlocked login=ada" },
            after = { users = { ada = { locked = false, role = "security-manager" }, eve = false } },
            check = function(run)
              assert(run.status == "succeeded" and run.error == nil)
              assert(#run.changes == 1 and run.changes[1][1] == "users.unlock" and run.changes[1][2] == 7)
              assert(run.result.unlocked[1] == "ada" and run.log[1] == "unlocked login=ada")
            end,
            """)
        #expect(trial.failures == [])
        #expect(trial.results.map(\.name) == ["it"] + Self.checks.map { "it: \($0)" })
        #expect(trial.results.allSatisfy { $0.status == .passed }, "\(trial.results)")
        #expect(trial.results.first?.location == "unlock_test.lua:5")
    }

    static let checks = ["plan equals apply", "again changes nothing", "killed and resumed"]

    @Test(
        "each thing that differs is named, with what was there",
        arguments: [
            ("changes = {}", "changes[1]: no further change, but users.unlock(7)"),
            (
                "changes = { { \"users.unlock\", 7 }, { \"users.unlock\", 8 } }",
                "changes[2]: users.unlock(8), but no further change"
            ),
            ("changes = { { \"users.unlock\", 9 } }", "changes[1]: users.unlock(9), but users.unlock(7)"),
            (
                "unordered = true, changes = { { \"users.unlock\", 9 } }",
                "changes: users.unlock(9), but no such change"
            ),
            (
                "result = { unlocked = { \"ada\", \"eve\" }, skipped = { { login = \"bob\", reason = \"disabled\" } } }",
                "result.unlocked[2]: \"eve\", but nothing"
            ),
            (
                "result = { unlocked = { \"ada\" } }",
                "result.skipped: nothing, but [{\"login\":\"bob\",\"reason\":\"disabled\"}]"
            ),
            ("result_has = { unlocked = { \"eve\" } }", "result.unlocked[1]: \"eve\", but \"ada\""),
            ("log = { \"locked out\" }", "log: a line with \"locked out\", but 1 other lines"),
            ("after = { users = { ada = { locked = true } } }", "after.users.ada.locked: true, but false"),
            ("after = { users = { eve = { locked = true } } }", "after.users.eve: {\"locked\":true}, but not there"),
            ("after = { users = { ada = { lokced = true } } }", "after.users.ada.lokced: a field that there is"),
            ("after = { roles = { user = false } }", "after.roles.user: not there, but {"),
            ("check = function() error(\"no, no\", 0) end", "check: no error, but no, no"),
            ("status = \"failed\"", "status: failed, but succeeded"),
        ])
    func oneThingIsDifferent(fields: String, difference: String) async throws {
        let trial = try await trial(fields)
        #expect(trial.failures == ["it"])
        #expect(trial.differences.contains { $0.hasPrefix(difference) }, "\(trial.differences)")
        // What went on is told with it, and nothing further is tested.
        #expect(trial.results.first?.changes == ["users.unlock(7)"])
        #expect(trial.results.dropFirst().map(\.status) == Self.checks.map { _ in .skipped("the case itself failed") })
    }

    @Test func aFailureIsExpectedWithItsMessage() async throws {
        let good = try await trial("status = \"failed\", error = \"is missing\"", params: "{}")
        #expect(good.failures == [])
        let bad = try await trial("status = \"failed\", error = \"is too long\"", params: "{}")
        #expect(bad.failures == ["it"])
        #expect((bad.differences.first ?? "").hasPrefix("error: …is too long…, but the parameter 'role' is missing"))
    }

    @Test func anUnexpectedFailureTellsWhereItWas() async throws {
        let trial = try await Trial("test \"it\" {}", of: "runbook {}\nerror(\"no\")")
        #expect(trial.differences == ["status: succeeded, but failed: unlock.lua:2: no"])
    }

    @Test func secretsReadAsSuch() async throws {
        let trial = try await Trial(
            """
            test "sets the password" {
              given = { users = { { login = "ada" } } }, params = { password = "Correct-Horse-1" },
              changes = { { "users.update", 2, { login = "ada", password = "‹secret›" } } },
              result = { password = "‹secret›" },
              after = { users = { ada = { password = "changed" }, admin = { password = "same" } } },
              again = { changes = { { "users.update", 2 } } },
              check = function(run) assert(run.result.password == "‹secret›") end,
            }
            """,
            of: """
                runbook { params = { password = { type = "secret" } }, needs = { "users:read", "users:update", "users:access" } }
                users.patch(2, { password = params.password })
                return { password = params.password }
                """)
        #expect(trial.failures == [], "\(trial.results)")
        #expect(!"\(trial.results)".contains("Correct-Horse-1"))
    }

    @Test func questionsNeedAnAnswer() async throws {
        let runbook = "runbook {}\nreturn { answer = confirm(\"Sure?\") }"
        let trial = try await Trial(
            """
            test "yes" { confirm = true, result = { answer = true } }
            test "no" { confirm = false, result = { answer = false } }
            test "none" { result = { answer = false } }
            """, of: runbook)
        #expect(trial.failures == ["none"])
        #expect(trial.differences == ["confirm: an answer to every question, but none to \"Sure?\""])
    }
}

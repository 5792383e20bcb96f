import RunbookTesting
import Testing

@Suite("What the server refuses")
struct RefusalTests {
    private static let people = """
        local people = {
          { id = 7, login = "ada", role = "security-manager", locked = true },
          { id = 8, login = "eve", role = "security-manager", locked = true },
        }

        """

    private func trial(_ fields: String, of runbook: String = Trial.unlock) async throws -> Trial {
        try await Trial(
            "\(Self.people)test \"it\" { given = { users = people }, params = { role = \"security-manager\" }, \(fields) }",
            of: runbook)
    }

    @Test func aRefusalIsReadAsTheRealTransportReadsIt() async throws {
        let trial = try await trial(
            """
            refuse = { { "users.unlock", 8, status = 500, message = "Out of order." } },
            status = "failed", error = "users.unlock: unavailable (500): the server failed: Out of order",
            changes = { { "users.unlock", 7 } },
            after = { users = { ada = { locked = false }, eve = { locked = true } } },
            """)
        #expect(trial.failures == [], "\(trial.results)")
        #expect(trial["killed and resumed"]?.status == .passed)
    }

    @Test(
        "each status has its kind",
        arguments: [
            (400, "bad_request"), (401, "unauthorized"), (402, "license"), (403, "forbidden"), (404, "not_found"),
            (409, "conflict"), (429, "rate_limited"), (503, "unavailable"),
        ])
    func statuses(status: Int, kind: String) async throws {
        let trial = try await trial(
            "refuse = { { \"users.page\", status = \(status) } }, status = \"failed\", error = \"\(kind) (\(status))\"")
        #expect(trial.failures == [], "\(trial.results)")
    }

    @Test func itIsRefusedSoOftenAndNotMore() async throws {
        let runbook = """
            runbook { params = { role = {} }, needs = { "users:unlock", "users:read" } }
            local failures = 0
            while users.get(7).locked do
              if not pcall(users.unlock, 7) then failures = failures + 1 end
            end
            return failures
            """
        let trial = try await trial(
            "refuse = { { \"users.unlock\", 7, status = 500, times = 2 } }, plan = \"refusals are not foreseen\", "
                + "changes = { { \"users.unlock\", 7 } }, check = function(run) assert(run.result == 2) end",
            of: runbook)
        #expect(trial.failures == [], "\(trial.results)")
    }

    @Test func aRefusalOfNoCallIsADifference() async throws {
        let trial = try await trial(
            """
            refuse = { { "users.unlock", 7, status = 500 }, { "users.unlock", 9, status = 500 } },
            status = "failed",
            """)
        #expect(trial.failures == ["it"])
        #expect(trial.differences == ["refuse[2]: a call that it refuses, but none"])
    }

    @Test func timeGoesOnAfterAChangeThatReachesNobody() async throws {
        let trial = try await Trial(
            "test \"it\" { target = \"console\", result = { done = false } }",
            of: """
                runbook { needs = { "xpanse:role" } }
                local done = pcall(xpanse.set_role, { "a@example.com" }, "Viewer")
                sleep(60)
                return { done = done }
                """, patience: .seconds(5))
        #expect(trial["it"]?.status == .passed, "\(trial.results)")
    }

    @Test func aSystemThatTheTargetHasNotCannotBeReached() async throws {
        let trial = try await Trial(
            """
            test "it" { target = "console", status = "failed", error = "has no xpanse" }
            test "both" { result_has = { { user_email = "admin@example.com" } } }
            """, of: "runbook { needs = { \"xpanse:read\" } }\nreturn xpanse.users()")
        #expect(trial.failures == [], "\(trial.results)")
    }
}

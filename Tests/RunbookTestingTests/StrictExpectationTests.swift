import RunbookTesting
import Testing

@Suite("Expectations that are not met")
struct StrictExpectationTests {
    /// A case over the two people, with more fields.
    private func trial(_ fields: String) async throws -> Trial {
        try await Trial(
            "\(Trial.people)test \"it\" { given = { users = people }, params = { role = \"security-manager\" },\n\(fields) }"
        )
    }

    @Test(
        "what is expected afterwards has names",
        arguments: [
            ("after = { users = { { login = \"ada\", locked = true } } }", "after.users must be a table, not an array"),
            ("after = { users = { [1] = { enabled = false } } }", "after.users must be a table, not an array"),
            ("after = { users = \"nobody\" }", "after.users must be a table, not a string"),
            (
                "after = { users = { ada = \"locked\" } }",
                "after.users.ada must be a table of some of its fields, true or false, not a string"
            ),
            ("after = { roles = { user = { 1 } } }", "after.roles.user must be a table of some of its fields"),
            ("again = { after = { users = { {} } } }", "again.after.users must be a table, not an array"),
        ])
    func afterHasNames(fields: String, message: String) async throws {
        let trial = try await trial(fields)
        #expect(trial.failures == ["it"])
        #expect(trial["it"]?.message.hasPrefix(message) == true, "\(trial.results)")
    }

    @Test func nothingAfterwardsIsNothingToLookAt() async throws {
        let trial = try await trial("after = { users = {}, roles = { user = {}, [\"global-admin\"] = true } }")
        #expect(trial.failures == [], "\(trial.results)")
    }

    @Test(
        "a check fails the case",
        arguments: [
            ("error(\"\", 0)", "an error without a message"), ("error()", "nil"),
            ("return false", "check returned false"), ("return #run.changes == 99", "check returned false"),
            ("error(\"\\xff bad \\xc3\", 0)", "\u{fffd} bad \u{fffd}"), ("error(\"schön\", 0)", "schön"),
            (
                "error(setmetatable({}, { __tostring = function() error(\"no\") end }))",
                "an error that cannot be made into text"
            ),
        ])
    func checks(body: String, found: String) async throws {
        let trial = try await trial("check = function(run) \(body) end")
        #expect(trial.failures == ["it"])
        #expect(trial.differences == ["check: no error, but \(found)"])
    }

    @Test(arguments: ["", "return", "return nil", "return true", "return 0"])
    func aCheckThatSaysNothingElsePasses(body: String) async throws {
        #expect(try await trial("check = function(run) \(body) end").failures == [])
    }

    @Test(
        "refusals are a list",
        arguments: [
            ("{ [\"users.unlock\"] = 500 }", "users.unlock"), ("{ a = { \"users.unlock\", 7, status = 500 } }", "a"),
            ("{ \"users.unlock\", 7, status = 500 }", "status"), ("{ [2] = { \"users.unlock\", status = 500 } }", "2"),
        ])
    func refusalsAreAList(refuse: String, key: String) async throws {
        let trial = try await trial("refuse = \(refuse)")
        #expect(trial.failures == ["it"])
        #expect(
            trial["it"]?.message
                == "refuse takes a list of calls, such as { { \"users.unlock\", 7, status = 500 } }, and no key \(key)")
    }

    @Test(
        "a runbook that does not even begin is no failure that was expected",
        arguments: [
            ("runbook { title = \"t\" }\nfoo(", "unexpected symbol"), ("runbook { titel = \"t\" }", "titel"),
            ("runbook { params = { role = {}, a = { type = \"integer\", required = true } } }", "'a' is missing"),
        ])
    func beginnings(runbook: String, part: String) async throws {
        let wanted = "params = { role = \"user\" }, status = \"failed\""
        let trial = try await Trial("test \"says no\" { \(wanted) }", of: runbook)
        #expect(trial.failures == ["says no"])
        let difference = try #require(trial["says no"]?.differences.first)
        #expect(difference.what == "error")
        #expect(difference.found.contains("unlock.lua:") && difference.found.contains(part), "\(difference)")
        let told = try await Trial("test \"says no\" { \(wanted), error = \"\(part)\" }", of: runbook)
        #expect(told.failures == [], "\(told.results)")
    }

    @Test func anEmptyListInAResultIsEmpty() async throws {
        let trial = try await trial("result_has = { skipped = {} }")
        #expect(trial.failures == ["it"])
        #expect(
            trial.differences == ["result.skipped[1]: nothing, but {\"login\":\"bob\",\"reason\":\"disabled\"}"],
            "\(trial.differences)")
    }

    @Test func changesInAnyOrderHaveEachAPatternOfItsOwn() async throws {
        // The first pattern takes what is the only change for the second one.
        func tests(_ patterns: String) -> String {
            "test \"it\" { given = { users = { { id = 7, login = \"ada\" }, { id = 8, login = \"eve\" } } },"
                + "unordered = true, changes = { \(patterns) }, again = \"it sets them again\" }"
        }
        let runbook = """
            runbook { needs = { "users:read", "users:update", "users:access" } }
            users.patch(7, { name = "A long name", email = "ada@example.com" })
            users.patch(8, { name = "A long name", email = "eve@example.com" })
            """
        let good = "{ \"users.update\" }, { \"users.update\", 7 }"
        #expect(try await Trial(tests(good), of: runbook).failures == [])
        let bad = "{ \"users.update\" }, { \"users.update\", 9 }"
        let trial = try await Trial(tests(bad), of: runbook)
        #expect(trial.failures == ["it"])
        #expect(trial.differences.count == 2, "\(trial.differences)")
        #expect(trial.differences.first?.hasSuffix("but no such change") == true)
    }
}

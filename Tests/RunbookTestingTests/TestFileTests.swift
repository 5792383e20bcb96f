import RunbookTesting
import Testing

@Suite("Test files")
struct TestFileTests {
    @Test func casesDoNotSeeOneAnother() async throws {
        let trial = try await Trial(
            """
            \(Trial.people)
            for number = 1, 3 do
              test("case " .. number) {
                given = { users = people }, params = { role = "security-manager" },
                changes = { { "users.unlock", 7 } }, result_has = { unlocked = { "ada" } },
              }
            end
            """)
        #expect(trial.cases == 3)
        #expect(trial.failures == [], "\(trial.results)")
        #expect(trial["case 3"]?.location == "unlock_test.lua:7")
    }

    @Test func casesAreRunOneAfterTheOther() async throws {
        let trial = try await Trial(
            """
            parallel({ "a", "b" }, 2, function(name) test(name) { params = { role = "user" } } end)
            test "c" { params = { role = "user" }, check = function() test "d" {} end }
            test "e" { params = { role = "user" } }
            """)
        #expect(trial.failures == ["b", "d"])
        #expect(trial["d"]?.message.hasPrefix("A test cannot be run within another one") == true)
        #expect(["a", "c", "e"].allSatisfy { trial[$0]?.status == .passed }, "\(trial.results)")
    }

    @Test func aFilterChoosesByName() async throws {
        let trial = try await Trial(
            "test \"one thing\" { params = { role = \"user\" } }\ntest \"another\" { params = {} }", filter: "ONE")
        #expect(trial.cases == 2)
        #expect(trial.results.map(\.name).allSatisfy { $0.hasPrefix("one thing") })
    }

    @Test(
        "a fault in a case is told with its place, and the others are run",
        arguments: [
            ("parms = {}", "the test has no field 'parms'; did you mean 'params'?"),
            ("status = \"fine\"", "status must be one of \"succeeded\""),
            ("error = \"no\"", "error is expected of a run that succeeds: add status = \"failed\""),
            ("now = \"yesterday\"", "now must be a moment such as"),
            ("target = \"prod\"", "target must be \"console\", \"xpanse\" or \"both\""),
            (
                "changes = { { \"users.unlok\", 7 } }",
                "changes[1] names 'users.unlok', which is not an operation; did you mean"
            ),
            (
                "changes = { { \"users.get\", 7 } }",
                "changes[1] names 'users.get', which is not an operation that changes"
            ),
            ("changes = { \"users.unlock\" }", "changes[1] must be an operation and its arguments"),
            ("refuse = { { \"users.unlock\", 7 } }", "refuse[1] must say with which status"),
            (
                "refuse = { { \"users.unlock\", 7, status = 500, time = 1 } }",
                "refuse[1] has no field 'time'; did you mean 'times'?"
            ),
            ("plan = true", "plan must be the reason why"),
            ("again = { resutl = 1 }", "again has no field 'resutl'; did you mean 'result'?"),
            ("check = 7", "check must be a function, not a number"),
            ("given = { user = {} }", "given has no field 'user'; did you mean 'users'?"),
            ("given = { users = { { name = \"Ada\" } } }", "given.users[1].login is missing"),
            (
                "given = { users = { { login = \"a\", role = \"usr\" } } }",
                "given.users[1].role is 'usr', and there is no such role; did you mean 'user'?"
            ),
            (
                "given = { users = { { login = \"a\" }, { login = \"a\" } } }",
                "given.users[2].login is 'a', which given.users[1] has already"
            ),
            (
                "given = { users = { { login = \"a\", id = 1 } } }",
                "given.users[1].id is 1, which the administrator has already"
            ),
            (
                "given = { users = { { login = \"a\", sites = { 9 } } } }",
                "given.users[1].sites must be a list of ids from 1 to 5"
            ),
            (
                "given = { xpanse = { users = { { email = \"a@b\", role = \"Viever\" } } } }",
                "names 'Viever', and there is no such role; did you mean 'Viewer'?"
            ),
            ("given = { simulated = {}, users = {} }", "given.users cannot stand beside simulated"),
            ("result = print", "function"),
        ])
    func faults(fields: String, message: String) async throws {
        let trial = try await Trial(
            "test \"good\" { params = { role = \"user\" } }\n\ntest \"bad\" { \(fields) }\ntest \"last\" { params = { role = \"user\" } }"
        )
        #expect(trial.failures == ["bad"])
        let bad = try #require(trial["bad"])
        #expect(bad.message.contains(message), "\(bad.message)")
        #expect(bad.location == "unlock_test.lua:3")
        #expect(trial["last"]?.status == .passed)
    }

    @Test(
        "a fault in the file is told with its line",
        arguments: [
            ("test \"it\" { params = { role = \"user\" } }\n\nerror(\"no\")", "unlock_test.lua:3: no"),
            ("\n\ntest \"it\" {{", "unlock_test.lua:3: "),
            ("\ntest(7)", "unlock_test.lua:2: a test must have a name"),
            ("\n\nusers.get(7)", "unlock_test.lua:3: "),
        ])
    func fileFaults(tests: String, message: String) async throws {
        let trial = try await Trial(tests)
        #expect(trial.failures == ["the test file"])
        #expect(trial["the test file"]?.message.hasPrefix(message) == true, "\(trial.results)")
    }

    @Test func whatAFilePrintsIsTold() async throws {
        let trial = try await Trial("print(\"here\", 7)")
        #expect(trial.notes == ["here\t7"])
        #expect(trial.cases == 0)
    }

    @Test func namesOfTestFiles() {
        #expect(TestFile.tests(of: "a/unlock.lua") == "a/unlock_test.lua")
        #expect(TestFile.runbook(of: "a/unlock_test.lua") == "a/unlock.lua")
        #expect(TestFile.runbook(of: "a/unlock.lua") == nil)
    }

    @Test func whatNeverEndsIsGivenUp() async throws {
        let endless = "runbook {}\nwhile true do end"
        let trial = try await Trial(
            "test \"it\" {}\ntest \"next\" { status = \"cancelled\" }", of: endless, patience: .seconds(1))
        #expect(trial.failures == ["it"])
        #expect(trial.differences.first?.hasPrefix("status: succeeded, but cancelled") == true)
        let file = try await Trial("while true do end", patience: .seconds(1))
        #expect(file.failures == ["the test file"])
        #expect(file.results.first?.message.contains("takes longer than") == true)
    }

    @Test func aFunctionThatNeverComesBackIsLeftBehind() async throws {
        // A pattern that tries every way to cut a text into pieces, for some seconds.
        let stuck = """
            runbook { params = { hangs = { type = "boolean", default = false } } }
            if params.hangs then string.find(string.rep("a", 180), string.rep("a-", 5) .. "b") end
            """
        let trial = try await Trial(
            "test \"it\" { params = { hangs = true } }\ntest \"next\" {}", of: stuck, patience: .seconds(1))
        #expect(trial.failures == ["it"])
        #expect(trial["it"]?.message.contains("never comes back") == true, "\(trial.results)")
        #expect(trial["next"]?.status == .passed)
    }
}

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
            (
                "changes = { { \"users.unlock\", 7, status = 500, at = 1 } }",
                "changes[1] takes an operation and its arguments, and no key at"
            ),
            (
                "again = { changes = { { \"users.unlock\", 7, status = 500 } } }",
                "again.changes[1] takes an operation and its arguments, and no key status"
            ),
            ("log = { \"a\", { \"x\", login = \"ada\" } }", "log[2] must be a string"),
            ("again = { log = { 7 } }", "again.log[1] must be a string"),
            ("again = { unordered = 1 }", "again.unordered must be true or false, not an integer"),
            ("again = { changes = { { \"users.unlok\" } } }", "again.changes[1] names 'users.unlok'"),
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
            (
                "\ntest(\"it\", { result = 99 })",
                "unlock_test.lua:2: a test takes its name alone, and its fields behind it: "
                    + "write test \"it\" { … }"
            ),
            ("\n\nusers.get(7)", "unlock_test.lua:3: "),
        ])
    func fileFaults(tests: String, message: String) async throws {
        let trial = try await Trial(tests)
        #expect(trial.failures == ["the test file"])
        #expect(trial["the test file"]?.message.hasPrefix(message) == true, "\(trial.results)")
    }

    @Test func aTestWithoutABodyFails() async throws {
        let tests = """
            test "no body"
            test "it" { params = { role = "user" } }
            for number = 1, 2 do test("none " .. number) end
            """
        let trial = try await Trial(tests)
        #expect(trial.cases == 4)
        #expect(trial.failures == ["no body", "none 1", "none 2"])
        let result = try #require(trial["no body"])
        #expect(result.location == "unlock_test.lua:1")
        #expect(result.message == "The test was not run, because it has no body: write test \"no body\" { … }.")
        #expect(trial["none 2"]?.location == "unlock_test.lua:3")
        #expect(trial["it"]?.status == .passed)
        #expect(try await Trial(tests, filter: "none").failures == ["none 1", "none 2"])
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
        #expect(trial.failures == ["it", "next"])
        for result in trial.results {
            #expect(
                result.message
                    == "unlock.lua:2: still running after 1 s of real time (a loop that never ends?); a case's own "
                    + "clock does not stop it.")
        }
        let file = try await Trial("\nwhile true do end", patience: .seconds(1))
        #expect(file.failures == ["the test file"])
        #expect(file.results.first?.location == "unlock_test.lua:2")
        #expect(file.results.first?.message.hasPrefix("The test file takes longer than 1 s by itself") == true)
    }

    @Test func aCheckThatNeverEndsIsNamed() async throws {
        let trial = try await Trial(
            """
            test "first" { result = 1 }
            test "it" {
              result = 2,
              check = function() while true do end end,
            }
            test "behind it" { result = 1 }
            """, of: "runbook {}\nreturn 1", patience: .seconds(2))
        #expect(trial["first"]?.status == .passed)
        #expect(trial.failures == ["it"])
        let result = try #require(trial["it"])
        #expect(result.location == "unlock_test.lua:2")
        #expect(result.message.hasPrefix("unlock_test.lua:4: its check is still running after 2 s of real time"))
        #expect(result.message.hasSuffix("The cases behind it were not run."))
        // What else is wrong with it is told too.
        #expect(trial.differences == ["result: 2, but 1"])
        #expect(trial["behind it"] == nil)
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

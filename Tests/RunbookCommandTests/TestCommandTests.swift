import CommandSupport
import ConsoleSimulator
import FoundationEssentials
import Glibc
import Operations
import Testing

@testable import runbook

/// `runbook test`, from files to a person and to a program.
@Suite("The command: test")
struct TestCommandTests {
    private static let unlock = """
        runbook { params = { id = { type = "integer", required = true } }, needs = { "users:read", "users:unlock" } }
        local user = users.get(params.id)
        if user.locked then users.unlock(user.id) end
        return { login = user.login }
        """

    private static let tests = """
        local people = { { id = 7, login = "ada", locked = true } }
        test "unlocks a # of people" {
          given = { users = people }, params = { id = 7 }, changes = { { "users.unlock", 7 } }, result = { login = "ada" },
        }
        test "is wrong" {
          given = { users = people }, params = { id = 7 }, result = { login = "<eve>" }, plan = "not here",
        }
        """

    /// Runs `body` with the tests beside a runbook.
    private func withTests(
        _ tests: String = tests, _ body: (CommandHarness) async throws -> Void
    ) async throws {
        try await CommandHarness.without { command in
            try command.write(Self.unlock, to: "unlock.lua")
            try command.write(tests, to: "unlock_test.lua")
            try await body(command)
        }
    }

    @Test("writes TAP, a line for each test, and what differs below it")
    func writesTAP() async throws {
        try await withTests { command in
            for path in ["runbooks", "runbooks/unlock.lua", "runbooks/unlock_test.lua"] {
                let outcome = try await command.run("test", path)
                #expect(outcome.status == 1)
                #expect(
                    outcome.output == """
                        TAP version 14
                        # runbooks/unlock_test.lua
                        ok 1 - unlocks a \\# of people
                        ok 2 - unlocks a \\# of people: plan equals apply
                        ok 3 - unlocks a \\# of people: again changes nothing
                        ok 4 - unlocks a \\# of people: killed and resumed
                        not ok 5 - is wrong
                          ---
                          at: "runbooks/unlock_test.lua:5"
                          differences:
                            - what: "result.login"
                              expected: "\\"<eve>\\""
                              found: "\\"ada\\""
                          changes:
                            - "users.unlock(7)"
                          ...
                        ok 6 - is wrong: plan equals apply # SKIP the case itself failed
                        ok 7 - is wrong: again changes nothing # SKIP the case itself failed
                        ok 8 - is wrong: killed and resumed # SKIP the case itself failed
                        1..8

                        """, "\(outcome.output)")
                #expect(
                    outcome.errors.hasPrefix("8 tests in 1 file: 1 failed, 4 passed, 3 left out ("), "\(outcome.errors)"
                )
            }
        }
    }

    @Test("tells of several files one after the other")
    func severalFiles() async throws {
        try await withTests { command in
            try command.write(Self.unlock, to: "another.lua")
            try command.write("print(\"here\")\n" + Self.tests, to: "another_test.lua")
            try command.write(Self.unlock, to: "third.lua")
            try command.write(Self.tests, to: "third_test.lua")
            let outcome = try await command.run("test")
            #expect(outcome.status == 1)
            let comments = outcome.output.split(separator: "\n").filter { $0.hasPrefix("# ") }
            #expect(
                comments == [
                    "# runbooks/another_test.lua", "# here", "# runbooks/third_test.lua", "# runbooks/unlock_test.lua",
                ])
            #expect(
                outcome.output.hasSuffix("ok 24 - is wrong: killed and resumed # SKIP the case itself failed\n1..24\n"))
            #expect(outcome.errors.hasPrefix("24 tests in 3 files: 3 failed, 12 passed, 9 left out ("))
        }
    }

    @Test("exits with 0 if all passed, and with 64 if there is nothing to run")
    func exits() async throws {
        try await withTests { command in
            let good = try await command.run("test", "runbooks", "--filter", "PEOPLE")
            #expect(good.status == 0, "\(good.output)\(good.errors)")
            #expect(good.output.hasSuffix("1..4\n"))
            let filtered = try await command.run("test", "runbooks", "--filter", "nothing like it")
            #expect(filtered.status == 64)
            #expect(filtered.errors.contains("none of the 2 tests has 'nothing like it' in its name"))
            let none = try await command.run("test", "/usr/share/doc/bash")
            #expect(none.status == 64)
            #expect(none.errors.contains("there are no tests in /usr/share/doc/bash"), "\(none.errors)")
            try command.write("runbook {}", to: "alone.lua")
            let alone = try await command.run("test", "runbooks/alone.lua")
            #expect(alone.status == 64)
            #expect(alone.errors.contains("runbooks/alone.lua has no tests: they belong in runbooks/alone_test.lua"))
            try command.write("test \"it\" {}", to: "orphan_test.lua")
            let orphan = try await command.run("test", "runbooks/orphan_test.lua")
            #expect(orphan.status == 64)
            #expect(orphan.errors.contains("there is no such runbook"))
            try command.write("-- nothing yet", to: "alone_test.lua")
            let empty = try await command.run("test", "runbooks/alone.lua")
            #expect(empty.status == 64)
            #expect(empty.errors.contains("the test files have no tests"))
        }
    }

    @Test("writes JSON for programs and JUnit for CI systems")
    func writesJSONAndJUnit() async throws {
        try await withTests { command in
            let outcome = try await command.run("test", "runbooks", "--json", "--junit", "results.xml")
            #expect(outcome.status == 1)
            let document = try JSONValue(parsing: outcome.output)
            #expect(document["ok"] == false)
            let tests = try #require(document["tests"]?.arrayValue)
            #expect(tests.count == 8)
            #expect(tests[0]["name"] == "unlocks a # of people" && tests[0]["status"] == "passed")
            #expect(tests[4]["at"] == "runbooks/unlock_test.lua:5")
            #expect(
                tests[4]["differences"]
                    == [["what": "result.login", "expected": "\"<eve>\"", "found": "\"ada\""]])
            #expect(tests[5]["status"] == "skipped" && tests[5]["reason"] == "the case itself failed")

            let results = try Data(contentsOf: URL(filePath: command.directory + "/results.xml"))
            let text = String(decoding: results, as: UTF8.self)
            #expect(MarkupCheck(text).fault == nil)
            #expect(
                text.contains(
                    "<testsuite name=\"runbooks/unlock_test\" tests=\"8\" failures=\"1\" errors=\"0\" skipped=\"3\""))
            #expect(
                text.contains("<testcase classname=\"runbooks/unlock_test\" name=\"unlocks a # of people\" time=\""))
            #expect(
                text.contains(
                    "<failure message=\"result.login: expected &quot;&lt;eve&gt;&quot;, found &quot;ada&quot;\""))
            #expect(text.contains("<skipped message=\"the case itself failed\"/>"))
        }
    }

    @Test("tests are no runbooks")
    func testsAreNoRunbooks() async throws {
        try await withTests { command in
            let list = try await command.run("list", "--json")
            #expect(try JSONValue(parsing: list.output).arrayValue?.compactMap { $0["name"] } == ["unlock"])
            let folder = command.directory + "/runbooks/"
            let request = CommandLineRequest(
                words: ["runbook", "run", folder], index: 2, prefix: folder, environment: command.environment)
            #expect(Suggestions.runbooks(request).map(\.text) == [folder + "unlock.lua"])
            let run = try await command.run("run", "unlock_test")
            #expect(run.status == 64)
            #expect(run.errors.contains("there is no runbook 'unlock_test'"), "\(run.errors)")
        }
    }

    @Test("replays a run that was recorded, and tells where another source differs")
    func replaysARun() async throws {
        try await CommandHarness.with(
            SimulatorConfiguration(users: 10, lockedInRole: LockedRole(role: "user", count: 2))
        ) { command, info in
            try command.write(
                """
                runbook { params = { role = { required = true } }, needs = { "users:read", "users:unlock" } }
                local unlocked = {}
                for user in users.each { role = params.role, locked = true } do
                  users.unlock(user.id)
                  unlocked[#unlocked + 1] = user.login
                end
                return { unlocked = unlocked, at = os.time(), drawn = math.random(1000000) }
                """, to: "unlock.lua")
            let run = try await command.run("run", "unlock", "--param", "role=user", "--yes")
            #expect(run.status == 0, "\(run.errors)")
            let before = try await CommandHarness.ledger(info)
            #expect(before.count == 2)

            for arguments in [["--from-run", "last"], ["runbooks/unlock.lua", "--from-run", "last"]] {
                let replay = try await command.run(["test"] + arguments)
                #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
                #expect(replay.output.contains("ok 1 - replays the run "))
            }

            try command.write(
                """
                runbook { title = "Another", needs = { "users:read" }, params = { role = { doc = "A role." } } }
                for user in users.each { role = params.role } do users.get(user.id) end
                """, to: "other.lua")
            let other = try await command.run("test", "runbooks/other.lua", "--from-run", "last")
            #expect(other.status == 1)
            #expect(other.output.contains("not ok 1 - replays the run "))
            #expect(
                other.output.contains(
                    "The script does not do what the run did: call 3 of the journal is users.unlock { id = "),
                "\(other.output)")
            #expect(other.output.contains("the script calls users.get { id = "), "\(other.output)")

            try command.write(
                """
                runbook { params = { role = { required = true } }, needs = { "users:read", "users:unlock" } }
                local unlocked = {}
                for user in users.each { role = params.role, locked = true } do users.unlock(user.id) end
                local time, drawn = os.time(), math.random(1000000)
                users.get(1)
                return {}
                """, to: "further.lua")
            let further = try await command.run("test", "runbooks/further.lua", "--from-run", "last")
            #expect(further.status == 1)
            #expect(further.output.contains("makes another one: users.get id=1 (line 5)"), "\(further.output)")

            try command.write(
                """
                runbook { params = { role = { required = true } }, needs = { "users:read", "users:unlock" } }
                for user in users.each { role = params.role, locked = true } do users.unlock(user.id) end
                return { unlocked = {}, at = os.time(), drawn = math.random(1000000) }
                """, to: "result.lua")
            let result = try await command.run("test", "runbooks/result.lua", "--from-run", "last")
            #expect(result.status == 1)
            #expect(result.output.contains("what: \"result.unlocked[1]\""), "\(result.output)")

            let unknown = try await command.run("test", "--from-run", "0000")
            #expect(unknown.status == 64, "\(unknown.errors)")
            let both = try await command.run("test", "--from-run", "last", "--filter", "it")
            #expect(both.status == 64)
            // Nothing was sent.
            #expect(try await CommandHarness.ledger(info) == before)
        }
    }

    @Test("replays a run that was killed and taken up again")
    func resumed() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(
                """
                runbook { needs = { "users:read", "users:access" } }
                users.set_sites(2, { 1 })
                log.info("ready")
                sleep(1)
                return users.get(2).login
                """, to: "slow.lua")
            let run = try command.start("run", file, "--yes")
            try await run.wait(for: "ready")
            run.send(SIGKILL)
            _ = await run.outcome
            let resumed = try await command.run("resume", "last")
            #expect(resumed.status == 0, "\(resumed.errors)")
            let before = try await CommandHarness.ledger(info)
            for arguments in [["--from-run", "last"], [file, "--from-run", "last"]] {
                let replay = try await command.run(["test"] + arguments)
                #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
            }
            #expect(try await CommandHarness.ledger(info) == before)
        }
    }
}

import ConsoleSimulator
import FoundationEssentials
import Glibc
import Operations
import Testing

@testable import runbook

@Suite("The command: run")
struct RunCommandTests {
    // MARK: A run that succeeds

    @Test("prints the result on stdout and all else on stderr")
    func result() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(
                """
                runbook { needs = { "users:read" }, params = { id = { type = "integer" } } }
                log.info("reading", { id = params.id })
                return { login = users.get(params.id).login, list = { 1, 2 } }
                """)
            let outcome = try await command.run("run", file, "--param", "id=1")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(try JSONValue(parsing: outcome.output) == ["login": .string(info.user), "list": [1, 2]])
            #expect(outcome.errors.contains("reading"))
            #expect(outcome.errors.contains("succeeded: 1 call, 0 changes"))
            #expect(!outcome.errors.contains(info.password))
            #expect(!outcome.errors.contains("\u{1b}"), "colours and progress are for terminals")
        }
    }

    @Test("prints one JSON document with --json, and nothing else on stdout")
    func json() async throws {
        try await CommandHarness.with { command, _ in
            let locked = try command.write(
                """
                runbook { needs = { "users:read", "users:unlock" } }
                local user = users.find { locked = true, enabled = true }
                users.unlock(user.id)
                return user.id
                """)
            let outcome = try await command.run("run", locked, "--json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            let document = try JSONValue(parsing: outcome.output)
            #expect(document["status"] == "succeeded")
            #expect(document["runbook"]?.stringValue == locked)
            #expect(document["run"]?.stringValue?.isEmpty == false)
            #expect(document["result"]?.integerValue != nil)
            #expect(document["error"] == .some(.null))
            #expect(document["calls"] == 2)
            #expect(document["changes"] == 1)
            #expect(document["duration_ms"]?.integerValue != nil)

            let failing = try command.write("runbook {}\nlocal function f() error('no good') end\nf()", to: "bad.lua")
            let failed = try await command.run("run", failing, "--json")
            #expect(failed.status == 1)
            let error = try JSONValue(parsing: failed.output)["error"]
            #expect(error?["kind"] == "error")
            #expect(error?["message"]?.stringValue?.contains("bad.lua:2: no good") == true)
            #expect(error?["traceback"]?.arrayValue?.isEmpty == false)
        }
    }

    // MARK: Bad input

    @Test("refuses a missing, an unknown and a wrong parameter with 64, and sends nothing")
    func parameters() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(
                """
                runbook { params = { role = { type = "string", required = true, doc = "role id" }, count = { type = "integer" } } }
                """)
            for (arguments, part) in [
                ([], "'role' is missing"), (["--param", "rolle=x"], "did you mean 'role'?"),
                (["--param", "role=x", "--param", "count=many"], "must be an integer"),
                (["--param", "role"], "name=value"), (["--param", "role=x", "--param", "role=y"], "twice"),
            ] {
                let outcome = try await CommandProcess(
                    ["run", file] + arguments, environment: command.environment, directory: command.directory,
                    program: CommandProcess.program
                ).outcome
                #expect(outcome.status == 64, "\(arguments)")
                #expect(outcome.output == "")
                #expect(outcome.errors.contains(part), "\(outcome.errors)")
            }
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test(
        "names file and line of what is wrong with a runbook",
        arguments: [
            ("runbook {}\nlocal x = = 1", "test.lua:2:"), ("return 1", "test.lua:1: "),
            ("runbook {\n  tilte = 'x',\n}", "test.lua:"), ("local u = users.get(1)\nrunbook {}", "test.lua:1: "),
            ("runbook {}\nlocal t = nil\nreturn t.x", "test.lua:3: "),
        ])
    func faults(source: String, place: String) async throws {
        try await CommandHarness.without { command in
            let outcome = try await command.run("run", try command.write(source))
            #expect(outcome.status == 1)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains(place), "\(outcome.errors)")
        }
    }

    @Test("refuses unknown flags, missing files and unknown names with 64")
    func usage() async throws {
        try await CommandHarness.without { command in
            try command.write("runbook {}", to: "unlock-all.lua")
            let flag = try await command.run("run", "unlock-all", "--quick")
            #expect(flag.status == 64)
            #expect(flag.errors.contains("--quick"))
            let file = try await command.run("run", "missing.lua")
            #expect(file.status == 64)
            #expect(file.errors.contains("missing.lua") && file.errors.contains("no such file"))
            let name = try await command.run("run", "unlok-all")
            #expect(name.status == 64)
            #expect(name.errors.contains("did you mean 'unlock-all'?"), "\(name.errors)")
            let limit = try await command.run("run", "unlock-all", "--time-limit", "soon")
            #expect(limit.status == 64)
            #expect(limit.errors.contains("--time-limit"))
            #expect(try await command.run("run", "unlock-all").status == 0)
        }
    }

    // MARK: Targets

    @Test("says what to set when there is no target, with 64; a runbook that calls nothing needs none")
    func noTarget() async throws {
        try await CommandHarness.without { command in
            let file = try command.write(#"runbook { needs = { "users:read" } } return users.get(1)"#)
            let outcome = try await command.run("run", file)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("RUNBOOK_CONSOLE_URL"), "\(outcome.errors)")
            let nothing = try await command.run("run", try command.write("runbook {} return 'done'", to: "none.lua"))
            #expect(nothing.status == 0)
            #expect(nothing.output == "done\n")
        }
    }

    @Test("fails with 1 on a wrong password and on a console that is not there")
    func unreachable() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(#"runbook { needs = { "users:read" } } return users.get(1)"#)
            var wrong = command
            wrong.environment["RUNBOOK_CONSOLE_PASSWORD"] = "not-the-password"
            let refused = try await wrong.run("run", file)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("401"), "\(refused.errors)")
            #expect(!refused.errors.contains("not-the-password"))

            var absent = command
            // The discard port: nothing listens there.
            absent.environment["RUNBOOK_CONSOLE_URL"] = "http://127.0.0.1:9"
            let unreachable = try await absent.run("run", file)
            #expect(unreachable.status == 1)
            #expect(unreachable.errors.contains("127.0.0.1:9"), "\(unreachable.errors)")
        }
    }

    @Test("refuses a self-signed console, and trusts it when told how")
    func selfSigned() async throws {
        try await CommandHarness.with(SimulatorConfiguration(users: 5, tls: true)) { command, info in
            let file = try command.write(#"runbook { needs = { "users:read" } } return users.get(1).login"#)
            let refused = try await command.run("run", file)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("runbook trust"), "\(refused.errors)")
            let authority = command.directory + "/console.pem"
            try Data(try #require(info.certificate).utf8).write(to: URL(filePath: authority))
            var trusting = command
            trusting.environment["RUNBOOK_CONSOLE_CA"] = authority
            let trusted = try await trusting.run("run", file)
            #expect(trusted.status == 0, "\(trusted.errors)")
            #expect(trusted.output == info.user + "\n")
        }
    }

    // MARK: What ends a run with 4

    @Test("ends with 4 on a call outside needs, and sends nothing")
    func denied() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(#"runbook { needs = { "users:read" } } users.unlock(2)"#)
            let outcome = try await command.run("run", file)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("users:unlock"), "\(outcome.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test("ends with 4 at --max-changes, and lists what was done")
    func maxChanges() async throws {
        try await CommandHarness.with { command, info in
            let file = try command.write(
                """
                runbook { needs = { "users:access" } }
                for site = 1, 5 do pcall(users.set_sites, 2, { site }) end
                """)
            let outcome = try await command.run("run", file, "--max-changes", "2")
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("the limit of 2 changes was reached"), "\(outcome.errors)")
            #expect(outcome.errors.contains("2 changes done before the end"))
            #expect(try await CommandHarness.ledger(info).count == 2)
        }
    }

    @Test("ends with 4 when the operator's policy does not allow what the runbook asks for")
    func policy() async throws {
        try await CommandHarness.with { command, info in
            let settings = command.directory + "/settings.yaml"
            try Data("policy: { capabilities: [users:read] }\n".utf8).write(to: URL(filePath: settings))
            let file = try command.write(#"runbook { needs = { "users:unlock" } } users.unlock(2)"#)
            let outcome = try await command.run("run", file, "--config", settings)
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("policy") && outcome.errors.contains("users:unlock"), "\(outcome.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test("ends with 4 at --max-calls and at --memory-limit")
    func otherLimits() async throws {
        try await CommandHarness.with { command, _ in
            let calls = try command.write(#"runbook { needs = { "users:read" } } while true do users.get(1) end"#)
            let called = try await command.run("run", calls, "--max-calls", "3", "--json")
            #expect(called.status == 4)
            let document = try JSONValue(parsing: called.output)
            #expect(document["calls"] == 3)
            #expect(document["status"] == "stopped")
            let memory = try command.write("runbook {} local t = {} while true do t[#t + 1] = {} end", to: "memory.lua")
            let bombed = try await command.run("run", memory, "--memory-limit", "16MB")
            #expect(bombed.status == 4)
            #expect(bombed.errors.contains("memory limit"), "\(bombed.errors)")
        }
    }

    @Test("ends an endless loop with 4 at --time-limit")
    func timeLimit() async throws {
        try await CommandHarness.without { command in
            let file = try command.write("runbook {}\nwhile true do end")
            // A worker that gets no processor within its last moments, on a busy machine, cannot say where it stood.
            var errors = ""
            for _ in 1...5 where !errors.contains("test.lua:2") {
                let outcome = try await command.run("run", file, "--time-limit", "1500ms")
                #expect(outcome.status == 4)
                #expect(outcome.errors.contains("the time limit of 1.5 s was reached"), "\(outcome.errors)")
                errors = outcome.errors
            }
            #expect(errors.contains("test.lua:2"))
        }
    }

    @Test("says what is missing when runbook-vm is not beside it")
    func workerMissing() async throws {
        try await CommandHarness.without { command in
            let alone = try command.programAlone()
            let outcome = try await command.start("run", try command.write("runbook {}"), program: alone).outcome
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("runbook-vm"), "\(outcome.errors)")
            #expect(outcome.errors.contains("Install runbook-vm beside runbook"), "\(outcome.errors)")
            #expect(outcome.output == "")
        }
    }
}

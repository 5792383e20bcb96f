import CommandSupport
import ConsoleSimulator
import Glibc
import Operations
import Testing

@testable import runbook

@Suite("The command: call, operations, check, list, simulate")
struct OtherCommandTests {
    @Test("calls one operation through the gate")
    func call() async throws {
        try await CommandHarness.with { command, info in
            let user = try await command.run("call", "users.get", "1")
            #expect(user.status == 0, "\(user.errors)")
            #expect(try JSONValue(parsing: user.output)["login"]?.stringValue == info.user)
            let page = try await command.run("call", "users.page", "page=0", "size=3")
            #expect(try JSONValue(parsing: page.output).arrayValue?.count == 3)
            let document = try await command.run("call", "roles.get", "user", "--json")
            #expect(try JSONValue(parsing: document.output)["result"]?["id"] == "user")

            let missing = try await command.run("call", "users.get", "999")
            #expect(missing.status == 1)
            #expect(missing.errors.contains("404") || missing.errors.contains("999"), "\(missing.errors)")
            let wrong = try await command.run("call", "users.get", "seven")
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("id"), "\(wrong.errors)")
            let unknown = try await command.run("call", "users.gett", "1")
            #expect(unknown.status == 64)
            #expect(unknown.errors.contains("did you mean 'users.get'?"))
            let secret = try await command.run("call", "users.reset_password", "1", "in-the-clear")
            #expect(secret.status == 64)
            #expect(!secret.errors.contains("in-the-clear"))
        }
    }

    @Test("shows the operations, as a table, one by one and as JSON")
    func operations() async throws {
        try await CommandHarness.without { command in
            let table = try await command.run("operations")
            #expect(table.status == 0)
            for operation in Catalogue.standard.operations { #expect(table.output.contains(operation.signature)) }
            let document = try JSONValue(parsing: try await command.run("operations", "--json").output)
            #expect(
                document.arrayValue?.compactMap { $0["name"]?.stringValue }
                    == Catalogue.standard.operations.map(\.name))
            let one = try await command.run("operations", "unlock_user")
            #expect(one.output.contains("users.unlock(id)") && one.output.contains("DELETE /api/3/users/{id}/lock"))
            let unknown = try await command.run("operations", "users.unlok")
            #expect(unknown.status == 64)
            #expect(unknown.errors.contains("did you mean 'users.unlock'?"))
        }
    }

    @Test("checks runbooks: 1 with an error, 0 without")
    func check() async throws {
        try await CommandHarness.without { command in
            let bad = try command.write("runbook { needs = {} }\n\nusers.unlock(7)", to: "bad.lua")
            let good = try command.write(#"runbook { needs = { "users:unlock" } } users.unlock(7)"#, to: "good.lua")
            let refused = try await command.run("check", good, bad)
            #expect(refused.status == 1)
            #expect(refused.output.contains("bad.lua:3") && refused.output.contains("users:unlock"), "\(refused)")
            let fine = try await command.run("check", good)
            #expect(fine.status == 0)
            #expect(fine.output == "")
            let test = try command.write("test \"it\" {}", to: "good_test.lua")
            #expect(try await command.run("check", good, test).status == 0)
            let alone = try await command.run("check", test)
            #expect(alone.status == 64)
            #expect(alone.errors.contains("'runbook test'"), "\(alone.errors)")
            let document = try JSONValue(parsing: try await command.run("check", bad, "--json").output)
            #expect(document["ok"] == false)
            #expect(document["findings"]?.arrayValue?.first?["line"] == 3)
        }
    }

    @Test("lists the runbooks with their manifests")
    func list() async throws {
        try await CommandHarness.without { command in
            try command.write(
                #"runbook { title = "One", needs = { "users:read" }, params = { id = { type = "integer" } } } users.get(1)"#,
                to: "one.lua")
            let listed = try await command.run("list", "--json")
            #expect(listed.status == 0, "\(listed.errors)")
            let entries = try #require(try JSONValue(parsing: listed.output).arrayValue)
            let one = try #require(entries.first { $0["name"] == "one" })
            #expect(one["title"] == "One")
            #expect(one["needs"] == ["users:read"])
            #expect(one["params"]?.arrayValue?.first?["type"] == "integer")

            try command.write("runbook { titel = 1 }", to: "two.lua")
            let broken = try await command.run("list")
            #expect(broken.status == 1)
            #expect(broken.output.contains("One") && broken.output.contains("titel"), "\(broken.output)")
        }
    }

    @Test("simulates a console until SIGTERM, and prints one line of JSON")
    func simulate() async throws {
        try await CommandHarness.without { command in
            let process = try command.start("simulate", "--users", "12")
            try await process.wait(for: "\n", on: .output)
            let info = try JSONValue(parsing: process.output)
            var client = command
            client.environment["RUNBOOK_CONSOLE_URL"] = info["url"]?.stringValue
            client.environment["RUNBOOK_CONSOLE_USER"] = info["user"]?.stringValue
            client.environment["RUNBOOK_CONSOLE_PASSWORD"] = info["password"]?.stringValue
            let page = try await client.run("call", "users.page", "size=500")
            #expect(page.status == 0, "\(page.errors)")
            #expect(try JSONValue(parsing: page.output).arrayValue?.count == 13, "\(page.errors)")
            process.send(SIGTERM)
            let outcome = await process.outcome
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.split(separator: "\n").count == 1)
        }
    }

    @Test("becomes the simulator's program, with its own process id and signal mask, and all arguments")
    func simulateInItsPlace() async throws {
        try await CommandHarness.without { command in
            let process = try command.start("simulate", "--users", "3", "--seed=2", "--tls")
            try await process.wait(for: "\n", on: .output)
            let program = LocalFiles().resolve("/proc/\(process.identifier)/exe") ?? ""
            #expect(program.hasSuffix("/runbook-simulator"), "\(program)")
            let status = try #require(try LocalFiles().read("/proc/\(process.identifier)/status", limit: 64 << 10))
            let blocked = String(decoding: status, as: UTF8.self).split(separator: "\n")
                .first { $0.hasPrefix("SigBlk:") }
            #expect(blocked?.hasSuffix("\t0000000000000000") == true, "\(blocked ?? "")")
            let info = try JSONValue(parsing: process.output)
            #expect(info["url"]?.stringValue?.hasPrefix("https://") == true)
            process.send(SIGTERM)
            #expect(await process.outcome.status == 0)
        }
    }

    @Test("says what is missing when runbook-simulator is not beside it")
    func simulatorMissing() async throws {
        try await CommandHarness.without { command in
            let alone = try command.programAlone()
            let outcome = try await command.start("simulate", "--users", "3", program: alone).outcome
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains(
                    "/runbook-simulator could not be started: it does not exist. Install runbook-simulator beside runbook."
                ),
                "\(outcome.errors)")
            #expect(outcome.output == "")
            // It answers for itself all the same.
            #expect(try await command.start("simulate", "--help", program: alone).outcome.status == 0)
            #expect(try await command.start("simulate", "--usres", "3", program: alone).outcome.status == 64)
        }
    }

    @Test("says what is wrong with the simulator's flags, with 64")
    func simulateUsage() async throws {
        try await CommandHarness.without { command in
            for arguments in [
                ["--users", "0"], ["--locked", "2"], ["--fault", "503=2"], ["--fault", "404=0.1"], ["--latency", "x"],
                ["--port", "70000"],
            ] {
                let outcome = try await CommandProcess(
                    ["simulate"] + arguments, environment: command.environment, directory: command.directory,
                    program: CommandProcess.program
                ).outcome
                #expect(outcome.status == 64, "\(arguments)")
                #expect(outcome.errors.contains(arguments[0]), "\(outcome.errors)")
                #expect(outcome.output == "")
            }
        }
    }
}

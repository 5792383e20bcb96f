import ConsoleSimulator
import FoundationEssentials
import Glibc
import Operations
import RunbookHost
import Testing

@testable import runbook

/// Every command that runs something, where runbooks must be signed.
@Suite("Where runbooks must be signed")
struct SignedRunTests {
    private static let source = "runbook { needs = { 'users:access' } }\nusers.set_sites(3, { 2 })\nreturn 1"
    private static let small = SimulatorConfiguration(users: 5)

    /// Runs `body` with a runbook, and a key `ada` that is listed.
    private func with(
        _ requirement: SignatureRequirement, _ configuration: SimulatorConfiguration = small,
        _ body: (CommandHarness, _ file: String, SimulatorInfo) async throws -> Void
    ) async throws {
        try await CommandHarness.with(configuration) { harness, info in
            try harness.demand(requirement, keys: [try await harness.makeKey("ada")])
            try await body(harness, try harness.write(Self.source, to: "off.lua"), info)
        }
    }

    private func sign(_ file: String, _ harness: CommandHarness) async throws {
        let signed = try await harness.run("sign", file, "--key", "ada")
        #expect(signed.status == 0, "\(signed.errors)")
    }

    @Test("run and plan are denied, say why, and leave it in the audit log")
    func running() async throws {
        try await with(.all) { harness, file, info in
            for command in ["run", "plan"] {
                let refused = try await harness.run(command, file)
                #expect(refused.status == 4 && refused.output.isEmpty)
                #expect(refused.errors.contains("there is no signature beside it (\(file).sig)"), "\(refused.errors)")
                #expect(refused.errors.contains("'runbook sign \(file)'"))
            }
            let audit = try await harness.run("audit", "export")
            #expect(audit.output.split(separator: "\n").count { $0.contains("\"kind\":\"denied\"") } == 2)
            let json = try await harness.run("run", file, "--json")
            #expect(json.status == 4)
            #expect(try JSONValue(parsing: json.output)["error"]?["kind"] == "denied")
            #expect(try await CommandHarness.ledger(info).isEmpty)
            try await sign(file, harness)
            let run = try await harness.run("run", file)
            #expect(run.status == 0 && run.output == "1\n", "\(run.errors)")
            let shown = try await harness.run("show", "last")
            #expect(shown.output.contains("signed") && shown.output.contains("with the key "))
            try harness.put(Self.source + " ", at: file)
            #expect(try await harness.run("run", "off").status == 4)
            #expect(try await CommandHarness.ledger(info).count == 1)
        }
    }

    @Test("a plan keeps its signature, and one that was refused is not used up")
    func applying() async throws {
        try await with(.all) { harness, file, info in
            let ada = try harness.read(".config/runbook/config.yaml")
            try await sign(file, harness)
            #expect(try await harness.run("plan", file, "-o", "off.plan").status == 0)
            // The file itself does not count any more.
            try harness.put("gone", at: file)
            try harness.demand(.all, keys: [try await harness.makeKey("eve")])
            let refused = try await harness.run("apply", "off.plan")
            #expect(
                refused.status == 4 && refused.errors.contains("with a key that is not listed here"),
                "\(refused.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
            try harness.put(ada, at: ".config/runbook/config.yaml")
            let applied = try await harness.run("apply", "off.plan")
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(try await CommandHarness.ledger(info).count == 1)
            // What the host makes of the journal is not signed by anybody.
            let undo = try await harness.run("undo", "last", "-o", "undo.plan")
            #expect(undo.status == 0, "\(undo.errors)")
            let undone = try await harness.run("apply", "undo.plan")
            #expect(undone.status == 0, "\(undone.errors)")
            #expect(try await CommandHarness.ledger(info).count == 2)
        }
    }

    @Test("a plan that was made before its runbook was signed is applied once that is")
    func signedAfterThePlan() async throws {
        try await with(.all) { harness, file, info in
            let all = try harness.read(".config/runbook/config.yaml")
            try harness.put("", at: ".config/runbook/config.yaml")
            #expect(try await harness.run("plan", file, "-o", "off.plan").status == 0)
            try harness.put(all, at: ".config/runbook/config.yaml")
            let refused = try await harness.run("apply", "off.plan")
            #expect(
                refused.status == 4 && refused.errors.contains("no signature beside it")
                    && refused.errors.contains("make a new plan then"), "\(refused.errors)")
            try harness.put(Self.source + " ", at: file)
            try await sign(file, harness)
            let other = try await harness.run("apply", "off.plan")
            #expect(other.status == 4, "\(other.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
            try harness.put(Self.source, at: file)
            try await sign(file, harness)
            let applied = try await harness.run("apply", "off.plan")
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(try await CommandHarness.ledger(info).count == 1)
            #expect(try await harness.run("show", "last").output.contains("with the key "))
        }
    }

    @Test("a run that was cut short is not taken up unsigned, and is once it is signed", arguments: [false, true])
    func resuming(_ isNamed: Bool) async throws {
        try await with(.none) { harness, _, info in
            let file = try harness.write(
                "runbook { needs = { 'users:access' } }\nlog.info('begun')\nsleep(2)\nusers.set_sites(3, { 2 })",
                to: "slow.lua")
            let process = try harness.start("run", file)
            try await process.wait(for: "begun")
            process.send(9)
            _ = await process.outcome
            let none = try harness.read(".config/runbook/config.yaml")
            try harness.put(none.replacing("require: none", with: "require: all"), at: ".config/runbook/config.yaml")
            let refused = try await harness.run("resume", "last")
            #expect(refused.status == 4 && refused.errors.contains("no signature beside it"), "\(refused.errors)")
            let other = try await harness.run("resume", "last", "--source", file)
            #expect(other.status == 4, "\(other.errors)")
            let source = try harness.read(file)
            try harness.put(source + " ", at: file)
            try await sign(file, harness)
            let pinned = try await harness.run("resume", "last", "--pinned")
            #expect(
                pinned.status == 4
                    && pinned.errors.contains("what has to be signed is what it began with (SHA-256 "),
                "\(pinned.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
            try harness.put(source, at: file)
            try await sign(file, harness)
            let resumed = try await harness.run(["resume", "last"] + (isNamed ? ["--source", file] : []))
            #expect(resumed.status == 0, "\(resumed.errors)")
            #expect(try await CommandHarness.ledger(info).count == 1)
        }
    }

    @Test("what is typed or called reads, and changes nothing")
    func typing() async throws {
        try await with(.all) { harness, file, info in
            let read = try await harness.run("call", "users.get", "3")
            #expect(read.status == 0 && read.output.contains("\"id\": 3"), "\(read.errors)")
            let call = try await harness.run("call", "users.unlock", "3")
            #expect(call.status == 4 && call.errors.contains("this was typed"), "\(call.errors)")
            let shown = try await harness.run("repl", "-e", "users.get(3).id")
            #expect(shown.status == 0 && shown.output == "3\n", "\(shown.errors)")
            let live = try await harness.run("repl", "--mode", "live", "--yes", "-e", "users.disable(3)")
            #expect(live.status == 4 && live.errors.contains("this was typed"), "\(live.errors)")
            let planned = try await harness.run("repl", "-e", "users.disable(3)")
            #expect(planned.status == 0 && planned.errors.contains("Nothing was sent"), "\(planned.errors)")
            // Nor does a file that is loaded, signed or not: what was typed before may have replaced what it calls.
            try await sign(file, harness)
            let loaded = try await harness.run("repl", file, "--mode", "live", "--yes", "-e", "1")
            #expect(loaded.status == 4, "\(loaded.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test("a session at a terminal does not apply what it has planned")
    func session() async throws {
        try await with(.all) { harness, _, info in
            let repl = try TerminalProcess(
                ["repl"], environment: harness.environment, directory: harness.directory)
            defer { repl.stop() }
            try await repl.wait("the prompt") { $0.last?.hasSuffix(">") == true }
            let prompt = String(repl.lines.last?.dropLast(1) ?? "")
            try await repl.enter("users.disable(3)", until: prompt)
            repl.press(".apply\r")
            try await repl.wait(for: "the changes of this session are not made")
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test("where only schedules must be signed a person runs anything")
    func byHand() async throws {
        try await with(.scheduled) { harness, file, _ in
            let run = try await harness.run("run", file)
            let call = try await harness.run("call", "users.unlock", "3")
            #expect(run.status == 0 && call.status == 0, "\(run.errors)\(call.errors)")
        }
    }

    @Test("tests need no signature: they send nothing")
    func testing() async throws {
        try await with(.all) { harness, file, info in
            try harness.write(
                """
                test "gives a site" {
                  given   = { users = { { id = 3, login = "ada" } } },
                  changes = { { "users.set_sites", 3, { 2 } } },
                  again   = "it sets the same sites once more",
                }
                """, to: "off_test.lua")
            let tested = try await harness.run("test", file)
            #expect(tested.status == 0 && tested.output.contains("ok 1 - gives a site"), "\(tested.output)")
            let ledger = try await CommandHarness.ledger(info)
            #expect(ledger.isEmpty)
        }
    }

    @Test("list and check tell how the signatures stand")
    func telling() async throws {
        try await with(.all) { harness, file, _ in
            let list = try await harness.run("list")
            #expect(list.output.contains("not signed: there is no signature beside it"))
            // Whoever may write beside a runbook must not be able to make the list look like another one.
            try harness.write("runbook { title = 'a\u{202e}b' }", to: "turned.lua")
            let hash = String(repeating: "0", count: 64)
            try harness.put(
                "runbook-signature/1\nrunbook: a\u{202e}b\u{2028}c.lua\nsha256: \(hash)\nsigned: 2026-11-22T03:12:45Z\nby: eve\n"
                    + "key: \(hash)\nsignature: \(Base64.text([UInt8](repeating: 0, count: 64)))\n",
                at: "runbooks/turned.lua.sig")
            let turned = try await harness.run("list").output
            #expect(turned.contains("turned  a\u{fffd}b\n") && turned.contains("characters that do not belong there"))
            #expect(!turned.unicodeScalars.contains("\u{202e}") && !turned.unicodeScalars.contains("\u{2028}"))
            #expect(unlink(harness.directory + "/runbooks/turned.lua") == 0)
            let check = try await harness.run("check", file)
            #expect(
                check.status == 0
                    && check.output.contains("warning: The signature does not count: there is no signature beside it"))
            try await sign(file, harness)
            #expect(try await harness.run("list").output.contains("signed with the key ada"))
            let json = try JSONValue(parsing: try await harness.run("list", "--json").output)
            #expect(json.arrayValue?.first?["signature"]?["signed"] == true)
            #expect(try await harness.run("check", file).output.isEmpty)
            try harness.demand(nil, keys: [])
            #expect(try await !harness.run("list").output.contains("signed"))
        }
    }

    // MARK: Schedules

    @Test("only a signed runbook is scheduled, edited and resumed, and it keeps its signature")
    func scheduling() async throws {
        try await with(.scheduled) { harness, file, info in
            let refused = try await harness.run("schedule", "add", "off", file, "--cron", "@daily")
            #expect(refused.status == 4 && refused.errors.contains("no signature beside it"), "\(refused.errors)")
            try await sign(file, harness)
            #expect(try await harness.run("schedule", "add", "off", file, "--cron", "@daily").status == 0)
            // It runs what was signed when it was added, wherever the files are now.
            try harness.put("changed", at: file)
            #expect(try await harness.run("schedule", "edit", "off", "--cron", "@hourly").status == 0)
            let run = try await harness.run("schedule", "run", "off")
            #expect(run.status == 0 && run.output == "1\n", "\(run.errors)")
            try harness.put(Self.source + "\n", at: file)
            let repinned = try await harness.run("schedule", "edit", "off", "--repin")
            #expect(
                repinned.status == 4 && repinned.errors.contains("changed after it was signed"), "\(repinned.errors)")
            #expect(try await CommandHarness.ledger(info).count == 1)
        }
    }

    @Test("a key that is taken off the list stops its schedules in the daemon, until they are signed anew")
    func takenOff() async throws {
        try await with(.scheduled) { harness, file, info in
            try await sign(file, harness)
            #expect(try await harness.run("schedule", "add", "off", file, "--cron", "@daily").status == 0)
            try harness.demand(.scheduled, keys: [try await harness.makeKey("eve")])
            try await harness.withDaemon {
                let run = try await harness.run("schedule", "run", "off")
                #expect(run.status == 4 && run.errors.contains("with a key that is not listed here"), "\(run.errors)")
                let stopped = try await harness.schedule("off")
                #expect(stopped["state"] == "paused")
                let advice = stopped["advice"]?.arrayValue?.first
                #expect(advice?["command"]?.stringValue?.hasSuffix("/off.lua") == true)
                #expect(advice?["command"]?.stringValue?.hasPrefix("runbook sign ") == true)
                let slot = stopped["slots"]?.arrayValue?.first
                #expect(slot?["state"] == "ran" && slot?["outcome"] == "stopped")
                #expect(slot?["reason"]?.stringValue?.contains("'runbook schedule edit off --repin'") == true)
                let resumed = try await harness.run("schedule", "resume", "off")
                #expect(resumed.status == 4 && resumed.errors.contains("not listed here"), "\(resumed.errors)")
                #expect(try await CommandHarness.ledger(info).isEmpty)
                _ = try await harness.run("sign", file, "--key", "eve")
                let repinned = try await harness.run("schedule", "edit", "off", "--repin")
                #expect(repinned.status == 0, "\(repinned.errors)")
                #expect(try await harness.run("schedule", "resume", "off").status == 0)
                let again = try await harness.run("schedule", "run", "off")
                #expect(again.status == 0 && again.output == "1\n", "\(again.errors)")
            }
            let audit = try await harness.run("audit", "export")
            #expect(audit.output.contains("\"action\":\"paused\"") && audit.output.contains("\"kind\":\"denied\""))
        }
    }

    @Test(
        "a scheduled run that was half done when its key went is gone on with once it is signed anew",
        .timeLimit(.minutes(1)))
    func halfDone() async throws {
        try await with(.scheduled) { harness, _, info in
            let file = try harness.write(
                "runbook { needs = { 'users:access' } }\nusers.set_sites(3, { 2 })\nsleep(4)\nusers.set_sites(4, { 2 })",
                to: "slow.lua")
            try await sign(file, harness)
            #expect(try await harness.run("schedule", "add", "slow", file, "--cron", "@daily").status == 0)
            try await harness.withDaemon {
                #expect(try await harness.run("schedule", "run", "slow", "--no-wait").status == 0)
                while try await CommandHarness.ledger(info).isEmpty {}
            }
            try harness.demand(.scheduled, keys: [try await harness.makeKey("eve")])
            try await harness.withDaemon {
                while try await harness.schedule("slow")["state"] != "paused" {}
                let stopped = try await harness.schedule("slow")
                let id = stopped["slots"]?.arrayValue?.first?["run"]?.stringValue ?? ""
                let advice = stopped["advice"]?.arrayValue?.compactMap { $0["command"]?.stringValue } ?? []
                #expect(
                    advice.first?.hasPrefix("runbook sign ") == true
                        && advice.dropFirst().first == "runbook resume \(id)")
                #expect(
                    stopped["slots"]?.arrayValue?.first?["reason"]?.stringValue?.contains("'runbook resume \(id)'")
                        == true)
                #expect(try await harness.run("resume", id).status == 4)
                #expect(try await harness.run("sign", file, "--key", "eve").status == 0)
                let resumed = try await harness.run("resume", id)
                #expect(resumed.status == 0, "\(resumed.errors)")
                // The first change is made twice, which does no harm, if the daemon was gone before it had noted the answer.
                let users = try await CommandHarness.ledger(info).map { $0.path.split(separator: "/").dropLast().last }
                #expect([["3", "4"], ["3", "3", "4"]].contains(users), "\(users)")
            }
        }
    }

    @Test("a daemon that reads its configuration anew runs nothing more with a key that was taken off")
    func reloaded() async throws {
        try await with(.scheduled) { harness, file, info in
            try await sign(file, harness)
            #expect(try await harness.run("schedule", "add", "off", file, "--cron", "@daily").status == 0)
            let daemon = try harness.start("serve")
            defer { daemon.send(9) }
            try await daemon.wait(for: "runs the schedules in")
            #expect(try await harness.run("schedule", "run", "off").status == 0)
            try harness.demand(.scheduled, keys: [])
            daemon.send(1)
            try await daemon.wait(for: "the configuration was read anew")
            let run = try await harness.run("schedule", "run", "off")
            #expect(run.status == 4 && run.errors.contains("No key is listed"), "\(run.errors)")
            #expect(try await CommandHarness.ledger(info).count == 1)
        }
    }
}

import FoundationEssentials
import Operations
import RunbookHost
import Testing

@testable import RunbookStore
@testable import runbook

@Suite("The command: audit checkpoint and audit key")
struct AuditCheckpointCommandTests {
    @Test("signs how the log ends, gives it to a file, and verify confirms it")
    func file() async throws {
        try await AuditHarness.with(lines: 10) { harness in
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl } }")
            let missing = try await harness.audit("verify")
            #expect(missing.status == 0 && missing.errors.contains("there are no checkpoints in"))
            let made = try await harness.audit("checkpoint")
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.output.hasPrefix("line 10 of the audit log is signed; the checkpoint was given to "))
            #expect(permissions("\(harness.command.directory)/kept.jsonl") == 0o600)
            let json = try await harness.audit("checkpoint", "--json")
            let second = try #require(AuditCheckpoint(parsing: Array(json.output.dropLast().utf8)))
            #expect(second.sequence == 11)
            #expect(
                try harness.read("kept.jsonl").split(separator: UInt8(ascii: "\n")).last.map(Array.init) == second.text)

            let outcome = try await harness.audit("verify")
            #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(outcome.output.contains("2 checkpoints are confirmed, the last for line 11"))
            #expect(outcome.output.contains("1 line is newer than that"))
            // The log says that it was signed.
            let last = try JSONValue(parsing: try #require(try await harness.lines().last).text)
            #expect(last["event"] == "checkpoint" && last["checkpoint"] == 11 && last["outcome"] == "done")
            #expect(last["key"]?.stringValue == second.key)
        }
    }

    @Test("lets verify notice a tail that was cut off, and a log that was written anew, in the database and in files")
    func cutOff() async throws {
        try await AuditHarness.with(lines: 10) { harness in
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl } }")
            _ = try await harness.audit("checkpoint")
            let lines = try await harness.lines()
            // Somebody with the database removes the tail and what is remembered of it.
            try harness.alter("DELETE FROM audit WHERE sequence > 6")
            try harness.alter("UPDATE audit_head SET sequence = 6, hash = ?", .text(lines[5].hash))
            #expect(try await harness.verify().fault == nil)
            let cut = try await harness.audit("verify")
            #expect(cut.status == 7)
            #expect(cut.errors.contains("the log ends with line 6, and the checkpoint on "), "\(cut.errors)")
            #expect(cut.errors.contains("was signed for line 10: lines 7 to 10 were cut off"))
            // Then the program itself goes on behind it, as if nothing had been.
            try await harness.add(70...79)
            #expect(try await harness.verify().fault == nil)
            let anew = try await harness.audit("verify")
            #expect(anew.status == 7 && anew.errors.contains("line 10 is not the one that the checkpoint on "))

            let end: [UInt8] = [UInt8(ascii: "\n")]
            try harness.write(Array(lines[..<8].map { $0.text + end }.joined()), to: "short.jsonl")
            #expect(try await harness.audit("verify", "short.jsonl").status == 7)
            #expect(try await harness.audit("verify", "short.jsonl", "--no-checkpoints").status == 0)
        }
    }

    @Test("lets verify name checkpoints that were forged, altered, or signed with another key")
    func forgedCheckpoints() async throws {
        try await AuditHarness.with(lines: 10) { harness in
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl } }")
            _ = try await harness.audit("checkpoint")
            let key = try await harness.audit("key").output.split(separator: "\n")[0]
            let kept = try harness.read("kept.jsonl")
            let text = String(decoding: kept, as: UTF8.self)
            for (other, words) in [
                (text.replacing("\"sequence\":10", with: "\"sequence\":11"), "its signature does not fit what it says"),
                (text + "nonsense\n", "line 2 of the checkpoints in"), (" " + text, "it was altered or cut off"),
            ] {
                #expect(other != text)
                try harness.write(Array(other.utf8), to: "kept.jsonl")
                let outcome = try await harness.audit("verify")
                #expect(outcome.status == 7 && outcome.errors.contains(words), "\(outcome.errors)")
                #expect(outcome.errors.contains("the audit log fits together, and what should prove it does not"))
            }
            try harness.write(kept, to: "kept.jsonl")
            // Whoever rewrites the log may make a new key; the operator has the old one.
            try FileManager.default.removeItem(atPath: harness.command.directory + "/state/keys/audit")
            let without = try await harness.audit("verify")
            #expect(without.status == 64 && without.errors.contains("no key in "), "\(without.errors)")
            #expect(try await harness.audit("verify", "--key", String(key)).status == 0)
            let other = try await harness.audit("key").output.split(separator: "\n")[0]
            #expect(other != key)
            let foreign = try await harness.audit("verify")
            #expect(foreign.status == 7 && foreign.errors.contains("was signed with another key"))
            let wrong = try await harness.audit("verify", "--key", "AAAA")
            #expect(wrong.status == 64 && wrong.errors.contains("--key is no public key"))
        }
    }

    @Test("lets verify believe checkpoints of before the key was changed, if it is told that key")
    func formerKey() async throws {
        try await AuditHarness.with(lines: 10) { harness in
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl } }")
            _ = try await harness.audit("checkpoint")
            let old = try await harness.audit("key").output.split(separator: "\n")[0]
            try FileManager.default.removeItem(atPath: harness.command.directory + "/state/keys/audit")
            _ = try await harness.audit("checkpoint")
            let new = try await harness.audit("key").output.split(separator: "\n")[0]
            #expect(old != new)
            #expect(try await harness.audit("verify").status == 7)
            for key in [old, new] {
                let outcome = try await harness.audit("verify", "--key", String(key))
                #expect(outcome.status == 7 && outcome.errors.contains("was signed with another key"))
            }
            let both = try await harness.audit("verify", "--key", String(old), "--key", String(new))
            #expect(both.status == 0 && both.output.contains("2 checkpoints are confirmed"), "\(both.errors)")

            try harness.configure(
                "audit: { checkpoint: { file: ~/kept.jsonl }, former_keys: ['\(old)'] }")
            let configured = try await harness.audit("verify")
            #expect(configured.status == 0 && configured.output.contains("2 checkpoints are confirmed"))
            // Whoever has the former key can no more sign with it.
            let kept = try harness.read("kept.jsonl")
            try harness.write(kept + kept.prefix { $0 != UInt8(ascii: "\n") } + [UInt8(ascii: "\n")], to: "kept.jsonl")
            let forged = try await harness.audit("verify")
            #expect(forged.status == 7 && forged.errors.contains("line 3 of the checkpoints"), "\(forged.errors)")
            #expect(forged.errors.contains("with a key that another one had replaced before"))
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl }, former_keys: [AAAA] }")
            let wrong = try await harness.audit("verify")
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("config.yaml:1: an element of audit.former_keys is no public key"))
        }
    }

    @Test("lets verify notice a checkpoint that was removed from where it was kept")
    func removedCheckpoint() async throws {
        try await AuditHarness.with(lines: 10) { harness in
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl } }")
            _ = try await harness.audit("checkpoint")
            let one = try harness.read("kept.jsonl")
            _ = try await harness.audit("checkpoint")
            try harness.write(one, to: "kept.jsonl")
            let outcome = try await harness.audit("verify")
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("the log says that a checkpoint of its line 11 was given away"))
        }
    }

    @Test("gives the checkpoint to a program, one line on its standard input")
    func program() async throws {
        try await AuditHarness.with(lines: 3) { harness in
            // Read by the shell, not started itself: another test may just be starting a program, which then has it open for
            // writing still.
            let script = try harness.write(Array("echo taken\ncat > \"$HOME/$1\"\n".utf8), to: "take")
            try harness.configure("audit: { checkpoint: { command: [/bin/sh, \(script), taken.jsonl] } }")
            let outcome = try await harness.audit("checkpoint")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.hasPrefix("line 3 of the audit log is signed"))
            #expect(outcome.errors == "taken\n", "what it prints is not runbook's output")
            let taken = try harness.read("taken.jsonl")
            #expect(taken.last == UInt8(ascii: "\n"))
            #expect(AuditCheckpoint(parsing: taken.dropLast())?.sequence == 3)
            let confirmed = try await harness.audit("verify", "--checkpoints", "taken.jsonl")
            #expect(confirmed.status == 0 && confirmed.output.contains("1 checkpoint is confirmed, for line 3"))
        }
    }

    @Test(
        "says that a checkpoint could not be given away, and so does the log",
        arguments: [
            ("{ command: [/bin/false] }", "it failed with exit code 1"),
            ("{ command: [/bin/sh, -c, 'kill -9 $$'] }", "it was ended by signal 9"),
            ("{ command: [nosuchprogram] }", "it is not installed or not in PATH"),
            ("{ file: /nowhere/kept.jsonl }", "it does not exist"),
            ("{ file: ~/state }", "it is a folder"),
        ])
    func failure(destination: String, reason: String) async throws {
        try await AuditHarness.with(lines: 3) { harness in
            try harness.configure("audit: { checkpoint: \(destination) }")
            let outcome = try await harness.audit("checkpoint")
            #expect(outcome.status == 1 && outcome.output == "")
            #expect(outcome.errors.contains("the checkpoint of line 3 of the audit log could not be given to"))
            #expect(outcome.errors.contains(reason), "\(outcome.errors)")
            let last = try JSONValue(parsing: try #require(try await harness.lines().last).text)
            #expect(last["outcome"] == "failed" && last["error"]?.stringValue == reason)
            // A run is not spoilt by it, but its end tells.
            let told = await AuditCheckpointer(try harness.configuration()).endRun(harness.store)
            #expect(told?.contains(reason) == true)
        }
    }

    @Test("ends a program that does not end by itself")
    func patience() throws {
        let program = CheckpointProgram(["/bin/sleep", "600"], environment: [:], timeout: .milliseconds(50))
        #expect(throws: FileFailure("it did not end within 0 s")) { try program.take([1]) }
    }

    @Test("reads no key and touches nothing where nothing is configured")
    func unconfigured() async throws {
        try await AuditHarness.with(lines: 3) { harness in
            let checkpointer = AuditCheckpointer(try harness.configuration())
            #expect(!checkpointer.isConfigured)
            #expect(await checkpointer.endRun(harness.store) == nil)
            #expect(try await harness.lines().count == 3)
            #expect(LocalFiles().status(harness.command.directory + "/state/keys") == nil)
            let outcome = try await harness.audit("checkpoint")
            #expect(outcome.status == 64 && outcome.errors.contains("no place is configured"))
        }
    }

    @Test("has nothing to sign where nothing was written")
    func empty() async throws {
        try await AuditHarness.with(lines: 0) { harness in
            try harness.configure("audit: { checkpoint: { file: ~/kept.jsonl } }")
            let outcome = try await harness.audit("checkpoint")
            #expect(outcome.status == 64 && outcome.errors.contains("the audit log has no line yet"))
            #expect(LocalFiles().status(harness.store.path) == nil)
        }
    }

    @Test("adds a checkpoint behind a line that was cut off")
    func brokenFile() async throws {
        try await AuditHarness.with(lines: 3) { harness in
            let path = try harness.write(Array("{\"for".utf8), to: "kept.jsonl")
            try CheckpointFile(path: path).append(Array("whole".utf8))
            try CheckpointFile(path: path).append(Array("next".utf8))
            #expect(try harness.read("kept.jsonl") == Array("{\"for\nwhole\nnext\n".utf8))
        }
    }

    @Test("ends every run that wrote lines with a checkpoint, and spoils no run", arguments: [true, false])
    func run(canBeGiven: Bool) async throws {
        try await CommandHarness.with { command, _ in
            let harness = AuditHarness(
                command: command, store: SQLiteStore(path: command.directory + "/state/runbook.db"))
            try harness.configure("audit: { checkpoint: { file: ~/\(canBeGiven ? "" : "nowhere/")kept.jsonl } }")
            let runbook = try command.write("runbook { needs = { \"users:read\" } } return users.get(1).id")
            let outcome = try await command.run("run", runbook, "--state", "state")
            #expect(outcome.status == 0 && outcome.output == "1\n", "\(outcome.errors)")
            #expect(outcome.errors.contains("could not be given to") == !canBeGiven)
            let lines = try await harness.lines()
            let last = try JSONValue(parsing: try #require(lines.last).text)
            #expect(last["event"] == "checkpoint" && last["outcome"] == (canBeGiven ? "done" : "failed"))
            #expect(last["checkpoint"] == .integer(Int64(lines.count - 1)))
            let verified = try await harness.audit("verify")
            #expect(verified.status == 0)
            #expect(verified.output.contains("1 checkpoint is confirmed, for line \(lines.count - 1)") == canBeGiven)
            await harness.store.close()
        }
    }

    // MARK: The key

    @Test("makes one key, for the user alone, and shows its public half")
    func key() async throws {
        try await AuditHarness.with(lines: 0) { harness in
            let first = try await harness.audit("key")
            #expect(first.status == 0, "\(first.errors)")
            let lines = first.output.split(separator: "\n")
            let key = try #require(AuditPublicKey(base64: String(lines[0])))
            #expect(lines[1] == "SHA-256 \(key.fingerprint)")
            let path = harness.command.directory + "/state/keys/audit"
            #expect(permissions(path) == 0o600)
            #expect(permissions(harness.command.directory + "/state/keys") == 0o700)
            let json = try JSONValue(parsing: try await harness.audit("key", "--json").output)
            #expect(
                json == [
                    "public_key": .string(key.base64), "fingerprint": .string(key.fingerprint), "path": .string(path),
                ])
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: harness.command.directory + "/state/keys") == [
                    "audit"
                ])
        }
    }

    @Test("is not used if others may have it, or it is none")
    func unsafeKey() async throws {
        try await AuditHarness.with(lines: 0) { harness in
            _ = try await harness.audit("key")
            let path = harness.command.directory + "/state/keys/audit"
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            let open = try await harness.audit("key")
            #expect(open.status == 1 && open.errors.contains("others on this machine may read or replace the key"))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            try harness.write([1, 2, 3], to: "state/keys/audit")
            let short = try await harness.audit("key")
            #expect(short.status == 1 && short.errors.contains("should hold a key of 32 bytes and does not"))
        }
    }

    @Test("is one and the same for all who make it at once")
    func keyAtOnce() async throws {
        try await withTemporaryDirectory { directory in
            let file = KeyFile.audit(stateDirectory: directory + "/state")
            let keys = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<16 { group.addTask { try file.signingKeyOrNew().publicKey.base64 } }
                var keys: Set<String> = []
                for try await key in group { keys.insert(key) }
                return keys
            }
            #expect(keys.count == 1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory + "/state/keys") == ["audit"])
        }
    }

    // MARK: The configuration

    @Test("is configured in the user's own file alone, and shown with its origin")
    func configuration() throws {
        let file = try World(user: "\naudit: { checkpoint: { file: kept.jsonl } }").load()
        #expect(file.checkpoint == .file("/home/ada/.config/runbook/kept.jsonl"))
        #expect(file.entry("audit.checkpoint.file") == "/home/ada/.config/runbook/kept.jsonl < \(World.user):2")
        let command = try World(user: "audit: { checkpoint: { command: [bin/take, --secret=1] } }").load()
        #expect(command.checkpoint == .command(["/home/ada/.config/runbook/bin/take", "--secret=1"]))
        #expect(command.entry("audit.checkpoint.command") == "/home/ada/.config/runbook/bin/take < \(World.user):1")
        #expect(try World().load().entry("audit.checkpoint") == "none < default")
        #expect(try World().load().checkpoint == nil)
        #expect(
            try World(project: "audit: { checkpoint: { file: x } }").failure().contains(
                "cannot be set by a project file"))
        for (text, words) in [
            ("{ file: a, command: [b] }", "in one way"), ("{}", "in one way"), ("{ command: [] }", "names no program"),
            ("{ fiel: a }", "did you mean file?"),
        ] {
            let failure = try World(user: "audit: { checkpoint: \(text) }").failure()
            #expect(failure.contains(words), "\(failure)")
        }
    }
}

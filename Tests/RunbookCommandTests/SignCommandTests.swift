import FoundationEssentials
import Glibc
import Operations
import RunbookHost
import Testing

@testable import runbook

/// `runbook sign`.
@Suite("The command: sign")
struct SignCommandTests {
    private func permissions(_ path: String) -> UInt32? { LocalFiles().status(path)?.permissions }

    @Test("makes a key that is the user's alone, and prints the lines that list it")
    func makesAKey() async throws {
        try await CommandHarness.without { harness in
            let made = try await harness.run("sign", "--make-key", "keys/mine", "--name", "ada l.")
            #expect(made.status == 0, "\(made.errors)")
            #expect(permissions(harness.directory + "/keys/mine") == 0o600)
            #expect(try Data(contentsOf: URL(filePath: harness.directory + "/keys/mine")).count == 32)
            #expect(made.output.hasPrefix("signatures:\n  keys:\n    - ") && made.output.hasSuffix("= ada l.\n"))
            #expect(made.errors.contains("whoever has it can sign"))
            // What is printed is a configuration as it stands.
            try await harness.run("sign", "--show-key", "--key", "keys/mine", "--name", "ada l.").output
                .write(toFile: harness.directory + "/listed.yaml", atomically: true, encoding: .utf8)
            let shown = try await harness.run("config", "--config", "listed.yaml")
            #expect(shown.output.contains("signatures.keys[1]") && shown.output.contains("ada l. (SHA-256 "))
            #expect(try harness.read("listed.yaml") == made.output)
        }
    }

    @Test("never overwrites a key")
    func keepsAKey() async throws {
        try await CommandHarness.without { harness in
            _ = try await harness.makeKey("key")
            let before = try Data(contentsOf: URL(filePath: harness.directory + "/key"))
            let again = try await harness.run("sign", "--make-key", "key")
            #expect(again.status == 1 && again.output.isEmpty)
            #expect(again.errors.contains("is there already, and a key is never overwritten"))
            #expect(try Data(contentsOf: URL(filePath: harness.directory + "/key")) == before)
            try harness.put("precious", at: "other")
            #expect(try await harness.run("sign", "--make-key", "other").status == 1)
            #expect(try harness.read("other") == "precious")
        }
    }

    @Test("writes a signature beside each runbook, and tells which listed key it is of")
    func signs() async throws {
        try await CommandHarness.without { harness in
            let line = try await harness.makeKey("ada")
            let file = try harness.write("runbook { } return 1"), other = try harness.write("return 2", to: "b.lua")
            let signed = try await harness.run("sign", file, "b", "--key", "ada", "--json")
            #expect(signed.status == 0, "\(signed.errors)")
            let list = try JSONValue(parsing: signed.output).arrayValue ?? []
            #expect(list.map { $0["new"] } == [true, true])
            #expect(list.first?["signature"] == .string(file + ".sig"))
            let signature = try RunbookSignature(parsing: Array(try harness.read(file + ".sig").utf8))
            #expect(signature.runbook == "test.lua" && signature.sha256 == list.first?["sha256"]?.stringValue)
            #expect(permissions("\(harness.directory)/\(file).sig").map { $0 & 0o444 } == 0o444)
            try harness.demand(nil, keys: [line])
            let told = try await harness.run("sign", "--verify", file, other)
            #expect(told.status == 0, "\(told.errors)")
            #expect(told.output.contains("✓ \(file): signed with the key ada (SHA-256 "))
            // Once more is not another signature.
            let before = try harness.read(file + ".sig")
            let again = try await harness.run("sign", file, "--key", "ada")
            #expect(again.output.contains("signed already") && again.errors.isEmpty)
            #expect(try harness.read(file + ".sig") == before)
        }
    }

    @Test("tells what is wrong with a signature")
    func verifies() async throws {
        try await CommandHarness.without { harness in
            let ada = try await harness.makeKey("ada")
            _ = try await harness.makeKey("eve")
            try harness.demand(nil, keys: [ada])
            let file = try harness.write("runbook { } return 1")
            func problem() async throws -> String {
                let told = try await harness.run("sign", "--verify", file, "--json")
                #expect(told.status == 1)
                return try JSONValue(parsing: told.output).arrayValue?.first?["problem"]?.stringValue ?? ""
            }
            #expect(try await problem() == "there is no signature beside it (\(file).sig)")
            let other = try harness.write("runbook { } return 3", to: "other_one.lua")
            let byEve = try await harness.run("sign", file, "--key", "eve")
            #expect(byEve.errors.contains("this key is not listed in signatures.keys here"))
            #expect(try await problem().hasPrefix("it was signed with a key that is not listed here"))
            _ = try await harness.run("sign", file, "--key", "ada")
            #expect(try await harness.run("sign", "--verify", file).status == 0)
            let signature = try harness.read(file + ".sig")
            // What counts is not given up for what does not, and of several files none is signed then.
            let kept = try await harness.run("sign", other, file, "--key", "eve")
            #expect(kept.status == 1 && kept.errors.contains("a signature of the listed key ada"), "\(kept.errors)")
            #expect(try harness.read(file + ".sig") == signature && !harness.exists(other + ".sig"))
            try harness.put("runbook { } return 2", at: file)
            #expect(try await problem().hasPrefix("its source was changed after it was signed"))
            try harness.put("runbook { } return 1", at: "runbooks/other.lua")
            try harness.put(signature, at: "runbooks/other.lua.sig")
            let renamed = try await harness.run("sign", "--verify", "other")
            #expect(renamed.output.contains("its signature is for test.lua"))
            for count in [4097, 1 << 20] {
                try harness.put(String(repeating: "x", count: count), at: file + ".sig")
                #expect(try await problem() == "\(file).sig is no signature: it has more than 4096 bytes")
            }
            try harness.put(String(signature.dropLast(20)), at: file + ".sig")
            #expect(try await problem().hasPrefix("\(file).sig is no signature: "))
        }
    }

    @Test("takes the key from a variable, a program or the configuration, and never from the command line")
    func takesTheKey() async throws {
        try await CommandHarness.without { harness in
            var harness = harness
            let file = try harness.write("runbook { } return 1")
            let line = try await harness.makeKey("ada")
            let key = [UInt8](try Data(contentsOf: URL(filePath: harness.directory + "/ada")))
            harness.environment["SIGNING"] = Base64.text(key)
            try harness.put("#!/bin/sh\nprintf '%s\\n' \"$SIGNING\"\n", at: "print")
            func sign(_ way: String...) async throws {
                try? FileManager.default.removeItem(atPath: "\(harness.directory)/\(file).sig")
                let signed = try await harness.run(["sign", file] + way)
                #expect(signed.status == 0, "\(way): \(signed.errors)")
                #expect(try await harness.run("sign", "--verify", file).status == 0)
            }
            try harness.demand(nil, keys: [line])
            try await sign("--key", "env:SIGNING")
            try await sign("--key", "command:/bin/sh print")
            try await sign("--key", "file:ada")
            let none = try await harness.run("sign", file)
            #expect(none.status == 64 && none.errors.contains("there is no key to sign with"))
            let named = try await harness.run("sign", file, "--key", Base64.text(key))
            #expect(named.status == 64 && named.errors.contains("never given on the command line"))
            #expect(!named.errors.contains(Base64.text(key)))
            try harness.put(
                "signatures: { keys: ['\(line)'], sign_with: { file: ../../ada } }", at: ".config/runbook/config.yaml")
            try await sign()
            chmod(harness.directory + "/ada", 0o644)
            let open = try await harness.run("sign", file)
            #expect(open.status == 1 && open.errors.contains("chmod 600"))
            #expect(open.errors.contains("take its public half out of signatures.keys"))
            #expect(!open.errors.contains("put it aside"))
        }
    }

    @Test("takes a path for a path, however many bytes it has")
    func longPath() async throws {
        try await CommandHarness.without { harness in
            var harness = harness
            let file = try harness.write("runbook { } return 1")
            let path = String(repeating: "k", count: RunbookSigningKey.size)
            _ = try await harness.makeKey("ada")
            try FileManager.default.moveItem(
                atPath: harness.directory + "/ada", toPath: "\(harness.directory)/\(path)")
            let signed = try await harness.run("sign", file, "--key", path)
            #expect(signed.status == 0 && harness.exists(file + ".sig"), "\(signed.errors)")
            // Nor is any word of that length a key.
            harness.environment["WORD"] = path
            let word = try await harness.run("sign", file, "--key", "env:WORD")
            #expect(word.status == 64 && word.errors.contains("is no key to sign with"), "\(word.errors)")
            #expect(!word.errors.contains(path))
        }
    }

    @Test("passes over tests, which a shell's pattern names too")
    func tests() async throws {
        try await CommandHarness.without { harness in
            let line = try await harness.makeKey("ada")
            try harness.demand(nil, keys: [line])
            let file = try harness.write("runbook { } return 1"), test = try harness.write("", to: "test_test.lua")
            #expect(try await harness.run("sign", file, test, "--key", "ada").status == 0)
            #expect(harness.exists(file + ".sig") && !harness.exists(test + ".sig"))
            #expect(try await harness.run("sign", "--verify", file, test).status == 0)
            let alone = try await harness.run("sign", test, "--key", "ada")
            #expect(alone.status == 64 && alone.errors.contains("only tests are named"))
        }
    }

    @Test("signs all or none of what cannot be read, and says what it needs")
    func refuses() async throws {
        try await CommandHarness.without { harness in
            _ = try await harness.makeKey("ada")
            let file = try harness.write("runbook { } return 1")
            let missing = try await harness.run("sign", file, "nosuch.lua", "--key", "ada")
            #expect(missing.status == 64 && missing.errors.contains("nosuch.lua cannot be read"))
            #expect(!harness.exists(file + ".sig"))
            for (arguments, message) in [
                (["sign"], "Name the runbooks"), (["sign", "--make-key", "k", file], "in a second step"),
                (["sign", "--verify", "--show-key", file], "Give one of"),
                (["sign", "--verify", file, "--key", "ada"], "--key is for signing"),
                (["sign", "--make-key", "k", "--name", "a: b"], "--name takes letters"),
            ] {
                let refused = try await harness.run(arguments)
                #expect(refused.status == 64 && refused.errors.contains(message), "\(refused.errors)")
            }
            #expect(!harness.exists("k"))
        }
    }
}

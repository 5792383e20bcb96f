import CommandSupport
import FoundationEssentials
import Glibc
import Operations
import Testing

@testable import runbook

/// What `runbook test` writes if it cannot do what was asked for, or a file among others is wrong.
@Suite("The command: test, and what is wrong with its files")
struct TestCommandRefusalTests {
    private static let good = "test \"it\" { result = 1 }"

    /// Runs `body` with a runbook that answers 1, and its tests.
    private func withTests(_ body: (CommandHarness) async throws -> Void) async throws {
        try await CommandHarness.without { command in
            try command.write("runbook {}\nreturn 1", to: "one.lua")
            try command.write(Self.good, to: "one_test.lua")
            try await body(command)
        }
    }

    private func text(_ name: String, _ command: CommandHarness) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: "\(command.directory)/\(name)")), as: UTF8.self)
    }

    @Test("a file without tests fails beside others")
    func empty() async throws {
        try await withTests { command in
            try command.write("runbook {}", to: "two.lua")
            try command.write("-- nothing yet", to: "two_test.lua")
            let outcome = try await command.run("test", "runbooks")
            #expect(outcome.status == 1)
            #expect(
                outcome.output.hasSuffix(
                    """
                    # runbooks/two_test.lua
                    not ok 5 - the test file
                      ---
                      at: "runbooks/two_test.lua:1"
                      message: "runbooks/two_test.lua has no tests: write test \\"what it does\\" { … }"
                      ...
                    1..5

                    """), "\(outcome.output)")
            // Who asks for some tests is not told of files that have none of them.
            let filtered = try await command.run("test", "runbooks", "--filter", "it")
            #expect(filtered.status == 0 && filtered.output.hasSuffix("1..4\n"), "\(filtered.output)")
        }
    }

    @Test("tests without their runbook fail, and the others are run")
    func orphan() async throws {
        try await withTests { command in
            try command.write(Self.good, to: "gone_test.lua")
            let folder = "\(command.directory)/runbooks/c_test.lua"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let outcome = try await command.run("test", "runbooks", "--junit", "r.xml")
            #expect(outcome.status == 1)
            #expect(
                outcome.output.contains(
                    "message: \"runbooks/gone_test.lua tests runbooks/gone.lua, and there is no such runbook: put the tests "
                        + "beside it\""), "\(outcome.output)")
            #expect(outcome.output.contains("ok 2 - it\n") && outcome.output.hasSuffix("1..5\n"), "\(outcome.output)")
            #expect(try text("r.xml", command).contains("tests=\"5\" failures=\"1\""))
            // Whoever names a file means it.
            let named = try await command.run("test", "runbooks", "runbooks/gone_test.lua")
            #expect(named.status == 64 && !named.output.contains("ok 1"), "\(named.output)")
        }
    }

    @Test("a file is run once however it is spelt, and has its own name in another folder")
    func namesOfFiles() async throws {
        try await withTests { command in
            for name in ["one.lua", "one_test.lua"] {
                let source = try text("runbooks/\(name)", command)
                try FileManager.default.createDirectory(
                    atPath: "\(command.directory)/runbooks/sub", withIntermediateDirectories: true)
                try command.write(source, to: "sub/\(name)")
            }
            let outcome = try await command.run(
                "test", "runbooks", "./runbooks", "runbooks/../runbooks/one.lua", command.directory + "/runbooks",
                "--junit", "r.xml")
            #expect(outcome.status == 0)
            #expect(outcome.output.hasSuffix("1..8\n"), "\(outcome.output)")
            let report = try text("r.xml", command)
            #expect(report.contains("<testsuite name=\"runbooks/one_test\""))
            #expect(report.contains("<testsuite name=\"runbooks/sub/one_test\""))
            #expect(report.contains("<testcase classname=\"runbooks/sub/one_test\" name=\"it\""))
        }
    }

    @Test(
        "what cannot be run is told in every form",
        arguments: [
            (["runbooks", "--filter", "zzz"], "the one test there is has no 'zzz' in its name"),
            (["runbooks/none.lua"], "runbooks/none.lua cannot be read"),
            (["--from-run", "last"], "run"), (["runbooks", "--from-run", "last"], "run"),
        ])
    func refusals(arguments: [String], message: String) async throws {
        try await withTests { command in
            let outcome = try await command.run("test", "runbooks", "--junit", "r.xml")
            #expect(outcome.status == 0)
            #expect(try text("r.xml", command).contains("<testcase"))

            let refused = try await command.run(["test"] + arguments + ["--junit", "r.xml"])
            #expect(refused.status == 64)
            #expect(refused.output.hasPrefix("TAP version 14\n"))
            let last = refused.output.split(separator: "\n").last ?? ""
            #expect(last.hasPrefix("Bail out! ") && last.contains(message), "\(refused.output)")
            #expect(refused.errors.contains(message), "\(refused.errors)")
            let report = try text("r.xml", command)
            #expect(MarkupCheck(report).fault == nil && !report.contains("<testcase"), "\(report)")

            let document = try await command.run(["test"] + arguments + ["--json"])
            #expect(document.status == 64)
            let json = try JSONValue(parsing: document.output)
            #expect(json["ok"] == false && json["tests"] == [])
            #expect(json["error"]?.stringValue?.contains(message) == true)
        }
    }

    @Test("a folder for the results that is not there is told before anything is run")
    func noFolder() async throws {
        try await withTests { command in
            let outcome = try await command.run("test", "runbooks", "--junit", "none/r.xml")
            #expect(outcome.status == 64)
            #expect(!outcome.output.contains("ok 1"))
            #expect(
                outcome.errors.contains(
                    "r.xml: there is no folder \(command.directory)/none; make it, or name another file"),
                "\(outcome.errors)")
            let folder = try await command.run("test", "runbooks", "--junit", "runbooks")
            #expect(folder.status == 64)
            #expect(folder.errors.contains("it is a folder; name a file"))
        }
    }

    @Test("a recorded run is replayed with the runbook of a test file, and with no folder")
    func recordedRuns() async throws {
        try await CommandHarness.with { command, _ in
            let path = try command.write("runbook {}\nsleep(0)\nreturn 1", to: "one.lua")
            try command.write(Self.good, to: "one_test.lua")
            let run = try await command.run("run", path)
            #expect(run.status == 0, "\(run.errors)")
            let replay = try await command.run("test", "runbooks/one_test.lua", "--from-run", "last")
            #expect(replay.status == 0, "\(replay.output)\(replay.errors)")
            let folder = try await command.run("test", "runbooks", "--from-run", "last")
            #expect(folder.status == 64)
            #expect(
                folder.errors.contains(
                    "--from-run replays a run with one runbook, and runbooks is a folder: name the runbook"))
        }
    }

    @Test("what YAML does not know is replaced in TAP")
    func noncharacters() async throws {
        try await withTests { command in
            try command.write(
                "test \"it\" { check = function() error(\"a\\u{fffe}b\\u{ffff}\", 0) end }", to: "one_test.lua")
            let outcome = try await command.run("test", "runbooks")
            #expect(outcome.output.contains("found: \"a\u{fffd}b\u{fffd}\""), "\(outcome.output)")
        }
    }
}

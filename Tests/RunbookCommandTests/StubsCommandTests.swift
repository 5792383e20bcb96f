import FoundationEssentials
import Glibc
import Operations
import Testing

@testable import runbook

@Suite("The command: stubs")
struct StubsCommandTests {
    @Test("writes the files once, and then only what has changed")
    func idempotent() async throws {
        try await CommandHarness.without { command in
            let first = try await command.run("stubs", "lua/stubs")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.errors == "")
            let names = Stubs().make().files.map(\.name)
            let lines = names.map { "wrote lua/stubs/\($0)\n" } + ["wrote lua/stubs/.luarc.json\n"]
            #expect(first.output == lines.joined())
            let folder = command.directory + "/lua/stubs"
            #expect(try Self.files(folder) == Set(names + [".luarc.json"]))
            let before = try Self.contents(folder)

            let second = try await command.run("stubs", "lua/stubs")
            #expect(second.output == "nothing to write: 8 files are as they should be\n")
            #expect(try Self.contents(folder) == before)

            // What somebody changed in a file with the mark is made anew.
            let changed = "\(StubFile.mark)\n-- mine\n"
            try Data(changed.utf8).write(to: URL(filePath: folder + "/roles.lua"))
            let third = try await command.run("stubs", "lua/stubs/")
            #expect(third.output == "wrote lua/stubs/roles.lua\n")
            #expect(try Self.contents(folder) == before)
        }
    }

    @Test("leaves alone what it did not write, and then writes nothing at all")
    func foreign() async throws {
        try await CommandHarness.without { command in
            let folder = command.directory + "/stubs"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data("return 1\n".utf8).write(to: URL(filePath: folder + "/twofa.lua"))
            let outcome = try await command.run("stubs", "stubs")
            #expect(outcome.status == 64)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("stubs/twofa.lua is there already"), "\(outcome.errors)")
            #expect(try Self.contents(folder) == ["twofa.lua": "return 1\n"])
        }
    }

    @Test("refuses folders that cannot be written to, with 64")
    func badFolders() async throws {
        try await CommandHarness.without { command in
            try Data().write(to: URL(filePath: command.directory + "/file"))
            for (folder, reason) in [
                ("", "name is empty"), ("file", "it is a file"), ("file/stubs", "not a folder"),
                ("/proc/none/stubs", "/proc/none/stubs"),
            ] {
                let outcome = try await command.run("stubs", folder)
                #expect(outcome.status == 64, "\(folder)")
                #expect(outcome.errors.contains(reason), "\(folder): \(outcome.errors)")
                #expect(outcome.output == "")
            }
            #expect(try await command.run("stubs").status == 64)
        }
    }

    @Test("does not make runbooks of definition files")
    func folderOfRunbooks() async throws {
        try await CommandHarness.without { command in
            try command.write("runbook {}")
            let outcome = try await command.run("stubs", "runbooks")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("is a folder of runbooks"), "\(outcome.errors)")
            let advice = command.directory + "/runbooks/.stubs"
            #expect(outcome.errors.contains(advice), "\(outcome.errors)")
            #expect(try await command.run("stubs", advice).status == 0)
            #expect(try await command.run("list", "--json").output.contains("\"name\":\"users\"") == false)
        }
    }

    @Test("configures the folder that the editor opens, if it is not configured")
    func workspace() async throws {
        try await CommandHarness.without { command in
            let first = try await command.run("stubs", ".stubs", "--workspace", ".")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output.hasSuffix("wrote ./.luarc.json\n"), "\(first.output)")
            let place = command.directory + "/.luarc.json"
            let settings = try JSONValue(parsing: Self.content(place))
            #expect(settings["workspace.library"] == [".stubs"])
            #expect(settings["runtime.version"] == "Lua 5.4")
            #expect(settings["runtime.builtin"]?["io"] == "disable")
            #expect(try Self.files(command.directory + "/.stubs").contains(".luarc.json") == false)

            try Data("{ \"mine\": 1 }".utf8).write(to: URL(filePath: place))
            let second = try await command.run("stubs", ".stubs", "--workspace", ".")
            #expect(second.status == 0)
            #expect(try Self.content(place) == "{ \"mine\": 1 }")
            #expect(second.output.contains("./.luarc.json is there already and is left as it is"))
            #expect(second.output.contains("\"workspace.library\""), "\(second.output)")

            let elsewhere = try await command.run("stubs", "other", "--workspace", "nowhere")
            #expect(elsewhere.status == 64)
            #expect(elsewhere.errors.contains("the workspace nowhere is no folder"), "\(elsewhere.errors)")
            #expect(access(command.directory + "/other", F_OK) != 0)
        }
    }

    @Test("tells a program what it did as one JSON document")
    func json() async throws {
        try await CommandHarness.without { command in
            let first = try JSONValue(parsing: try await command.run("stubs", "stubs", "--json").output)
            let files = try #require(first["files"]?.arrayValue)
            #expect(files.count == 8)
            #expect(files.allSatisfy { $0["status"] == "written" })
            #expect(files.first?["path"] == "stubs/users.lua")
            #expect(first["configuration"]?["status"] == "written")
            let second = try JSONValue(parsing: try await command.run("stubs", "stubs", "--json").output)
            #expect(second["files"]?.arrayValue?.allSatisfy { $0["status"] == "unchanged" } == true)
            #expect(second["configuration"]?["status"] == "unchanged")
        }
    }

    @Test("needs neither a configuration that can be read nor a home")
    func needsNothing() async throws {
        try await CommandHarness.without { command in
            var command = command
            command.environment["HOME"] = nil
            try Data("targets: [".utf8).write(to: URL(filePath: command.directory + "/runbook.yaml"))
            let outcome = try await command.run("stubs", "stubs")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    private static func content(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private static func files(_ folder: String) throws -> Set<String> {
        Set(try LocalFiles.names(in: folder) ?? [])
    }

    private static func contents(_ folder: String) throws -> [String: String] {
        var contents: [String: String] = [:]
        for name in try files(folder) { contents[name] = try content("\(folder)/\(name)") }
        return contents
    }
}

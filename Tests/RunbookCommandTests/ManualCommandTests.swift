import FoundationEssentials
import Operations
import Testing

@testable import runbook

@Suite("The command: manual")
struct ManualCommandTests {
    @Test("writes the pages once, and then only what has changed")
    func idempotent() async throws {
        try await CommandHarness.without { command in
            let names = Manual.pages.map(\.fileName)
            let first = try await command.run("manual", "share/man/man1")
            #expect(first.status == 0, "\(first.errors)")
            #expect(first.output == names.map { "wrote share/man/man1/\($0)\n" }.joined())
            let folder = command.directory + "/share/man/man1"
            #expect(Set(try LocalFiles.names(in: folder) ?? []) == Set(names))
            let second = try await command.run("manual", "share/man/man1")
            #expect(second.output == "nothing to write: \(names.count) files are as they should be\n")

            try Data("\(ManualPage.mark)\n".utf8).write(to: URL(filePath: folder + "/runbook-run.1"))
            #expect(try await command.run("manual", "share/man/man1").output == "wrote share/man/man1/runbook-run.1\n")
            let document = try JSONValue(parsing: try await command.run("manual", "share/man/man1", "--json").output)
            #expect(document["files"]?.arrayValue?.count == names.count)
            #expect(document["files"]?.arrayValue?.allSatisfy { $0["status"] == "unchanged" } == true)
        }
    }

    @Test("leaves alone what it did not write, and refuses folders that are none, with 64")
    func refusals() async throws {
        try await CommandHarness.without { command in
            try Data("somebody's page\n".utf8).write(to: URL(filePath: command.directory + "/runbook-list.1"))
            let foreign = try await command.run("manual", ".")
            #expect(foreign.status == 64)
            #expect(foreign.errors.contains("./runbook-list.1 is there already"), "\(foreign.errors)")
            #expect(try LocalFiles.names(in: command.directory) == ["runbook-list.1"])
            for folder in ["", "runbook-list.1"] {
                let outcome = try await command.run("manual", folder)
                #expect(outcome.status == 64)
                #expect(outcome.output == "")
            }
        }
    }
}

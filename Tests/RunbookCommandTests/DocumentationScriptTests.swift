import FoundationEssentials
import Testing

@testable import runbook

@Suite("scripts/docs")
struct DocumentationScriptTests {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "scripts/docs").path()

    @Test("leaves a folder alone that it did not write")
    func foreignFolder() async throws {
        try await CommandHarness.without { command in
            try Data("mine\n".utf8).write(to: URL(filePath: command.directory + "/notes"))
            let outcome = try await command.start(
                Self.script, "--skip-build", "--output", ".", program: "/bin/bash"
            ).outcome
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("is no documentation, so it is left alone"), "\(outcome.errors)")
            #expect(try LocalFiles.names(in: command.directory) == ["notes"])
        }
    }

    @Test("tells how it is called", arguments: ["--help", "--output", "--unknown"])
    func usage(argument: String) async throws {
        try await CommandHarness.without { command in
            let outcome = try await command.start(Self.script, argument, program: "/bin/bash").outcome
            #expect(outcome.status == (argument == "--help" ? 0 : 64))
            let text = argument == "--help" ? outcome.output : outcome.errors
            #expect(text.hasPrefix("usage: scripts/docs [--output DIR]"), "\(text)")
        }
    }
}

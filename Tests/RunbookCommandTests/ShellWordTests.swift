import Foundation
import Testing

@testable import runbook

/// Commands that are shown to be pasted hold names that a server, a runbook or a file has.
@Suite("A word of a command line") struct ShellWordTests {
    @Test(
        "Is one word for a shell, and means the same",
        arguments: [
            "", "plain-1.lua", "two words", "it's", "'", "'\u{301}; echo gone; '", "\u{600}'; echo gone #", "$(id)",
            "`id`", "a\nb", "\\", "\"", "*", "~", "é", "e\u{301}'",
        ])
    func isOneWord(text: String) throws {
        let shell = Process(), output = Pipe()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = ["-c", "for word in \(text.shellWord); do printf '<%s>' \"$word\"; done"]
        shell.standardOutput = output
        try shell.run()
        let shown = try output.fileHandleForReading.readToEnd()
        shell.waitUntilExit()
        #expect(shown.map(Array.init) == Array("<\(text)>".utf8))
    }
}

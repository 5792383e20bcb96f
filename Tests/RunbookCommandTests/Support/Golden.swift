import FoundationEssentials
import Glibc
import Testing

/// Texts as they are to be, kept beside the tests.
enum Golden {
    /// Compares a text with the file of this name; where they differ first is said. With RUNBOOK_WRITE_GOLDEN in the
    /// environment the file is written anew instead, to be reviewed.
    static func check(
        _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = folder.appending(path: "Golden/\(name)")
        if getenv("RUNBOOK_WRITE_GOLDEN") != nil { try Data(text.utf8).write(to: file) }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        guard text != expected else { return }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let place = zip(lines, wanted).enumerated().first { $1.0 != $1.1 }?.offset ?? min(lines.count, wanted.count)
        func line(_ lines: [Substring]) -> Substring { place < lines.count ? lines[place] : "(nothing)" }
        Issue.record(
            "\(name):\(place + 1)\n  is        \(line(lines))\n  should be \(line(wanted))",
            sourceLocation: sourceLocation)
    }
}

import Foundation

/// The Swift code that pages show, as it stands in sources that are compiled with the tests.
enum Snippets {
    private static let sources = [
        "Tests/DocumentationTests/ScheduledExample.swift", "Tests/DocumentationTests/HostExample.swift",
        "Tests/DocumentationTests/JournaledExample.swift",
        "Tests/RunbookHostTests/EmbeddingExample.swift",
    ]

    /// Whether one of them has all lines of a block, one after the other.
    static func contain(_ block: Block) -> Bool {
        let wanted = words(block.text)
        return sources.contains { path in
            guard let text = try? String(contentsOfFile: "\(Page.repository)/\(path)", encoding: .utf8) else {
                return false
            }
            return !wanted.isEmpty && words(text).firstRange(of: wanted) != nil
        }
    }

    /// The lines as they are wherever they stand, without those that only say something to a reader of the source.
    private static func words(_ text: String) -> [String] {
        text.components(separatedBy: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("// ") }
    }
}

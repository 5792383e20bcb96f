import Foundation
import Testing

/// The page on the ready-made runbooks has all of them, each with its own title.
@Suite("The page on ready-made runbooks") struct ReadyMadeTests {
    @Test("Has a line for each, with its title") func isComplete() throws {
        let folder = Page.repository + "/scripts/runbooks"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".lua") && !$0.hasSuffix("_test.lua") }.sorted()
        let lines = try names.map { name in
            let source = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            let title = try #require(source.firstMatch(of: /title\s*=\s*"(.*)",\n/), "\(name) has no title")
            return "| `\(name.dropLast(4))` | \(title.1) |"
        }
        let path = Page.repository + "/Sources/runbook/runbook.docc/Ready-made.md"
        let page = try String(contentsOfFile: path, encoding: .utf8)
        #expect(page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init) == lines)
    }
}

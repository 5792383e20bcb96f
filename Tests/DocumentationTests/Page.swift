import Foundation
import Testing

/// A page of the documentation: a script, for those who know how to read it.
struct Page: Sendable, CustomTestStringConvertible {
    /// The path below the checkout.
    let path: String
    let blocks: [Block]

    /// `Tutorial`.
    var name: String { String(path.split(separator: "/").last?.dropLast(3) ?? "") }
    /// `runbook/Tutorial`; the README has no catalogue.
    var testDescription: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? parts[1] + "/" + name : name
    }

    /// The checkout that these tests belong to.
    static let repository = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()

    /// The README and every article of every catalogue.
    static func all() throws -> [Page] {
        var paths = ["README.md"]
        let sources = FileManager.default.enumerator(atPath: repository + "/Sources/.")
        let articles = (sources?.compactMap { $0 as? String } ?? []).filter {
            $0.contains(".docc/") && $0.hasSuffix(".md")
        }
        paths += articles.sorted().map { "Sources/\($0)" }
        return try paths.map { path in
            Page(path: path, text: try String(contentsOfFile: "\(repository)/\(path)", encoding: .utf8))
        }
    }

    init(path: String, blocks: [Block]) {
        self.path = path
        self.blocks = blocks
    }

    init(path: String, text: String) {
        self.path = path
        var blocks: [Block] = [], paragraph = "", lines: [String] = [], isInList = false
        var open: (indentation: Int, fence: String, language: String, number: Int)?
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
            let content = line.drop { $0 == " " }
            if open == nil, !content.isEmpty, !line.hasPrefix(" ") {
                isInList = content.prefixMatch(of: /([-*+]|\d+[.)])\s/) != nil
            }
            if let begun = open {
                if content.hasPrefix(begun.fence), content.allSatisfy({ $0 == begun.fence.first }) {
                    let file = Self.file(lines.first ?? "") ?? Self.file(before: paragraph)
                    blocks.append(
                        Block(language: begun.language, lines: lines, number: begun.number, file: file))
                    open = nil
                    paragraph = ""
                } else {
                    lines.append(String(line.dropFirst(min(begun.indentation, line.count - content.count))))
                }
            } else if content.hasPrefix("```") || content.hasPrefix("~~~") {
                let fence = String(content.prefix { $0 == content.first })
                let language = content.dropFirst(fence.count).trimmingCharacters(in: .whitespaces)
                open = (line.count - content.count, fence, language, index + 1)
                lines = []
            } else if content.wholeMatch(of: /[>*+\-0-9. ]*[> ](```|~~~).*/) != nil {
                // A block within a list's first line or a quotation would be passed over.
                blocks.append(Block(language: "not at the beginning", lines: [], number: index + 1, file: nil))
            } else if line.hasPrefix("    "), !content.isEmpty, !isInList,
                paragraph.hasSuffix("\n") || paragraph.isEmpty
            {
                // Four spaces make a block, too.
                blocks.append(Block(language: "not in a fence", lines: [], number: index + 1, file: nil))
            } else if content.isEmpty {
                // The paragraph before a block may stand behind an empty line.
                if !paragraph.hasSuffix("\n") { paragraph += "\n" }
            } else {
                paragraph = (paragraph.hasSuffix("\n") ? "" : paragraph + " ") + content
            }
        }
        if let open {
            blocks.append(Block(language: "not closed", lines: lines, number: open.number, file: nil))
        }
        self.blocks = blocks
    }

    private static func file(_ comment: String) -> String? {
        guard let match = comment.wholeMatch(of: /(?:--|#) ([\w.~\/-]+\.\w+)/) else { return nil }
        return String(match.1)
    }

    private static func file(before paragraph: String) -> String? {
        let text = paragraph.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.hasSuffix(":"), let match = text.matches(of: /`([\w.~\/-]+\.\w+)`/).last else { return nil }
        return String(match.1)
    }
}

extension Page {
    /// Whether it says how to get at a real console.
    var speaksOfConsole: Bool {
        blocks.contains { $0.text.contains("console.example.com") || $0.text.contains("api-example.xdr") }
    }

    /// Whether it begins on a machine that has no `runbook`.
    var buildsFirst: Bool { name == "Tutorial" }
}

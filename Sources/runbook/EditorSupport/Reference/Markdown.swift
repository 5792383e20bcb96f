/// A page in the Markdown that docc reads. Its title is its first line.
struct Markdown: Sendable {
    private var blocks: [String]

    /// A page with nothing but its title and a sentence that says what it is.
    init(title: String, abstract: String) { blocks = ["# \(Self.plain(title))", abstract] }

    /// The whole page.
    var text: String { blocks.joined(separator: "\n\n") + "\n" }

    /// Adds a heading.
    mutating func heading(_ text: String, level: Int = 2) {
        blocks.append(String(repeating: "#", count: level) + " " + Self.plain(text))
    }

    /// Adds a paragraph of text that is Markdown already.
    mutating func paragraph(_ markup: String) { blocks.append(markup) }

    /// Adds a table. Its cells are Markdown already, but for the lines between them.
    mutating func table(_ head: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        let lines = [head, head.map { _ in "---" }] + rows.map { $0.map(Self.cell) }
        blocks.append(lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))
    }

    /// Adds a list. Its items are Markdown already.
    mutating func list(_ items: [String]) { blocks.append(items.map { "- " + $0 }.joined(separator: "\n")) }

    /// Adds a list of words and what they mean. Both are Markdown already.
    mutating func terms(_ terms: [(term: String, meaning: String)]) {
        list(terms.map { "term \($0.term): \($0.meaning)" })
    }

    /// Adds lines of code.
    mutating func code(_ source: String, language: String = "lua") {
        blocks.append("```\(language)\n\(source)\n```")
    }

    /// Text that is shown as code.
    static func code(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        return text.contains("`") ? "`` \(text) ``" : "`\(text)`"
    }

    /// Text that means nothing but itself.
    static func plain(_ text: String) -> String {
        var plain = ""
        for character in text {
            if "\\`*_{}[]<>#|@".contains(character) { plain.append("\\") }
            plain.append(character)
        }
        return plain
    }

    /// A cell ends at a line unless that is marked, within code too.
    private static func cell(_ markup: String) -> String {
        var cell = ""
        var last: Character = " "
        for character in markup.replacing("\n", with: " ") {
            if character == "|", last != "\\" { cell.append("\\") }
            cell.append(character)
            last = character
        }
        return cell
    }
}

/// A fenced block of a page.
struct Block: Sendable {
    /// What stands behind the opening fence: `sh`, `lua`, …; empty if nothing does.
    let language: String
    let lines: [String]
    /// The line of the page that the fence stands in, from 1.
    let number: Int
    /// The file that it is the content of, by the page's own words: a first comment that is a name (`-- unlock.lua`), or
    /// the last name in backticks of the paragraph before, if that ends with a colon.
    let file: String?

    var text: String { lines.map { $0 + "\n" }.joined() }

    /// Whether it shows what a terminal shows.
    var isTranscript: Bool { ["text", "console", ""].contains(language) }
}

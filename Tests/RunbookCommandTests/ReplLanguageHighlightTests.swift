import LineEditor
import Operations
import Testing

@testable import runbook

/// What is coloured at the prompt.
struct ReplLanguageHighlightTests {
    private static let highlighter = LuaHighlighter(
        names: LuaNames(catalogue: .standard), commands: ["mode", "load", "json"], codeCommands: ["json"])

    /// The text with a letter before each coloured part: k keyword, c constant, s string, r comment, n known, d command,
    /// u unknown; and `-` where brackets match nothing.
    private static func marked(_ text: String) -> String {
        let theme = LuaTheme()
        let letters: [Style: String] = [
            theme.keyword: "k", theme.constant: "c", theme.string: "s", theme.comment: "r", theme.known: "n",
            theme.command: "d", theme.unknown: "u", .plain: "p",
        ]
        let bytes = Array(text.utf8)
        return highlighter.spans(text).map { span in
            "\(letters[span.style] ?? "?")\(span.isCode ? "" : "-")⟨\(String(decoding: bytes[span.range], as: UTF8.self))⟩"
        }.joined(separator: " ")
    }

    @Test(arguments: [
        ("local x = nil", "k⟨local⟩ c⟨nil⟩"), ("x = 1 .. \"a(\" -- b(", "c⟨1⟩ s-⟨\"a(\"⟩ r-⟨-- b(⟩"),
        ("users.unlock(7)", "n⟨users⟩ n⟨unlock⟩ c⟨7⟩"), ("users.unlokc(7)", "n⟨users⟩ c⟨7⟩"),
        ("x.users.unlock(7)", "c⟨7⟩"), ("u.print()", ""), ("print(users)", "n⟨print⟩ n⟨users⟩"),
        ("users.each { role = role, params = 1, users = users }", "n⟨users⟩ n⟨each⟩ c⟨1⟩ n⟨users⟩"),
        ("users = 1", "n⟨users⟩ c⟨1⟩"), ("string.rep('a', 2)", "n⟨string⟩ n⟨rep⟩ s-⟨'a'⟩ c⟨2⟩"),
        ("users -- c\n.get", "n⟨users⟩ r-⟨-- c⟩ n⟨get⟩"), ("users.get.x", "n⟨users⟩ n⟨get⟩"), ("users:get", "n⟨users⟩"),
        ("ä = !", "u⟨ä⟩ u⟨!⟩"), ("x = \"open", "s-⟨\"open⟩"),
        (".mode live", "d-⟨.mode⟩ p-⟨ live⟩"), ("  .mdoe live", "p-⟨ live⟩"),
        (".json users.get(7)", "d-⟨.json⟩ n⟨users⟩ n⟨get⟩ c⟨7⟩"),
        (".mode", "d-⟨.mode⟩"), ("?users.unlock", "d-⟨?⟩ n⟨users⟩ n⟨unlock⟩"),
        ("??nobody", "d-⟨?⟩ d-⟨?⟩"), ("users.get?", "n⟨users⟩ n⟨get⟩ d-⟨?⟩"), ("", ""), ("  ", ""),
    ]) func partsAreColouredByWhatTheyAre(text: String, marked: String) {
        #expect(Self.marked(text) == marked)
    }

    @Test func spansAreInOrderAndInsideTheText() {
        for text in [
            "é.mode", ".é", "? é", "f(\"é\") -- ü", "[[\u{1F600}", "\u{0}\u{1}", "....", ".load é(", "?\n?", "a?b??",
            "=é",
            String(repeating: "users.get(\"é\") ", count: 500),
        ] {
            var end = 0
            for span in Self.highlighter.spans(text) {
                #expect(span.range.lowerBound >= end && !span.range.isEmpty, "\(text.prefix(20))")
                end = span.range.upperBound
            }
            #expect(end <= text.utf8.count)
        }
    }
}

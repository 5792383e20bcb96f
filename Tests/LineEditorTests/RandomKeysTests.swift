import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Any keys")
struct RandomKeysTests {
    private static let keys: [Key] = [
        .text("a"), .text("b c"), .text("漢"), .text("👨‍👩‍👧"), .text("\u{301}"), .text("\u{200D}"), .text("🇩"), .text("("),
        .text("}"),
        .text("\u{202E}"), .text("का"), .paste("x\ny\tz\n"), .paste("\u{1B}[2J\r"),
        .paste("0123456789012345678901234567890"),
        .plain(.enter), .press(.enter, .alt), .plain(.left), .plain(.left), .plain(.right), .plain(.up), .plain(.up),
        .plain(.down), .plain(.home), .plain(.end), .plain(.pageUp), .plain(.pageDown), .plain(.backspace),
        .plain(.delete), .plain(.tab), .press(.tab, .shift), .plain(.escape), .control("a"), .control("b"),
        .control("d"),
        .control("e"), .control("g"), .control("k"), .control("n"), .control("p"), .control("q"), .control("r"),
        .control("s"), .control("t"), .control("u"), .control("w"), .control("y"), .control("_"), .alt("b"), .alt("c"),
        .alt("d"), .alt("f"), .alt("y"), .alt("<"), .alt(">"), .alt("/"), .press(.home, .control),
        .press(.end, .control),
    ]

    @Test("any keys leave the cursor between characters, and the screen as if it was drawn anew", arguments: 0..<120)
    func keys(seed: Int) {
        var random = SplitMix(seed: UInt64(seed))
        var settings = untilSemicolon()
        settings.completes = true
        let columns = Int.random(in: 1...30, using: &random)
        let rows = Int.random(in: 1...9, using: &random)
        var session = Session(
            columns: columns, rows: rows, prompt: Prompt("p> ", others: ": "),
            history: ["abc", "a\nb\nc", "漢字", "b c a long one that goes on and on"], settings)
        for step in 0..<150 {
            guard let key = Self.keys.randomElement(using: &random) else { return }
            session.press(key)
            if case .complete(let request)? = session.effects.last, Bool.random(using: &random) {
                let start = session.editor.text.characterStart(at: max(0, request.cursor - 1))
                let candidates = (0..<12).map { Candidate("cand\($0)漢", detail: "what it is \($0)") }
                _ = session.editor.receive(
                    Completions(replacing: start..<request.cursor, candidates), for: request)
                session.draw()
            }
            session.effects = []
            let editor = session.editor
            #expect(editor.text.characterStart(at: editor.cursor) == editor.cursor)
            var copy = session.screen
            _ = copy.erase()
            var fresh = Emulator(columns: columns, rows: rows)
            fresh.feed(copy.draw(session.editor.view(prompt: session.prompt)))
            // The frame may stand lower on the screen than one drawn anew at its top.
            let shift = session.terminal.row - fresh.row
            let used = Array(fresh.rows)
            let shown = session.terminal.grid.dropFirst(shift).map(Emulator.text).prefix(used.count)
            let isSame =
                shift >= 0 && Array(shown) == used && session.terminal.column == fresh.column
                && session.terminal.unknown.isEmpty
            #expect(isSame, "seed \(seed), step \(step), after \(key)")
            guard isSame else { return }
        }
    }
}

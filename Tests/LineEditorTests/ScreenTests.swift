import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Drawing")
struct ScreenTests {
    @Test("a line is shown after its prompt with the cursor in it")
    func line() {
        var session = Session()
        session.type("abc")
        session.press(.plain(.left))
        #expect(session.terminal.rows == ["> abc"])
        #expect((session.terminal.row, session.terminal.column) == (0, 4))
    }

    @Test("typing sends the character alone, not the line")
    func minimal() {
        var session = Session(text: "a long enough line")
        _ = session.editor.handle(.text("x"))
        #expect(session.screen.draw(session.editor.view(prompt: session.prompt)) == "x")
        _ = session.editor.handle(.plain(.backspace))
        #expect(session.screen.draw(session.editor.view(prompt: session.prompt)) == "\u{1B}[21G\u{1B}[K")
    }

    @Test("a long line goes on in the next row, also when it ends at the margin")
    func wrapping() {
        var session = Session(columns: 10)
        session.type("12345678")
        #expect(session.terminal.rows == ["> 12345678"])
        #expect((session.terminal.row, session.terminal.column) == (1, 0))
        session.type("9")
        #expect(session.terminal.rows == ["> 12345678", "9"])
        session.press(.plain(.home), .text("x"))
        #expect(session.terminal.rows == ["> x1234567", "89"])
        session.press(.plain(.end), .control("u"))
        #expect(session.terminal.rows == [">"])
    }

    @Test("a wide character that does not fit begins the next row")
    func wideAtMargin() {
        var session = Session(columns: 9)
        session.type("漢字漢字")
        #expect(session.terminal.rows == ["> 漢字漢", "字"])
        #expect((session.terminal.row, session.terminal.column) == (1, 2))
        session.press(.plain(.left))
        #expect((session.terminal.row, session.terminal.column) == (1, 0))
        session.press(.plain(.home), .text("x"))
        #expect(session.terminal.rows == ["> x漢字漢", "字"])
    }

    @Test("characters take the cells that terminals give them")
    func widths() {
        let expected: [(Character, Int)] = [
            ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2),
            ("👍", 2), ("👍🏽", 2), ("👨‍👩‍👧‍👦", 2), ("🇩🇪", 2), ("1️⃣", 2), ("☁", 1), ("☁️", 2), ("का", 2), ("\u{301}", 0), ("—", 1),
        ]
        for (character, width) in expected { #expect(CellWidth.of(character) == width, "\(character)") }
    }

    @Test(
        "emoji of several parts do not displace what follows, whatever the terminal makes of them",
        arguments: [true, false])
    func sequences(joins: Bool) {
        var session = Session()
        session.terminal = Emulator(columns: 40, rows: 10, joinsClusters: joins)
        session.screen = Screen(size: TerminalSize(columns: 40, rows: 10))
        session.type("👨‍👩‍👧x🇩🇪y")
        let row = session.terminal.grid[0]
        #expect(row[4].text == "x")
        #expect(row[7].text == "y")
        #expect(session.terminal.column == 8)
    }

    @Test("control characters and those that reorder text are spelled out")
    func controls() {
        var session = Session(prompt: Prompt("a\u{1B}[2Jb> "))
        session.press(.paste("\u{1B}[31m\u{07}\u{9B}x\u{202E}y\u{200B}\u{7F}\tz"))
        // What is spelled out is not broken at the margin.
        #expect(session.terminal.rows == ["a^[[2Jb> ^[[31m^G<U+009B>x<U+202E>y", "<U+200B>^?  z"])
        #expect(session.terminal.unknown == [])
        #expect(session.terminal.bells == 0)
    }

    @Test("lines after the first have the other prompt")
    func lines() {
        var session = Session(prompt: Prompt("lua> ", others: "...> "), untilSemicolon())
        session.press(.paste("a\nb\n"))
        #expect(session.terminal.rows == ["lua> a", "...> b", "...>"])
        #expect((session.terminal.row, session.terminal.column) == (2, 5))
        session.press(.plain(.up), .control("u"), .control("u"))
        #expect(session.terminal.rows == ["lua> b", "...>"])
    }

    @Test("a text taller than the screen is scrolled within it")
    func tall() {
        var session = Session(columns: 20, rows: 4, text: (1...9).map(String.init).joined(separator: "\n"))
        #expect(session.terminal.rows == ["  6", "  7", "  8", "  9"])
        session.press([Key](repeating: .plain(.up), count: 5))
        #expect(session.terminal.rows == ["  4", "  5", "  6", "  7"])
        session.press([Key](repeating: .plain(.up), count: 3))
        #expect(session.terminal.rows == ["> 1", "  2", "  3", "  4"])
        session.press(.plain(.down))
        #expect(session.terminal.rows == ["> 1", "  2", "  3", "  4"])
        session.press(.press(.end, .control), .control("u"), .control("u"))
        #expect(session.terminal.rows == ["  5", "  6", "  7", "  8"])
        #expect(session.terminal.scrolledOut == [])
    }

    @Test("what is above stays, and scrolls up as the text grows")
    func above() {
        var session = Session(columns: 20, rows: 3)
        session.terminal = Emulator(columns: 20, rows: 3)
        session.screen = Screen(size: TerminalSize(columns: 20, rows: 3))
        session.terminal.feed("earlier\r\n")
        session.draw()
        session.press(.paste("a\nb"))
        #expect(session.terminal.rows == ["earlier", "> a", "  b"])
        session.press(.paste("\nc"))
        #expect(session.terminal.everything == ["earlier", "> a", "  b", "  c"])
    }

    @Test("a finished line stays, and the next begins below it", arguments: [0, 8, 9, 18])
    func finish(length: Int) {
        var session = Session(columns: 10, rows: 6, text: String(repeating: "x", count: length))
        session.terminal.feed(session.screen.finish(session.editor.finalView(prompt: session.prompt)))
        #expect((session.terminal.row, session.terminal.column) == ((length + 2 + 9) / 10, 0))
        #expect(
            session.terminal.everything.joined() == (length == 0 ? ">" : "> " + String(repeating: "x", count: length)))
    }

    @Test("matching brackets and highlighted parts have their styles, and none without colours")
    func styles() {
        var settings = EditorSettings()
        settings.highlight = { text in text.utf8.count >= 3 ? [StyledSpan(0..<3, Style(.red))] : [] }
        var session = Session(settings)
        session.type("foo(a[1])")
        #expect(session.terminal.styled(row: 0) == "foo()")
        session.press(.plain(.left), .plain(.left))
        #expect(session.terminal.styled(row: 0) == "foo[]")
        var plain = Session(colour: false, settings)
        plain.type("foo(a[1])")
        #expect(plain.terminal.styled(row: 0) == "")
    }

    @Test("brackets in strings match none")
    func bracketsInStrings() {
        let spans = [StyledSpan(2..<5, .plain, isCode: false)]
        var buffer = TextBuffer("(\"')'\" )")
        buffer.move(to: 0)
        let pair = BracketMatcher(spans: spans).pair(in: buffer)
        #expect(pair?.lower == 0)
        #expect(pair?.upper == 7)
    }

    @Test("a narrower or wider terminal shows the line anew without remains", arguments: [7, 11, 19, 20, 30, 60])
    func resize(columns: Int) {
        var session = Session(columns: 20, rows: 12)
        session.terminal = Emulator(columns: 20, rows: 12)
        session.screen = Screen(size: TerminalSize(columns: 20, rows: 12))
        session.terminal.feed("above\r\n")
        session.draw()
        session.press(.paste("0123456789012345678901234\nsecond 漢字 line\nthird"))
        session.press(.plain(.up))
        session.terminal.resize(columns: columns, rows: 12)
        session.terminal.feed(session.screen.resize(to: TerminalSize(columns: columns, rows: 12)))
        session.draw()
        var fresh = Session(columns: columns, rows: 12)
        fresh.terminal.feed("above\r\n")
        fresh.terminal = Emulator(columns: columns, rows: 12)
        fresh.terminal.feed("above\r\n")
        fresh.screen = Screen(size: TerminalSize(columns: columns, rows: 12))
        fresh.editor = session.editor
        fresh.draw()
        #expect(session.terminal.rows == fresh.terminal.rows)
        #expect((session.terminal.row, session.terminal.column) == (fresh.terminal.row, fresh.terminal.column))
    }

    @Test("screens of every width show the same text", arguments: 1...200)
    func everyWidth(columns: Int) {
        let text = "local x = { \"漢字かな\", 'e\u{301}👍🏽', 12 }\n\treturn x\n"
        var session = Session(columns: columns, rows: 400, text: text)
        session.press(.plain(.up), .plain(.up), .plain(.right), .text("y"), .plain(.backspace))
        #expect(session.terminal.unknown == [])
        #expect(session.terminal.scrolledOut == [])
        let shown = session.terminal.rows.joined().filter { !$0.isWhitespace }
        let wanted = (columns == 1 ? text.replacingWide() : text).filter { !$0.isWhitespace }
        #expect(shown == ">" + wanted)
    }
}

extension String {
    /// What a screen of one column shows.
    fileprivate func replacingWide() -> String { String(map { CellWidth.of($0) > 1 ? "?" : $0 }) }
}

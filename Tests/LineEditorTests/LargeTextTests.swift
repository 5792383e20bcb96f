import Synchronization
import TerminalTesting
import Testing

@testable import LineEditor

/// Work is counted, not timed: what a key does in megabytes must not grow with them.
@Suite("Large texts")
struct LargeTextTests {
    private static let size = 2 << 20

    @Test("megabytes are pasted as one key, drawn once and submitted only by Enter")
    func paste() async {
        let terminal = ScriptedTerminal()
        var settings = LineReaderSettings()
        let line = "print('a line of a large paste')\r"
        let content = String(repeating: line, count: Self.size / line.utf8.count)
        settings.editor.isComplete = { _ in true }
        let reader = LineReader(terminal: terminal, settings: settings)
        var bytes = Array("\u{1B}[200~\(content)\u{1B}[201~".utf8)[...]
        while !bytes.isEmpty {
            terminal.send(.bytes(Array(bytes.prefix(65_536))))
            bytes = bytes.dropFirst(65_536)
        }
        async let result = reader.readLine(Prompt("> "), remembers: false)
        #expect(await terminal.shows { $0.filter { $0 == "  print('a line of a large paste')" }.count == 9 })
        #expect(terminal.state.withLock { $0.written.utf8.count } < 2_000)
        terminal.send("x")
        #expect(await terminal.shows { $0.last == "  x" })
        terminal.send("\r")
        guard case .line(let text) = await result else {
            Issue.record("the paste was not submitted")
            return
        }
        #expect(text.utf8.count == content.utf8.count + 1)
        #expect(terminal.state.withLock { $0.written.utf8.count } < 3_000)
    }

    @Test(
        "keys in megabytes draw what is seen and no more",
        arguments: [String(repeating: "x", count: 1 << 20), String(repeating: "\n", count: 1 << 20), "漢字 and\tmore\n"])
    func editing(piece: String) {
        let text = String(repeating: piece, count: Self.size / piece.utf8.count)
        var session = Session(columns: 80, rows: 24, text: text)
        let keys: [Key] = [
            .text("a"), .plain(.left), .plain(.backspace), .plain(.up), .press(.home, .control), .text("b"),
            .plain(.end),
            .press(.end, .control), .control("a"), .control("w"), .control("_"), .plain(.pageUp), .plain(.delete),
        ]
        for key in keys {
            _ = session.editor.handle(key)
            let output = session.screen.draw(session.editor.view(prompt: session.prompt))
            #expect(output.utf8.count < 80 * 24 * 4)
            session.terminal.feed(output)
        }
        #expect(session.terminal.unknown == [])
        #expect(session.terminal.scrolledOut == [])
    }

    @Test("in a line of megabytes rows begin where they would counted from its beginning")
    func longLine() {
        var session = Session(columns: 50, rows: 6, text: String(repeating: "0123456789", count: Self.size / 10))
        // The prompt takes two cells, so every row but the first begins with the digit 8.
        #expect(session.terminal.grid.prefix(5).allSatisfy { $0[0].text == "8" })
        for _ in 0..<60 {
            for _ in 0..<50 { _ = session.editor.handle(.plain(.left)) }
            session.draw()
        }
        #expect(session.terminal.grid.allSatisfy { $0[0].text == "8" })
        #expect(session.terminal.grid[session.terminal.row][session.terminal.column].text == "0")
    }

    @Test("megabytes printed above a line go through once")
    func print() {
        let text = String(repeating: "a line that is printed\n", count: Self.size / 23)
        #expect(SafeText.cleaned(text).utf8.count == text.utf8.count)
        #expect(
            SafeText.cleaned("a\r\nb\rc\u{1B}[1;31mred\u{1B}[0m\u{1B}]0;x\u{07}\u{85}")
                == "a\nb^Mc\u{1B}[1;31mred\u{1B}[0m^[]0;x^G<U+0085>")
    }

    @Test("ten thousand entries of history load and are searched")
    func history() throws {
        let entries = (0..<10_000).map { "entry number \($0) with some words" }
        let history = History(entries)
        #expect(history.entries.count == 10_000)
        var session = Session(history: history.entries)
        session.press(.control("r"), .text("number 12 "))
        #expect(session.editor.text == "entry number 12 with some words")
    }
}

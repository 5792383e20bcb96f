import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Recalling history")
struct HistoryBrowsingTests {
    @Test("Up and Down show entries, and the text begun comes back")
    func upAndDown() {
        var session = Session(history: ["one", "two"])
        session.press(.plain(.up))
        #expect(session.marked == "two|")
        session.press(.plain(.up), .plain(.up))
        #expect(session.marked == "one|")
        session.press(.plain(.down), .plain(.down))
        #expect(session.marked == "|")
        session.type("x")
        session.press(.control("p"), .control("n"))
        #expect(session.marked == "x|")
    }

    @Test("with text typed, Up shows the entries that begin so")
    func prefix() {
        var session = Session(history: ["get a", "put b", "get c", "get c"])
        session.type("get")
        session.press(.plain(.up))
        #expect(session.marked == "get c|")
        session.press(.plain(.up))
        #expect(session.marked == "get a|")
        session.press(.plain(.up))
        #expect(session.marked == "get a|")
        session.press(.plain(.down), .plain(.down))
        #expect(session.marked == "get|")
        session.press(.control("p"), .control("p"))
        #expect(session.marked == "put b|")
    }

    @Test("an entry of several lines comes back whole, can be edited, and is left at its edges")
    func several() {
        var session = Session(history: ["old", "a = {\n  1,\n}"], untilSemicolon())
        session.press(.plain(.up))
        #expect(session.terminal.rows == ["> a = {", "    1,", "  }"])
        session.press(.plain(.up), .plain(.end), .text("2"))
        #expect(session.editor.text == "a = {\n  1,2\n}")
        session.press(.plain(.up), .plain(.up))
        #expect(session.editor.text == "old")
        session.press(.plain(.down))
        #expect(session.marked == "a = {|\n  1,2\n}")
        session.press(.plain(.down), .plain(.down), .text(";"), .plain(.enter))
        #expect(session.effects == [.submit("a = {\n  1,2\n};")])
    }

    @Test("Alt-< and Alt-> go to the first entry and back")
    func edges() {
        var session = Session(history: ["one", "two", "three"])
        session.type("mine")
        session.press(.alt("<"))
        #expect(session.editor.text == "one")
        session.press(.alt(">"))
        #expect(session.editor.text == "mine")
    }

    @Test("Control-R finds the newest entry with the text and shows where")
    func search() {
        var session = Session(history: ["list users", "list assets", "Show users"])
        session.press(.control("r"))
        session.type("us")
        #expect(session.terminal.rows == ["> Show users", "search back: us"])
        #expect(session.terminal.styled(row: 0) == "us")
        #expect(session.marked == "Show |users")
        session.press(.control("r"))
        #expect(session.terminal.rows == ["> list users", "search back: us"])
        session.press(.control("r"))
        #expect(session.terminal.rows == ["> list users", "search back, not found: us"])
        #expect(session.effects == [.bell])
        session.press(.control("s"))
        #expect(session.terminal.rows == ["> Show users", "search forward: us"])
        session.press(.plain(.backspace), .plain(.backspace), .plain(.backspace), .plain(.backspace))
        #expect(session.editor.text == "Show users")
        session.press(.plain(.escape), .text("x"))
        #expect(session.terminal.rows == ["> Show xusers"])
    }

    @Test("a search ends with the key that follows, or gives the text begun back")
    func searchEnds() {
        var session = Session(history: ["list users", "x"])
        session.type("mine")
        session.press(.control("r"), .text("list"), .control("g"))
        #expect(session.marked == "mine|")
        session.press(.control("r"), .text("list"), .control("e"), .text("!"))
        #expect(session.marked == "list users!|")
        session.press(.control("r"), .text("li"), .plain(.enter))
        #expect(session.effects.last == .submit("list users!") || session.effects.last == .submit("list users"))
        session.press(.control("c"))
        #expect(session.effects.last == .interrupt)
    }

    @Test("capitals in a search are told apart, small letters are not")
    func searchCase() {
        #expect(SearchText("users").range(in: "all Users") == 4..<9)
        #expect(SearchText("Users").range(in: "all users") == nil)
        #expect(SearchText("ü").range(in: "für") == 1..<3)
        #expect(SearchText("").range(in: "x") == nil)
    }
}

import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Editing")
struct EditingTests {
    /// A script of keys and the text with the cursor that it leads to.
    struct Script: Sendable, CustomTestStringConvertible {
        var keys: [Key]
        var result: String
        var testDescription: String { result }
    }

    @Test(
        "keys edit as in Emacs",
        arguments: [
            Script(keys: [.text("héllo")], result: "héllo|"),
            Script(keys: [.text("abc"), .control("a"), .text("x")], result: "x|abc"),
            Script(keys: [.text("abc"), .plain(.home), .plain(.end), .text("x")], result: "abcx|"),
            Script(keys: [.text("abc"), .control("b"), .control("b"), .control("f")], result: "ab|c"),
            Script(keys: [.text("abc"), .plain(.left), .plain(.delete)], result: "ab|"),
            Script(keys: [.text("abc"), .control("h"), .plain(.backspace)], result: "a|"),
            Script(keys: [.text("abc"), .control("a"), .control("d")], result: "|bc"),
            Script(keys: [.text("one two-three"), .alt("b")], result: "one two-|three"),
            Script(keys: [.text("one two"), .control("a"), .alt("f")], result: "one| two"),
            Script(keys: [.text("one two"), .press(.left, .control), .press(.left, .control)], result: "|one two"),
            Script(keys: [.text("one two"), .control("a"), .press(.right, .control)], result: "one| two"),
            Script(keys: [.text("one two"), .press(.backspace, .alt)], result: "one |"),
            Script(keys: [.text("one two"), .control("a"), .alt("d")], result: "| two"),
            Script(keys: [.text("a b-c"), .control("w")], result: "a |"),
            Script(keys: [.text("abc"), .control("b"), .control("u")], result: "|c"),
            Script(keys: [.text("abc"), .control("b"), .control("k")], result: "ab|"),
            Script(keys: [.text("abc"), .control("u"), .control("y"), .control("y")], result: "abcabc|"),
            Script(keys: [.text("abc"), .control("t")], result: "acb|"),
            Script(keys: [.text("abc"), .control("a"), .control("f"), .control("t")], result: "ba|c"),
            Script(keys: [.text("one two"), .control("a"), .alt("u")], result: "ONE| two"),
            Script(keys: [.text("one two"), .alt("b"), .alt("c")], result: "one Two|"),
            Script(keys: [.text("x"), .control("q"), .plain(.tab)], result: "x\t|"),
            Script(keys: [.text("👨‍👩‍👧‍👦e\u{301}"), .plain(.backspace), .plain(.backspace)], result: "|"),
        ])
    func keys(script: Script) {
        var session = Session()
        session.press(script.keys)
        #expect(session.marked == script.result)
    }

    @Test("cuts in a row are put back as one, and Alt-Y turns to older ones")
    func killRing() {
        var session = Session()
        session.type("one two three four")
        session.press(.control("w"), .control("w"), .plain(.home), .control("k"), .control("y"))
        #expect(session.marked == "one two |")
        session.press(.alt("y"))
        #expect(session.marked == "three four|")
        session.press(.alt("y"))
        #expect(session.marked == "one two |")
        session.press(.plain(.left), .alt("y"))
        #expect(session.effects.last == .bell)
    }

    @Test("undo takes back a word at once, redo brings it again")
    func undo() {
        var session = Session()
        for character in "one two" { session.type(String(character)) }
        session.press(.control("_"))
        #expect(session.marked == "one |")
        session.press(.control("_"))
        #expect(session.marked == "|")
        session.press(.alt("/"), .alt("/"))
        #expect(session.marked == "one two|")
        session.press(.control("u"), .control("_"))
        #expect(session.marked == "one two|")
    }

    @Test("what is typed before a combining mark leaves the cursor on a border between characters")
    func combining() {
        var session = Session(text: "\u{301}x")
        session.press(.plain(.home))
        session.type("a")
        #expect(session.marked == "a\u{301}|x")
        session.press(.plain(.backspace))
        #expect(session.marked == "|x")
    }

    @Test("Enter ends what is complete, else begins a line with the indentation of the one before")
    func enter() {
        var session = Session(untilSemicolon())
        session.type("  a")
        session.press(.plain(.enter))
        session.type("b;")
        #expect(session.effects == [])
        session.press(.press(.enter, .alt))
        #expect(session.marked == "  a\n  b;\n  |")
        session.press(.control("u"), .control("u"), .plain(.enter))
        #expect(session.effects == [.submit("  a\n  b;")])
    }

    @Test("a paste is inserted as it is and ends nothing")
    func paste() {
        var session = Session()
        session.press(.paste("a;\nb\u{1B}[31m\n"))
        #expect(session.editor.text == "a;\nb\u{1B}[31m\n")
        #expect(session.effects == [])
        session.press(.control("_"))
        #expect(session.editor.text == "")
    }

    @Test("Control-C, Control-D, Control-Z and Control-L ask for what they mean")
    func effects() {
        var session = Session()
        session.press(.control("d"), .control("c"), .control("z"), .control("l"))
        #expect(session.effects == [.end, .interrupt, .suspend, .clearScreen])
        session.type("x")
        session.press(.control("a"), .control("d"))
        #expect(session.effects.count == 4)
        #expect(session.marked == "|")
    }

    @Test("arrows move between lines and keep the column")
    func lines() {
        var session = Session(text: "first line\nb\nthird 漢字 line")
        session.press(.plain(.up))
        #expect(session.marked == "first line\nb|\nthird 漢字 line")
        session.press(.plain(.up))
        #expect(session.marked == "first line|\nb\nthird 漢字 line")
        session.press(.plain(.home), .plain(.right), .plain(.right), .plain(.down), .plain(.down))
        #expect(session.marked == "first line\nb\nth|ird 漢字 line")
        session.press(.press(.home, .control))
        #expect(session.editor.cursor == 0)
        session.press(.press(.end, .control))
        #expect(session.editor.cursor == session.editor.text.utf8.count)
    }
}

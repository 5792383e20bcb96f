import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Completing")
struct CompletionTests {
    private static func session(columns: Int = 40, rows: Int = 10, colour: Bool = true) -> Session {
        var settings = EditorSettings()
        settings.completes = true
        return Session(columns: columns, rows: rows, colour: colour, settings)
    }

    /// Answers the request that was made last.
    private static func answer(_ session: inout Session, from start: Int, _ candidates: [Candidate]) {
        guard case .complete(let request)? = session.effects.last else {
            Issue.record("no candidates were asked for")
            return
        }
        session.effects += session.editor.receive(
            Completions(replacing: start..<request.cursor, candidates), for: request)
        session.draw()
    }

    private static let users = [
        Candidate("users.list", detail: "All users"), Candidate("users.lock", detail: "Locks one"),
        Candidate("users.unlock", detail: "Unlocks one"),
    ]

    @Test("one candidate is inserted with its ending")
    func one() {
        var session = Self.session()
        session.type("x = us")
        session.press(.plain(.tab))
        Self.answer(&session, from: 4, [Candidate("users", ending: ".")])
        #expect(session.marked == "x = users.|")
        #expect(session.terminal.rows == ["> x = users."])
    }

    @Test("several are shown with what they are after what they have in common; Tab goes through them")
    func several() {
        var session = Self.session()
        session.type("us")
        session.press(.plain(.tab))
        Self.answer(&session, from: 0, Self.users)
        #expect(session.marked == "users.|")
        #expect(
            session.terminal.rows == [
                "> users.", " users.list    All users", " users.lock    Locks one", " users.unlock  Unlocks one",
            ])
        session.press(.plain(.tab), .plain(.tab))
        #expect(session.marked == "users.lock|")
        #expect(session.terminal.styled(row: 2).hasPrefix(" users.lock"))
        session.press(.press(.tab, .shift), .press(.tab, .shift))
        #expect(session.marked == "users.unlock|")
        session.type("(")
        #expect(session.marked == "users.unlock(|")
        #expect(session.terminal.rows == ["> users.unlock("])
    }

    @Test("Escape closes the candidates and gives back what was typed; Enter keeps the chosen one")
    func closing() {
        var session = Self.session()
        session.type("users.")
        session.press(.plain(.tab))
        Self.answer(&session, from: 0, Self.users)
        session.press(.plain(.tab), .plain(.escape))
        #expect(session.marked == "users.|")
        #expect(session.terminal.rows == ["> users."])
        session.press(.plain(.tab))
        Self.answer(&session, from: 0, Self.users)
        session.press(.plain(.tab), .plain(.enter))
        #expect(session.marked == "users.list|")
        #expect(!session.effects.contains(.submit("users.list")))
        session.press(.plain(.enter))
        #expect(session.effects.last == .submit("users.list"))
    }

    @Test("an answer that comes after the text or the cursor changed is dropped")
    func late() throws {
        var session = Self.session()
        session.type("us")
        session.press(.plain(.tab))
        guard case .complete(let request)? = session.effects.last else { throw Missing() }
        session.type("x")
        let completions = Completions(replacing: 0..<2, Self.users)
        #expect(session.editor.receive(completions, for: request) == [])
        session.press(.plain(.backspace))
        #expect(session.editor.receive(completions, for: request) == [])
        #expect(session.marked == "us|")
        #expect(!session.editor.showsMenu)
    }

    @Test("an answer without candidates, or for a part that is none of the text, changes nothing")
    func empty() {
        var session = Self.session()
        session.type("é")
        session.press(.plain(.tab))
        Self.answer(&session, from: 0, [])
        #expect(session.effects.last == .bell)
        session.press(.plain(.tab))
        Self.answer(&session, from: 1, Self.users)
        #expect(session.effects.last == .bell)
        #expect(session.marked == "é|")
    }

    @Test("at the beginning of a line Tab indents; on an empty text it asks for everything")
    func indenting() {
        var session = Self.session()
        session.press(.plain(.tab))
        #expect(
            session.effects == [.complete(CompletionRequest(text: "", cursor: 0, revision: session.editor.revision))])
        session.press(.paste("a\n"), .plain(.tab))
        #expect(session.marked == "a\n    |")
    }

    @Test("many candidates stand in columns, and the chosen one is among those seen")
    func many() {
        var session = Self.session(columns: 30, rows: 8, colour: false)
        session.type("x")
        session.press(.plain(.tab))
        Self.answer(&session, from: 0, (10..<70).map { Candidate("x\($0)") })
        #expect(session.terminal.rows.count == 6)
        #expect(session.terminal.rows[1] == " x10   x22   x34   x46   x58")
        #expect(session.terminal.rows[5].contains("of 60 shown"))
        session.press([Key](repeating: .plain(.tab), count: 10))
        #expect(session.terminal.rows.contains { $0.contains(">x19") })
        session.press(.press(.tab, .shift))
        #expect(session.marked == "x18|")
    }

    @Test("a menu fits any screen", arguments: [(1, 1), (1, 3), (5, 2), (12, 3), (80, 4), (200, 50)])
    func anySize(columns: Int, rows: Int) {
        var session = Self.session(columns: columns, rows: rows)
        session.type("u")
        session.press(.plain(.tab))
        Self.answer(&session, from: 0, Self.users)
        session.press(.plain(.tab))
        #expect(session.terminal.unknown == [])
        session.press(.plain(.escape), .press(.home, .control), .control("k"))
        #expect(session.terminal.rows == (columns == 1 && rows == 1 ? [] : [">"]))
    }

    @Test("the history and the host hint at what follows, and moving right takes it")
    func hints() {
        var settings = EditorSettings()
        settings.hint = { $0 == "us" ? "ers" : nil }
        var session = Session(history: ["get all users", "get 1\nx"], settings)
        session.type("us")
        #expect(session.terminal.rows == ["> users"])
        #expect(session.terminal.styled(row: 0) == "ers")
        #expect(session.terminal.column == 4)
        session.press(.plain(.right))
        #expect(session.marked == "users|")
        session.press(.control("u"), .text("get "))
        #expect(session.terminal.rows == ["> get 1 …"])
        session.type("a")
        #expect(session.terminal.rows == ["> get all users"])
        session.press(.alt("f"))
        #expect(session.marked == "get all|")
        session.press(.control("e"))
        #expect(session.marked == "get all users|")
        session.press(.control("a"))
        #expect(session.editor.hintText == nil)
    }

    private struct Missing: Error {}
}

import Synchronization
import TerminalTesting
import Testing

@testable import LineEditor

@Suite("Reading lines", .timeLimit(.minutes(1)))
struct LineReaderTests {
    @Test("a line is read, shown and remembered, and the terminal is as it was")
    func line() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal)
        terminal.send("hello\r")
        #expect(await reader.readLine(Prompt("> ")) == .line("hello"))
        #expect(terminal.rows == ["> hello"])
        #expect(!terminal.isRaw)
        #expect(reader.history == ["hello"])
        #expect(terminal.state.withLock { !$0.emulator.takesPastes && $0.emulator.unknown.isEmpty })
        terminal.send("\u{1B}[A!\r")
        #expect(await reader.readLine(Prompt("> ")) == .line("hello!"))
        #expect(terminal.rows == ["> hello", "> hello!"])
    }

    @Test("what was typed ahead is there for the lines that follow")
    func typeAhead() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal)
        terminal.send("one\rtwo\rth")
        #expect(await reader.readLine(Prompt("> ")) == .line("one"))
        #expect(await reader.readLine(Prompt("> ")) == .line("two"))
        terminal.send("ree\r")
        #expect(await reader.readLine(Prompt("> ")) == .line("three"))
        #expect(terminal.rows == ["> one", "> two", "> three"])
    }

    @Test("Control-C abandons a line, Control-D on an empty one is the end")
    func leaving() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal)
        terminal.send("abc\u{03}")
        #expect(await reader.readLine(Prompt("> ")) == .interrupted)
        terminal.send("\u{04}")
        #expect(await reader.readLine(Prompt("> ")) == .end)
        #expect(terminal.rows == ["> abc^C", ">"])
        #expect(reader.history == [])
        terminal.send(.ended)
        #expect(await reader.readLine(Prompt("> ")) == .end)
    }

    @Test("an Escape alone is a key once nothing follows it")
    func escape() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal, history: History(["found"]))
        async let result = reader.readLine(Prompt("> "))
        terminal.send("\u{12}fo")
        #expect(await terminal.shows { $0 == ["> found", "search back: fo"] })
        terminal.send("\u{1B}")
        #expect(await terminal.shows { $0 == ["> found"] })
        terminal.send("\r")
        #expect(await result == .line("found"))
    }

    @Test("text printed while a line is edited stands above it")
    func above() async {
        let terminal = ScriptedTerminal(columns: 20, rows: 5)
        let reader = LineReader(terminal: terminal)
        reader.printAbove("before")
        async let result = reader.readLine(Prompt("> "))
        terminal.send("some text that wraps")
        #expect(await terminal.shows { $0 == ["before", "> some text that wra", "ps"] })
        reader.printAbove("log 1\nlog 2\u{1B}[2J")
        #expect(await terminal.shows { $0.suffix(4) == ["log 1", "log 2^[[2J", "> some text that wra", "ps"] })
        terminal.send("!\r")
        #expect(await result == .line("some text that wraps!"))
        reader.printAbove("after\n")
        #expect(
            terminal.rows == ["before", "log 1", "log 2^[[2J", "> some text that wra", "ps!", "after"])
    }

    @Test("many tasks that print while a line is edited lose nothing")
    func manyAbove() async {
        let terminal = ScriptedTerminal(columns: 20, rows: 5)
        let reader = LineReader(terminal: terminal)
        async let result = reader.readLine(Prompt("> "))
        terminal.send("typed")
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<10 {
                group.addTask { for line in 0..<20 { reader.printAbove("task \(task) line \(line)") } }
            }
        }
        terminal.send("\r")
        #expect(await result == .line("typed"))
        let printed = terminal.rows.filter { $0.hasPrefix("task") }
        #expect(Set(printed).count == 200)
        #expect(printed.count == 200)
        #expect(terminal.rows.filter { $0 == "> typed" }.count == 1)
    }

    @Test("candidates come while typing goes on, and are dropped when the text has changed")
    func completion() async {
        let terminal = ScriptedTerminal()
        let asked = Mutex<[String]>([])
        let answered = Mutex(false)
        var settings = LineReaderSettings()
        settings.completer = { request in
            asked.withLock { $0.append(request.text) }
            _ = await eventually { answered.withLock { $0 } }
            return Completions(replacing: 0..<request.cursor, [Candidate("users", ending: ".")])
        }
        let reader = LineReader(terminal: terminal, settings: settings)
        async let result = reader.readLine(Prompt("> "))
        terminal.send("us\t")
        #expect(await eventually { asked.withLock { $0 == ["us"] } })
        terminal.send("e")
        #expect(await terminal.shows { $0 == ["> use"] })
        answered.withLock { $0 = true }
        terminal.send("r")
        #expect(await terminal.shows { $0 == ["> user"] })
        terminal.send("\t")
        #expect(await eventually { asked.withLock { $0 == ["us", "user"] } })
        #expect(await terminal.shows { $0 == ["> users."] })
        terminal.send("\r")
        #expect(await result == .line("users."))
    }

    @Test("a new size shows the line anew")
    func resize() async {
        let terminal = ScriptedTerminal(columns: 20, rows: 6)
        let reader = LineReader(terminal: terminal)
        async let result = reader.readLine(Prompt("> "))
        terminal.send("0123456789abcdefgh")
        #expect(await terminal.shows { $0 == ["> 0123456789abcdefgh"] })
        terminal.resize(columns: 12, rows: 6)
        #expect(await terminal.shows { $0 == ["> 0123456789", "abcdefgh"] })
        terminal.send("\r")
        #expect(await result == .line("0123456789abcdefgh"))
    }

    @Test("Control-Z stops the program and shows the line again when it goes on")
    func suspend() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal)
        async let result = reader.readLine(Prompt("> "))
        terminal.send("abc\u{1A}")
        #expect(await terminal.shows { $0 == ["> abc", "> abc"] })
        #expect(terminal.state.withLock { $0.suspensions } == 1)
        terminal.send("d\r")
        #expect(await result == .line("abcd"))
        #expect(terminal.rows == ["> abc", "> abcd"])
    }

    @Test("while a statement runs Control-C goes to the handler, and what is typed waits")
    func running() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal)
        let counts = Mutex<[Int]>([])
        await reader.whileRunning(onInterrupt: { count in counts.withLock { $0.append(count) } }) {
            terminal.send("dropped\u{03}")
            #expect(await eventually { counts.withLock { $0 == [1] } })
            terminal.send("\u{03}next\r")
            #expect(await eventually { counts.withLock { $0 == [1, 2] } })
            reader.printAbove("output")
        }
        #expect(!terminal.isRaw)
        #expect(await reader.readLine(Prompt("> ")) == .line("next"))
        #expect(terminal.rows == ["output", "> next"])
    }

    @Test("a task that is cancelled gives its line up")
    func cancelled() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal)
        let task = Task { await reader.readLine(Prompt("> ")) }
        terminal.send("abc")
        #expect(await terminal.shows { $0 == ["> abc"] })
        task.cancel()
        #expect(await task.value == .interrupted)
        terminal.send("x\r")
        #expect(await reader.readLine(Prompt("> ")) == .line("x"))
    }

    @Test("a text given beforehand is edited, and answers to questions are not remembered")
    func question() async {
        let terminal = ScriptedTerminal()
        let reader = LineReader(terminal: terminal, history: History(["old"]))
        terminal.send("\u{1B}[A\u{7F}n\r")
        #expect(await reader.readLine(Prompt("sure? "), text: "y", remembers: false) == .line("n"))
        #expect(reader.history == ["old"])
    }

    @Test("without a terminal lines are read as they are, and no sequence is sent")
    func plain() async {
        let terminal = ScriptedTerminal(isInteractive: false, hasViewer: false)
        var settings = LineReaderSettings()
        settings.editor = untilSemicolon()
        let reader = LineReader(terminal: terminal, settings: settings)
        terminal.send("a\r\nb;\nc;\nrest")
        terminal.send(.ended)
        #expect(await reader.readLine(Prompt("> ")) == .line("a\nb;"))
        #expect(await reader.readLine(Prompt("> ")) == .line("c;"))
        #expect(await reader.readLine(Prompt("> ")) == .line("rest"))
        #expect(await reader.readLine(Prompt("> ")) == .end)
        #expect(terminal.state.withLock { $0.written } == "")
    }

    @Test("a terminal without sequences has prompts and nothing else")
    func dumb() async {
        let terminal = ScriptedTerminal(isInteractive: false)
        var settings = LineReaderSettings()
        settings.editor = untilSemicolon()
        let reader = LineReader(terminal: terminal, settings: settings)
        terminal.send("a\nb;\n")
        #expect(await reader.readLine(Prompt(StyledText("> ", Style(.red)), others: "+ ")) == .line("a\nb;"))
        #expect(terminal.state.withLock { $0.written } == "> + ")
    }

    @Test("without colours no style is sent")
    func withoutColour() async {
        let terminal = ScriptedTerminal()
        var settings = LineReaderSettings()
        settings.usesColour = false
        let reader = LineReader(terminal: terminal, settings: settings, history: History(["abcdef"]))
        terminal.send("abc()\u{1B}[C\u{7F}\u{7F}\r")
        #expect(await reader.readLine(Prompt(StyledText("> ", Style(.red)))) == .line("abc"))
        #expect(!terminal.state.withLock { $0.written }.contains("m"))
    }
}

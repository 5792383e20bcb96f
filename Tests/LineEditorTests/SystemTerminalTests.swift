import Glibc
import Synchronization
import TerminalTesting
import Testing

@testable import LineEditor

/// One after another: signals are heard for one terminal of a process.
@Suite("A terminal of the system", .serialized, .timeLimit(.minutes(1)))
struct SystemTerminalTests {
    private static func isRaw(_ settings: termios) -> Bool {
        settings.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0
    }

    @Test("a line is edited with keys of a real terminal, which is as it was afterwards")
    func line() async throws {
        let person = try PseudoTerminal()
        defer { person.hangUp() }
        let before = person.settings
        let terminal = SystemTerminal(input: person.slave, output: person.slave, kind: "xterm")
        #expect(terminal.isInteractive)
        #expect(terminal.size == TerminalSize(columns: 40, rows: 10))
        let reader = LineReader(terminal: terminal, history: History(["a = {\n  1,\n}"]))
        async let result = reader.readLine(Prompt("> "))
        #expect(await person.shows { $0 == [">"] })
        #expect(Self.isRaw(person.settings))
        person.send("\u{1B}[A")
        #expect(await person.shows { $0 == ["> a = {", "    1,", "  }"] })
        person.send("\u{1B}[A\u{1B}[F 漢\r")
        #expect(await result == .line("a = {\n  1, 漢\n}"))
        #expect(person.settings.c_lflag == before.c_lflag)
        #expect(person.settings.c_iflag == before.c_iflag)
        #expect(await person.shows { $0 == ["> a = {", "    1, 漢", "  }"] })
        #expect(person.unknown == [])
    }

    @Test("Control-C is a key while a line is edited, and goes to the handler while a statement runs")
    func interrupts() async throws {
        let person = try PseudoTerminal()
        defer { person.hangUp() }
        let reader = LineReader(
            terminal: SystemTerminal(input: person.slave, output: person.slave, kind: "xterm"))
        async let first = reader.readLine(Prompt("> "))
        #expect(await person.shows { $0 == [">"] })
        person.send("abc\u{03}")
        #expect(await first == .interrupted)
        let count = Mutex(0)
        await reader.whileRunning(onInterrupt: { number in count.withLock { $0 = number } }) {
            #expect(Self.isRaw(person.settings))
            person.send("\u{03}")
            #expect(await eventually { count.withLock { $0 == 1 } })
            person.send("\u{03}")
            #expect(await eventually { count.withLock { $0 == 2 } })
        }
        #expect(!Self.isRaw(person.settings))
        async let second = reader.readLine(Prompt("> "))
        #expect(await person.shows { $0 == ["> abc^C", ">"] })
        person.send("\u{04}")
        #expect(await second == .end)
        #expect(await person.shows { $0 == ["> abc^C", ">"] })
    }

    @Test("the program stops with the terminal as it was, and goes on with the line")
    func stop() async throws {
        let person = try PseudoTerminal()
        defer { person.hangUp() }
        let modes = Mutex<[Bool]>([])
        let terminal = SystemTerminal(input: person.slave, output: person.slave, kind: "xterm") {
            modes.withLock { $0.append(Self.isRaw(person.settings)) }
            kill(getpid(), SIGCONT)
        }
        let reader = LineReader(terminal: terminal)
        async let result = reader.readLine(Prompt("> "))
        #expect(await person.shows { $0 == [">"] })
        person.send("abc\u{1A}")
        #expect(await person.shows { $0 == ["> abc", "> abc"] })
        #expect(modes.withLock { $0 } == [false])
        #expect(Self.isRaw(person.settings))
        person.send("d\r")
        #expect(await result == .line("abcd"))
    }

    @Test("a new size is noticed by its signal")
    func resize() async throws {
        let person = try PseudoTerminal(columns: 20, rows: 6)
        defer { person.hangUp() }
        let reader = LineReader(
            terminal: SystemTerminal(input: person.slave, output: person.slave, kind: "xterm"))
        async let result = reader.readLine(Prompt("> "))
        #expect(await person.shows { $0 == [">"] })
        person.send("0123456789abcdefgh")
        #expect(await person.shows { $0 == ["> 0123456789abcdefgh"] })
        person.resize(columns: 12, rows: 6)
        kill(getpid(), SIGWINCH)
        #expect(await person.shows { $0 == ["> 0123456789", "abcdefgh"] })
        person.send("\r")
        #expect(await result == .line("0123456789abcdefgh"))
    }

    @Test("ten megabytes pasted at a real terminal arrive whole")
    func paste() async throws {
        let person = try PseudoTerminal()
        defer { person.hangUp() }
        let reader = LineReader(
            terminal: SystemTerminal(input: person.slave, output: person.slave, kind: "xterm"))
        async let result = reader.readLine(Prompt("> "), remembers: false)
        #expect(await person.shows { $0 == [">"] })
        let content = String(repeating: "0123456789abcde\r", count: (10 << 20) / 16)
        WorkerThread.start { person.send("\u{1B}[200~\(content)\u{1B}[201~!\r") }
        guard case .line(let text) = await result else {
            Issue.record("the paste was not read")
            return
        }
        #expect(text.utf8.count == content.utf8.count + 1)
        #expect(text.hasSuffix("0123456789abcde\n!"))
    }

    @Test("a terminal that is gone is the end")
    func hangUp() async throws {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let reader = LineReader(terminal: SystemTerminal(input: ends[0], output: ends[1], kind: "xterm"))
        #expect(!reader.isInteractive)
        _ = write(ends[1], "one\ntwo", 7)
        #expect(await reader.readLine(Prompt("> ")) == .line("one"))
        close(ends[1])
        #expect(await reader.readLine(Prompt("> ")) == .line("two"))
        #expect(await reader.readLine(Prompt("> ")) == .end)
        close(ends[0])
    }

    @Test("a terminal of the kind dumb is read by lines")
    func dumb() async throws {
        let person = try PseudoTerminal()
        defer { person.hangUp() }
        let reader = LineReader(
            terminal: SystemTerminal(input: person.slave, output: person.slave, kind: "dumb"))
        #expect(!reader.isInteractive)
        person.send("abc\n")
        #expect(await reader.readLine(Prompt(StyledText("> ", Style(.red)))) == .line("abc"))
        #expect(await person.shows { $0.joined(separator: "|").contains(">") })
        #expect(person.unknown == [])
    }
}

import Foundation
import Glibc
import Operations
import Testing

@testable import runbook

/// Questions to a person, at a pretended terminal.
@Suite struct PromptTests {
    /// Both ends of a terminal.
    private struct PretendedTerminal {
        let person: Int32
        let program: Int32

        init() throws {
            person = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            // TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do.
            var lock: Int32 = 0, number: Int32 = 0
            try #require(
                person >= 0 && ioctl(person, 0x4004_5431, &lock) == 0 && ioctl(person, 0x8004_5430, &number) == 0)
            program = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(program >= 0)
        }

        func type(_ text: String) {
            let bytes = Array(text.utf8)
            _ = write(person, bytes, bytes.count)
        }

        /// What the person sees; at least what has been shown so far.
        func seen() -> String {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = read(person, &bytes, bytes.count)
            return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        }

        /// Asks on a thread of its own: the question waits for what the test types.
        func askForSecret() -> AsyncStream<SecretValue?> {
            let prompt = Prompt(input: program, output: program)
            let (answers, continuation) = AsyncStream.makeStream(of: SecretValue?.self)
            Thread.detachNewThread {
                continuation.yield(prompt.readSecret("Password: "))
                continuation.finish()
            }
            return answers
        }

        var echoes: Bool {
            var settings = termios()
            tcgetattr(program, &settings)
            return settings.c_lflag & tcflag_t(ECHO) != 0 && settings.c_lflag & tcflag_t(ICANON) != 0
        }

        func close() {
            Glibc.close(program)
            Glibc.close(person)
        }
    }

    @Test(arguments: [
        ("y\n", true), ("yes\n", true), (" YES \n", true), ("n\n", false), ("\n", false), ("yess\n", false),
        ("y n\n", false),
    ])
    func onlyAYesIsAYes(_ typed: String, _ expected: Bool) throws {
        let terminal = try PretendedTerminal()
        defer { terminal.close() }
        terminal.type(typed)
        #expect(Prompt(input: terminal.program, output: terminal.program).confirm("Go on?") == expected)
        // The terminal gives what it was given in pieces: the echo of what was typed first.
        var seen = ""
        while !seen.contains("Go on? [y/N] ") { seen += terminal.seen() }
    }

    @Test func withoutATerminalNobodyIsAsked() throws {
        let null = open("/dev/null", O_RDWR)
        defer { close(null) }
        #expect(Prompt(input: null, output: null).confirm("Go on?") == nil)
        #expect(Prompt(input: null, output: null).readSecret("Password: ") == nil)
    }

    @Test func aSecretIsReadUnseenAndTheTerminalIsAsBefore() async throws {
        let terminal = try PretendedTerminal()
        defer { terminal.close() }
        let typed = terminal.askForSecret()
        // The question comes after the echo is off.
        var seen = ""
        while !seen.contains("Password: ") { seen += terminal.seen() }
        #expect(!terminal.echoes)
        terminal.type("nö\u{7f}\u{7f}wrong\u{15}hüx\u{7f}nter2\r")
        #expect(await typed.first { _ in true }??.reveal() == "hünter2")
        #expect(terminal.echoes)
        #expect(!terminal.seen().contains("nter2"))
    }

    @Test(arguments: ["\r", "\u{4}"]) func nothingTypedIsNoSecret(_ typed: String) async throws {
        let terminal = try PretendedTerminal()
        defer { terminal.close() }
        let secret = terminal.askForSecret()
        var seen = ""
        while !seen.contains("Password: ") { seen += terminal.seen() }
        terminal.type(typed)
        #expect(await secret.first { _ in true } == .some(nil))
        #expect(terminal.echoes)
    }
}

import ConsoleSimulator
import FoundationEssentials
import Glibc
import Operations
import RunbookHost
import TerminalTesting
import Testing

@testable import runbook

/// `runbook repl` at a terminal.
@Suite(.timeLimit(.minutes(5))) struct ReplTerminalTests {
    private static let prompt = "environment plan"

    /// A session at a simulated console, at its prompt.
    private static func with(
        _ arguments: [String] = [], columns: Int = 100, rows: Int = 40, environment: [String: String] = [:],
        _ body: (TerminalProcess, CommandHarness, SimulatorInfo) async throws -> Void
    ) async throws {
        let configuration = SimulatorConfiguration(users: 30, lockedInRole: LockedRole(role: "user", count: 3))
        try await CommandHarness.with(configuration) { harness, info in
            let repl = try TerminalProcess(
                ["repl"] + arguments, environment: harness.environment.merging(environment) { $1 },
                directory: harness.directory, columns: columns, rows: rows)
            defer { repl.stop() }
            try await repl.wait("a prompt") { $0.last?.hasSuffix(">") == true }
            try await body(repl, harness, info)
        }
    }

    @Test func aBusyLoopEndsWithControlCAndTheSessionLivesOn() async throws {
        try await Self.with { repl, _, _ in
            try await repl.enter("x = 41", until: Self.prompt)
            for loop in ["while true do end", "while true do pcall(function() while true do end end) end"] {
                repl.press(loop + "\r")
                // It has begun once nothing more of the line is drawn.
                try await repl.wait(for: loop)
                try await Task.sleep(for: .milliseconds(50))
                repl.press("\u{3}")
                try await repl.wait("the prompt again") { lines in
                    lines.last == Self.prompt + ">" && lines.dropLast().last?.hasPrefix("stopped") == true
                }
            }
            try await repl.enter("x + 1", until: Self.prompt)
            #expect(repl.lines.contains("42"))
        }
    }

    @Test func aMachineThatIsGoneIsSaidAndTheNextStatementHasAnother() async throws {
        try await Self.with { repl, _, _ in
            try await repl.enter("x = 41", until: Self.prompt)
            let catastrophe = "(('a'):rep(1e5)):find(('.-'):rep(20) .. 'b')"
            repl.press(catastrophe + "\r")
            try await repl.wait(for: catastrophe)
            try await Task.sleep(for: .milliseconds(100))
            repl.press("\u{3}")
            try await repl.wait("the prompt again") {
                $0.last == Self.prompt + ">" && $0.contains { $0.contains("machine is gone") }
            }
            try await repl.enter("x", until: Self.prompt)
            #expect(repl.lines.contains("nil"))
        }
    }

    @Test func tenMegabytesPrintedOrPastedDoNotFreezeIt() async throws {
        try await Self.with { repl, _, _ in
            try await repl.enter("print(('x'):rep(10 * 1024 * 1024))", until: Self.prompt)
            #expect(repl.lines.contains { $0.contains("(10,485,760 bytes)") })
            repl.press("('y'):rep(10 * 1024 * 1024)\r")
            try await repl.wait("a page") { $0.last?.contains("q leaves") == true }
            try await repl.leavePager(until: Self.prompt)
            // A paste is one text, and too long a one is refused as any source is.
            let text = "x = [[" + String(repeating: "pasted line\n", count: 900_000) + "]]"
            repl.press("\u{1b}[200~" + text + "\u{1b}[201~")
            repl.press("\r")
            try await repl.wait("an answer") { $0.last == Self.prompt + ">" && $0.contains { $0.hasPrefix("error:") } }
            try await repl.enter("6 * 7", until: Self.prompt)
            #expect(repl.lines.contains("42"))
        }
    }

    @Test func anUnfinishedStatementGoesOnAndComesBackWhole() async throws {
        try await Self.with { repl, _, _ in
            repl.press("for i = 1, 2 do\r")
            try await repl.wait(for: "...")
            repl.press("print('n' .. i)\r")
            repl.press("end\r")
            try await repl.wait("both lines") { $0.contains("n1") && $0.contains("n2") && $0.last == Self.prompt + ">" }
            repl.press("\u{1b}[A")
            try await repl.wait("the block again") { $0.last?.hasSuffix("end") == true }
            repl.press("\r")
            try await repl.wait("the lines again") { $0.count { $0 == "n2" } == 2 }
        }
    }

    @Test func secretsAreAskedForAndNeverShownOrKept() async throws {
        try await Self.with { repl, harness, _ in
            repl.press(".secret pw\r")
            try await repl.wait(for: "pw:")
            repl.press("Correct-Horse-7!\r")
            try await repl.wait(for: "pw holds the secret now")
            try await repl.enter("pw", until: Self.prompt)
            try await repl.enter("users.reset_password(3, pw)", until: Self.prompt)
            try await repl.enter(#"users.reset_password(3, "Plain-Text-8!")"#, until: Self.prompt)
            repl.press("\u{4}")
            try await repl.wait(for: "[y/N]")
            repl.press("y\r")
            #expect(await repl.end() == 0)
            #expect(!repl.lines.contains { $0.contains("Correct-Horse") })
            let folder = harness.directory + "/.local/state/runbook/history"
            let history = try String(contentsOfFile: folder + "/environment", encoding: .utf8)
            #expect(history.contains("users.reset_password(3, pw)"))
            #expect(!history.contains("Plain-Text"))
            var status = stat()
            #expect(stat(folder + "/environment", &status) == 0)
            #expect(status.st_mode & 0o777 == 0o600)
        }
    }

    @Test func questionsOfAScriptAreAskedAtTheTerminal() async throws {
        try await Self.with(["--mode", "live"]) { repl, _, _ in
            let prompt = "environment LIVE"
            repl.press("confirm('Go on?')\r")
            try await repl.wait(for: "Go on? [y/N]")
            try await repl.enter("y", until: prompt)
            #expect(repl.lines.contains("true"))
            repl.press("confirm('And now?')\r")
            try await repl.wait(for: "And now? [y/N]")
            try await repl.enter("n", until: prompt)
            #expect(repl.lines.contains("false"))
        }
    }

    @Test func whatIsPlannedIsNotLeftWithoutAWord() async throws {
        try await Self.with { repl, _, info in
            let planned = "environment plan (1 planned)"
            try await repl.enter(#"users.unlock(users.find { role = "user", locked = true }.id)"#, until: planned)
            repl.press("\u{4}")
            try await repl.wait(for: "[y/N]")
            try await repl.enter("n", until: planned)
            repl.press(".quit\r")
            try await repl.wait("the question again") { $0.count { $0.contains("[y/N]") } == 2 }
            repl.press("y\r")
            #expect(await repl.end() == 0)
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test func whatWasTypedBeforeAQuestionIsNoAnswerToIt() async throws {
        try await Self.with { repl, _, info in
            let planned = "environment plan (1 planned)"
            try await repl.enter(
                #"users.unlock(users.find { role = "user", locked = true, enabled = true }.id)"#, until: planned)
            repl.press(".apply\ry\r")
            try await repl.wait(for: "[y/N]")
            try await repl.enter("n", until: planned)
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test func commandsSayWhatIsWrong() async throws {
        try await Self.with { repl, _, _ in
            for (line, answer) in [
                (".paln", "Did you mean .plan?"), (".mode loud", "the modes are plan and live"),
                (".load", ".load takes a file"), (".load none.lua", "none.lua"), (".save", ".save takes a file"),
                (".record", ".record takes a file"), (".watch", ".watch takes"), (".watch 5 x = 1", "no expression"),
                (".target none", "there is no target 'none'"), (".undo", "Nothing was changed"),
                (".show zzzz", "zzzz"), (".runs x", ".runs takes"), (".secret 1x", ".secret takes"),
                (".secret users", "needs itself"), (#".load "x"#, "has no end"),
                (".timing maybe", "on or off"), (".plan now", "is neither"), ("x = = 1", "unexpected symbol"),
                ("nothing.here", "attempt to index a nil value"), (".json x =", "no expression"),
            ] {
                try await repl.enter(line, until: Self.prompt)
                #expect(repl.lines.contains { $0.contains(answer) }, "\(line)")
            }
        }
    }

    @Test func valuesAreSavedAndTheSessionIsKept() async throws {
        try await Self.with { repl, harness, _ in
            try await repl.enter("users.list {}", until: Self.prompt)
            try await repl.enter(".save all.csv", until: Self.prompt)
            try await repl.enter(".save all.json", until: Self.prompt)
            try await repl.enter("n = 1", until: Self.prompt)
            try await repl.enter(".save typed.lua", until: Self.prompt)
            try await repl.enter(".save typed.lua", until: Self.prompt)
            #expect(repl.lines.contains { $0.contains("it is there already") })
            func content(_ name: String) throws -> String {
                try String(contentsOfFile: "\(harness.directory)/\(name)", encoding: .utf8)
            }
            #expect(try content("all.csv").split(whereSeparator: \.isNewline).count == 32)
            #expect(try JSONValue(parsing: content("all.json")).arrayValue?.count == 31)
            #expect(try content("typed.lua").contains("n = 1"))
        }
    }

    @Test func anExpressionIsWatchedUntilControlC() async throws {
        try await Self.with { repl, _, _ in
            try await repl.enter("n = 0", until: Self.prompt)
            repl.press(".watch 0.1 (function() n = n + 1 return 'look ' .. n end)()\r")
            try await repl.wait(for: "look 3")
            repl.press("\u{3}")
            try await repl.wait("the prompt") { $0.last == Self.prompt + ">" }
            repl.press(".watch 1 users.unlock(2)\r")
            try await repl.wait("a refusal") { $0.last == Self.prompt + ">" && $0.contains { $0.hasPrefix("error:") } }
        }
    }

    @Test func longValuesAreShownPageByPage() async throws {
        try await Self.with(rows: 12) { repl, _, _ in
            repl.press("users.list {}\r")
            try await repl.wait("a page") { $0.last?.contains("q leaves") == true }
            #expect(!repl.lines.contains { $0.hasPrefix("31 ") }, "the last user is further down")
            repl.press("G")
            try await repl.wait("the end") { $0.contains { $0.hasPrefix("31 ") } }
            try await repl.leavePager(until: Self.prompt)
        }
    }

    @Test func aTerminalWithoutSequencesIsServedInPlainLines() async throws {
        try await Self.with(environment: ["TERM": "dumb"]) { repl, _, _ in
            repl.press("6 * 7\n")
            try await repl.wait(for: "42")
            #expect(repl.terminal.unknown.isEmpty)
        }
    }

    @Test func withoutColoursNothingIsColoured() async throws {
        try await Self.with(environment: ["NO_COLOR": "1"]) { repl, _, _ in
            try await repl.enter("{ a = 1 }", until: Self.prompt)
            #expect(repl.terminal.unknown.isEmpty)
            #expect(!repl.terminal.hasStyles)
        }
    }
}

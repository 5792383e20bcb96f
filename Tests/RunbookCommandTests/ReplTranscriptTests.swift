import ConsoleSimulator
import RunbookHost
import TerminalTesting
import Testing

@testable import runbook

/// What a person sees who has never used a session, and goes by what the screen says.
@Suite(.timeLimit(.minutes(5))) struct ReplTranscriptTests {
    @Test func aNewcomerUnlocksAUserTakesBackWhatCanBeAndRecordsHow() async throws {
        try await CommandHarness.without { harness in
            let simulator = try TerminalProcess(
                ["simulate", "--users", "30", "--locked-in-role", "security-manager=3"],
                environment: harness.environment, directory: harness.directory, columns: 160)
            defer { simulator.stop() }
            try await simulator.wait(for: "Ctrl-C ends it")
            // The screen says what to type in another terminal.
            var environment = harness.environment
            for line in simulator.lines {
                let words = line.split(separator: " ")
                guard words.count == 2, words[0] == "export" else { continue }
                let parts = words[1].split(separator: "=", maxSplits: 1).map(String.init)
                environment[parts[0]] = parts[1]
            }
            #expect(simulator.lines.contains("  runbook repl"))
            let repl = try TerminalProcess(
                ["repl"], environment: environment, directory: harness.directory, columns: 140, rows: 50)
            defer { repl.stop() }
            let prompt = "environment plan"
            try await repl.wait(for: prompt + ">")
            for line in [
                ".help", "?users.list", "roles.list()",
                #"l = users.list { role = "security-manager", locked = true }"#, "l", "users.get(l[1].id)",
                "users.unlock(l[1].id)", "users.get(l[1].id).locked", ".plan",
            ] {
                try await repl.enter(line, until: prompt)
            }
            try await repl.agree(to: ".apply", until: prompt)
            try await repl.enter(".undo", until: prompt)
            try await repl.enter(#"users.patch(l[1].id, { name = "Somebody Else" })"#, until: prompt)
            try await repl.agree(to: ".apply", until: prompt)
            try await repl.agree(to: ".undo", until: prompt)
            try await repl.enter(
                #"for u in users.each { role = "security-manager", locked = true } do users.unlock(u.id) end"#,
                until: prompt)
            try await repl.enter(".plan clear", until: prompt)
            try await repl.enter(".record unlock.lua", until: prompt)
            try await repl.enter(".load unlock.lua", until: prompt)
            try await repl.agree(to: ".apply", until: prompt)
            try await repl.enter("users.list { locked = true }", until: prompt)
            repl.press(".quit\r")
            #expect(await repl.end() == 0)
            try Golden.check(Self.steady(repl.lines), "repl-newcomer.txt")
            #expect(repl.terminal.unknown.isEmpty)

            let run = try TerminalProcess(
                ["run", "unlock.lua", "--yes"], environment: environment, directory: harness.directory)
            defer { run.stop() }
            #expect(await run.end() == 1, "nobody is locked any more whom its second line could mean")
            try await run.wait(for: "unlock.lua:")
        }
    }

    /// Without what is another each time: ids, addresses, times.
    static func steady(_ lines: [String]) -> String {
        lines.map { line in
            var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            for (index, word) in words.enumerated() {
                let isTime = word.utf8.count == 8 && word.utf8.dropFirst(2).first == UInt8(ascii: ":")
                if isTime { words[index] = "HH:MM:SS" }
                if word.hasPrefix("ms=") { words[index] = "ms=N" }
                if word == "ms", index > 0, Int(words[index - 1]) != nil { words[index - 1] = "N" }
                if word.contains("http://127.0.0.1:") { words[index] = "(ADDRESS)." }
                if word.utf8.count == 10, word.hasPrefix("20"), word.contains("-") { words[index] = "YYYY-MM-DD" }
                if word.hasPrefix("undo-") { words[index] = "undo-RUN.lua" }
            }
            return words.joined(separator: " ")
        }.joined(separator: "\n") + "\n"
    }
}

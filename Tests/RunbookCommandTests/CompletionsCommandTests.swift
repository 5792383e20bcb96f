import FoundationEssentials
import Operations
import RunbookHost
import RunbookStore
import Testing

@testable import runbook

@Suite("The command: completions")
struct CompletionsCommandTests {
    @Test(
        "prints a script for each shell, in which everything is that can be written",
        arguments: ["bash", "zsh", "fish"])
    func scripts(shell: String) async throws {
        try await CommandHarness.without { command in
            let outcome = try await command.run("completions", shell)
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            let help = CommandHelp.root
            for page in help.family {
                #expect(outcome.output.contains(page.name), "\(page.path)")
                for argument in page.arguments where argument.kind == .option {
                    let name = argument.names.first?.drop { $0 == "-" } ?? ""
                    #expect(outcome.output.contains(name), "\(page.path) \(name)")
                }
            }
        }
    }

    @Test("alters what the argument parser's scripts do not do", arguments: CompletionsCommand.Shell.allCases)
    func changes(shell: CompletionsCommand.Shell) {
        let script = CompletionScript(shell.completionShell)
        for change in CompletionScript.changes(for: shell.completionShell) {
            #expect(script.original.contains(change.from), "\(change.from)")
            #expect(script.text.contains(change.to), "\(change.to)")
        }
        #expect(script.text.hasSuffix("\n"))
    }

    @Test("refuses other shells with 64")
    func otherShells() async throws {
        try await CommandHarness.without { command in
            for arguments in [["completions"], ["completions", "csh"]] {
                let outcome = try await CommandProcess(
                    arguments, environment: command.environment, directory: command.directory,
                    program: CommandProcess.program
                ).outcome
                #expect(outcome.status == 64)
                #expect(outcome.output == "")
            }
        }
    }

    @Test("bash reads the script, and offers commands, flags and values")
    func bashWords() async throws {
        try await CommandHarness.without { command in
            try await Self.expect("sched", ["schedule"], command)
            try await Self.expect("schedule pa", ["pause"], command)
            try await Self.expect("run --plan", ["--plan-first"], command)
            try await Self.expect("run --log-level ", ["debug", "info", "warn", "error"], command)
            try await Self.expect("runs --status ", RunStatus.allCases.map(\.rawValue), command)
            try await Self.expect("call users.unl", ["users.unlock"], command)
            try await Self.expect("operations twofa.", ["twofa.key", "twofa.set", "twofa.regenerate"], command)
            try await Self.expect("schedule add x --catchup ", ["none", "latest", "all"], command)
            try await Self.expect("schedule next --tz UT", ["UTC"], command)
        }
    }

    @Test("bash offers runbooks, folders and files by what they are, and the parameters of those that were listed")
    func bashRunbooks() async throws {
        try await CommandHarness.without { command in
            try command.write(
                #"runbook { title = "Unlock", params = { role = { doc = "role id" }, days = { type = "integer" } } }"#,
                to: "unlock.lua")
            try command.write("runbook {}", to: "report.lua")
            for name in ["my.plan", "notes.txt", "work/deep/x.lua"] { try Self.touch(name, command) }
            try await Self.expect("run ", ["report", "unlock", "runbooks", "work"], command)
            try await Self.expect("check un", ["unlock"], command)
            let paths = ["runbooks/report.lua", "runbooks/unlock.lua"]
            try await Self.expect("plan runbooks/", paths, command)
            try await Self.expect("run work/deep/", ["work/deep/x.lua"], command)
            try await Self.expect("apply m", ["my.plan"], command)

            try await Self.expect("run unlock --param ", [], command)
            #expect(try await command.run("list").status == 0)
            try await Self.expect("run unlock --param ", ["days=", "role="], command)
            try await Self.expect("plan runbooks/unlock.lua --param r", ["role="], command)
            try await Self.expect("run unlock --param days=1 --param ", ["role="], command)
        }
    }

    @Test("bash offers runs, plans, schedules and targets of the state and configuration that the line names")
    func bashState() async throws {
        try await CommandHarness.without { command in
            let state = command.directory + "/state"
            let store = SQLiteStore(path: state + "/runbook.db")
            for (index, status) in [RunStatus.succeeded, .failed, .needsDecision].enumerated() {
                var run = JournalSketch(id: "01hwt8k3v0abc10\(index)")
                run.record.began = SystemClock().unixMilliseconds() - 60_000 + Int64(index)
                if index == 0 {
                    run.record.mode = .plan
                    run.record.changes = ["planned": 2]
                }
                if index == 1 { run.record.changes = ["done": 1] }
                run.end(status, at: 5)
                run.record.ended = run.record.began
                try await run.keep(in: store)
            }
            await store.close()
            try command.write("runbook {}", to: "sweep.lua")
            let added = try await command.run("schedule", "add", "nightly", "sweep", "--every", "1d", "--state", state)
            #expect(added.status == 0, "\(added.errors)")
            try Self.touch(
                "my.yaml", command,
                """
                targets:
                  prod: { console: { url: "https://prod.example.com:3780", user: u, password: { env: NOTHING } } }
                  test: { console: { url: "https://test.example.com:3780", user: u, password: { env: NOTHING } } }
                """)
            let (plan, failed, open) = ("01hwt8k3v0abc100", "01hwt8k3v0abc101", "01hwt8k3v0abc102")
            let named = "--state \(state)"
            try await Self.expect("show \(named) ", ["last", open, failed, plan], command)
            try await Self.expect("report --state=\(state) 01", [open, failed, plan], command)
            try await Self.expect("decide \(named) 0", [open], command)
            try await Self.expect("resume \(named) 0", [open, failed], command)
            try await Self.expect("undo \(named) 0", [failed], command)
            try await Self.expect("apply \(named) 0", [plan], command)
            try await Self.expect("schedule pause \(named) ", ["nightly"], command)
            try await Self.expect("show 0", [], command)
            try await Self.expect("run --config my.yaml --target ", ["prod", "test"], command)
            let addresses = ["https://prod.example.com:3780", "https://test.example.com:3780"]
            try await Self.expect("trust --config my.yaml https", addresses, command)
            try await Self.expect("run --target ", [], command)
        }
    }

    @Test("bash carries out nothing that a name says, and a name with a space in it stays one word")
    func bashQuoting() async throws {
        try await CommandHarness.without { command in
            let names = [
                "$(touch pwned)", "`touch pwned`", "a b", "it's", "x;touch pwned", "~", "$HOME", "*", #"back\"#,
            ]
            for name in names { try command.write("runbook {}", to: name + ".lua") }
            try command.write("runbook {}", to: "bell\u{7}.lua")
            let offered = try await Self.complete("run ", command)
            #expect(Set(offered) == Set(names + ["runbooks"]))
            #expect(LocalFiles().status(command.directory + "/pwned") == nil)
            #expect(LocalFiles().status(command.directory + "/runbooks/pwned") == nil)
        }
    }

    @Test("is silent when something is wrong, reads no password and asks no server")
    func silent() async throws {
        try await CommandHarness.without { command in
            try Self.touch(
                "runbook.yaml", command,
                """
                targets: { prod: { console: { url: "http://127.0.0.1:9", user: u, password: { env: RUNBOOK_P } } } }
                """)
            try await Self.expect("run --target ", ["prod"], command)
            try Self.touch(
                "config.yaml", command,
                """
                targets:
                  own: { console: { url: "http://127.0.0.1:9", user: u, password: { command: [touch, asked] } } }
                state: { key: { command: [touch, asked] } }
                """)
            try await Self.expect("run --config config.yaml --target ", ["own"], command)
            try await Self.expect("show --config config.yaml ", [], command)
            #expect(LocalFiles().status(command.directory + "/asked") == nil)

            try Self.touch("runbook.yaml", command, "targets: [")
            try Self.touch("state/runbook.db", command, "this is no database")
            try await Self.expect("run --target ", [], command)
            try await Self.expect("show --state state --config config.yaml ", [], command)
            // A script from another version asks for a command that is not there.
            let stale = try await command.run("---completion", "nothing", "--", "positional@0", "0", "0")
            #expect(stale.status != 0)
            #expect(stale.output == "")
        }
    }

    @Test("leaves the shell as it was")
    func bashTraps() async throws {
        try await CommandHarness.without { command in
            let outcome = try await Self.bash(
                """
                before="$(shopt -p; shopt -po)"
                complete_line 'runbook sched'
                trap -p RETURN
                [[ "$before" == "$(shopt -p; shopt -po)" ]] && echo same
                """, command)
            #expect(outcome.output == "<schedule>\nsame\n", "\(outcome.errors)")
        }
    }

    // MARK: bash

    /// Checks what bash offers at the end of a line.
    private static func expect(
        _ line: String, _ expected: [String], _ command: CommandHarness,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let offered = try await complete(line, command)
        #expect(offered == expected, "\(line)", sourceLocation: sourceLocation)
    }

    /// What bash offers at the end of a line, without quotes.
    private static func complete(_ line: String, _ command: CommandHarness) async throws -> [String] {
        let outcome = try await bash("complete_line 'runbook \(line)'", command)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "", "\(line)")
        return outcome.output.split(separator: "\n").map { String($0.dropFirst().dropLast()) }
    }

    /// Runs bash with the script loaded. `complete_line` does what bash does when the tabulator is pressed.
    private static func bash(_ script: String, _ command: CommandHarness) async throws -> CommandProcess.Outcome {
        let program = CommandProcess.program
        let prelude = """
            source <('\(program)' completions bash)
            compopt() { :; }
            complete_line() {
                COMP_LINE="$1"; COMP_POINT="${#1}"
                IFS=' ' read -ra COMP_WORDS <<< "$1"
                [[ "$1" == *' ' ]] && COMP_WORDS+=('')
                COMP_WORDS[0]='\(program)'; COMP_CWORD="$((${#COMP_WORDS[@]} - 1))"; COMPREPLY=()
                _runbook runbook "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
                [[ "${#COMPREPLY[@]}" -eq 0 ]] || printf '<%s>\\n' "${COMPREPLY[@]}"
            }
            """
        return try await command.start("--norc", "-c", prelude + "\n" + script, program: "/bin/bash").outcome
    }

    private static func touch(_ name: String, _ command: CommandHarness, _ content: String = "") throws {
        let file = URL(filePath: "\(command.directory)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(content.utf8).write(to: file)
    }
}

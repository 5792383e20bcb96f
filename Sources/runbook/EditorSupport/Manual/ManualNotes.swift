import CommandSupport
import Operations

/// What manual pages say besides the help: exit codes, variables and files.
enum ManualNotes {
    /// What an exit code means.
    struct Exit: Sendable {
        let status: ExitStatus
        let text: String
    }

    /// All exit codes.
    static let exits = ExitStatus.allCases.map { Exit(status: $0, text: $0.meaning) }

    /// The codes of most commands.
    private static let usual: Set<ExitStatus> = [.success, .failed, .usage]
    /// Those of commands that carry out a run.
    private static let running = usual.union([.stopped, .needsDecision, .diverged, .interrupted])

    /// The exit codes of commands that have others than most, by their names.
    static let exitsByCommand: [String: Set<ExitStatus>] = [
        "runbook": Set(exits.map(\.status)),
        "runbook run": running,
        "runbook repl": running,
        "runbook plan": running.union([.changes]),
        "runbook apply": running,
        "runbook resume": running,
        "runbook call": running,
        "runbook undo": usual.union([.changes, .stopped]),
        "runbook schedule add": usual.union([.stopped]),
        "runbook schedule edit": usual.union([.stopped]),
        "runbook schedule remove": usual.union([.stopped]),
        "runbook schedule resume": usual.union([.stopped]),
        "runbook schedule run": running,
        "runbook serve": usual.union([.interrupted]),
        "runbook simulate": usual.union([.interrupted]),
        "runbook audit export": usual.union([.auditFailed, .interrupted]),
        "runbook audit verify": usual.union([.auditFailed]),
    ]

    /// The exit codes of a command.
    static func exits(of command: String) -> [Exit] {
        let known = exitsByCommand[command] ?? usual
        return exits.filter { known.contains($0.status) }
    }

    /// The variables that all commands read, besides those that say the same as a flag.
    static let variables =
        EnvironmentVariable.variables(of: .console) + EnvironmentVariable.variables(of: .xpanse) + [.path]

    /// The files that all commands read or write.
    static let files: [(path: String, text: String)] = [
        ("$XDG_CONFIG_HOME/runbook/config.yaml", "Your own configuration. Default: ~/.config/runbook/config.yaml."),
        (
            "runbook.yaml, .runbook.yaml",
            "A project's configuration, in the working directory or above it, up to the top of a git checkout."
        ),
        ("$XDG_STATE_HOME/runbook", "Runs, plans, schedules and the audit log. Default: ~/.local/state/runbook."),
        ("runbooks, $XDG_CONFIG_HOME/runbook/runbooks", "Where runbooks are looked for by name."),
        (".luarc.json", "What runbook stubs tells lua-language-server."),
    ]
}

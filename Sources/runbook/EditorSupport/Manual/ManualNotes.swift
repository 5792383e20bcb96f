import CommandSupport

/// What manual pages say besides the help: exit codes, variables and files.
enum ManualNotes {
    /// What an exit code means.
    struct Exit: Sendable {
        let status: ExitStatus
        let text: String
    }

    /// All exit codes.
    static let exits = [
        Exit(status: .success, text: "Finished."),
        Exit(status: .failed, text: "The runbook, or the command itself, failed."),
        Exit(status: .changes, text: "The plan has changes, and --detailed-exit-code was given."),
        Exit(status: .stopped, text: "Denied, or stopped by a limit."),
        Exit(status: .needsDecision, text: "The outcome of a call is unknown, and a person must decide."),
        Exit(status: .diverged, text: "The journal does not fit the script."),
        Exit(status: .auditFailed, text: "The audit log is not what was written."),
        Exit(status: .usage, text: "Bad usage or configuration."),
        Exit(status: .interrupted, text: "Interrupted."),
    ]

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
        "runbook schedule run": running,
        "runbook serve": usual.union([.interrupted]),
        "runbook simulate": usual.union([.interrupted]),
        "runbook audit verify": usual.union([.auditFailed]),
    ]

    /// The exit codes of a command.
    static func exits(of command: String) -> [Exit] {
        let known = exitsByCommand[command] ?? usual
        return exits.filter { known.contains($0.status) }
    }

    /// The variables that say the same as a flag does, with the flag.
    static let flagVariables: [(flag: String, variable: String, text: String)] = [
        ("--config", "RUNBOOK_CONFIG", "The configuration file, as --config."),
        ("--state", "RUNBOOK_STATE", "Where state is kept, as --state."),
        ("--target", "RUNBOOK_TARGET", "The target, as --target."),
        ("--log-level", "RUNBOOK_LOG_LEVEL", "The least important log lines to show, as --log-level."),
        ("--log-format", "RUNBOOK_LOG_FORMAT", "How log lines are written, as --log-format."),
        ("--no-color", "NO_COLOR", "Without colours if it is set to anything, as --no-color."),
    ]

    /// The variables that all commands read.
    static let variables: [(variable: String, text: String)] = [
        ("RUNBOOK_CONSOLE_URL", "The address of the console of the target that is called environment."),
        ("RUNBOOK_CONSOLE_USER", "The user to log in as."),
        (
            "RUNBOOK_CONSOLE_PASSWORD",
            "The password; or in RUNBOOK_CONSOLE_PASSWORD_FILE the name of a file that holds it."
        ),
        (
            "RUNBOOK_CONSOLE_TOKEN",
            "The code of two-factor authentication; or in RUNBOOK_CONSOLE_TOKEN_FILE the name of a file that holds it."
        ),
        ("RUNBOOK_XPANSE_URL", "The address of Cortex Xpanse."),
        ("RUNBOOK_XPANSE_KEY_ID", "The number of the key."),
        ("RUNBOOK_XPANSE_KEY", "The key; or in RUNBOOK_XPANSE_KEY_FILE the name of a file that holds it."),
        ("RUNBOOK_XPANSE_KEY_TYPE", "The type of the key: advanced or standard."),
        (
            "RUNBOOK_CONSOLE_CA, RUNBOOK_XPANSE_CA",
            "A file of certificates of authorities that vouch for the server's certificate."
        ),
        (
            "RUNBOOK_CONSOLE_FINGERPRINT, RUNBOOK_XPANSE_FINGERPRINT",
            "The SHA-256 fingerprint of the only certificate that is trusted."
        ),
        ("RUNBOOK_CONSOLE_TIMEOUT, RUNBOOK_XPANSE_TIMEOUT", "How long an answer may take, such as 30s."),
        ("RUNBOOK_CONSOLE_CONCURRENCY, RUNBOOK_XPANSE_CONCURRENCY", "How many calls may be under way at once."),
        ("RUNBOOK_PATH", "Folders of runbooks, with colons between them."),
    ]

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

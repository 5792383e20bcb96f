/// What a session takes besides code: a word after a dot.
enum DotCommand: String, CaseIterable, Sendable {
    case help, target, mode, plan, apply, undo, runs, show, load, save, record, json, table, expand, vars, secret
    case timing, watch, limits, quit

    /// The command of a name, also by a beginning that no other has, and `.exit`.
    init?(typed name: String) {
        if let command = DotCommand(rawValue: name) {
            self = command
        } else if name == "exit" {
            self = .quit
        } else {
            let candidates = DotCommand.allCases.filter { $0.rawValue.hasPrefix(name) }
            guard name.utf8.count > 1, candidates.count == 1, let command = candidates.first else { return nil }
            self = command
        }
    }

    /// The commands behind which code stands.
    static let takingCode: Set<DotCommand> = [.json, .table, .expand, .watch]

    /// What stands behind it; optional parts in brackets.
    var arguments: String {
        switch self {
        case .help: "[COMMAND|NAME]"
        case .target: "[NAME]"
        case .mode: "[plan|live]"
        case .plan: "[clear]"
        case .apply, .limits, .quit, .vars: ""
        case .undo: "[RUN]"
        case .runs: "[COUNT]"
        case .show: "[RUN]"
        case .load: "FILE [NAME=VALUE…]"
        case .save, .record: "FILE"
        case .json, .table, .expand: "[EXPRESSION]"
        case .secret: "NAME"
        case .timing: "[on|off]"
        case .watch: "SECONDS [EXPRESSION]"
        }
    }

    /// One line.
    var summary: String {
        switch self {
        case .help: "This list, or more about a command or a function."
        case .target: "The targets, or go over to another one."
        case .mode: "Whether changes are shown (plan) or sent at once (live)."
        case .plan: "The changes that are planned, or forget them."
        case .apply: "Send what is planned, after a question."
        case .undo: "Take the last changes back where possible, after a question."
        case .runs: "The latest runs."
        case .show: "A run: what it was, how it stands, what it changed."
        case .load: "Run a file here: its functions and variables stay."
        case .save: "Write the last value (.json, .csv), or what was typed (.lua)."
        case .record: "Write the session as a runbook with its manifest."
        case .json: "The last value, or an expression's, as JSON."
        case .table: "The same as a table."
        case .expand: "The same with everything in it."
        case .vars: "The variables of the session."
        case .secret: "Ask for a secret and keep it in a variable."
        case .timing: "Whether each statement says how long it took."
        case .watch: "Look at an expression again and again, until Ctrl-C."
        case .limits: "What the session may use, and what is left."
        case .quit: "Leave (as Ctrl-D does)."
        }
    }

    /// What a person must know besides.
    var text: String {
        switch self {
        case .help:
            "?NAME tells of an operation or a function (?users.unlock), ??NAME shows the source of one that is written in Lua. Tab completes."
        case .target:
            """
            Targets are named in a configuration file or set by environment variables: 'runbook config --help' tells how. \
            To try things without a console, run 'runbook simulate --tls' in another terminal, set the variables that it prints, \
            and start the session again. Another target begins another session: variables and what is planned are gone.
            """
        case .mode:
            """
            In plan mode, in which a session begins, a change is predicted and listed, and later reads answer as if it had been \
            made. In live mode it is sent at once. What is planned stays planned in both.
            """
        case .plan: "'.plan clear' forgets the changes that are planned."
        case .apply:
            """
            The changes are predicted anew, from how things stand now, and shown; after a yes they and no others are sent, in \
            their order, by a run of its own, which .undo takes back and 'runbook show' tells of. What could not be made stays \
            planned.
            """
        case .undo:
            "Without RUN it is about the last run of this session that changed something. What cannot be taken back is said: unlocks, passwords, deleted users."
        case .runs: "COUNT says how many. Default: 10."
        case .show: "RUN is an id, a beginning of it that no other has, or 'last'. Default: last."
        case .load:
            "A runbook's parameters follow as NAME=VALUE. In plan mode its changes are planned."
        case .save:
            "A file that is there already is not replaced."
        case .record:
            """
            Statements that failed are left out, and so are expressions that only looked at a value. The manifest asks for what the statements called. \
            Run it with .load FILE, or 'runbook run FILE'.
            """
        case .json, .table, .expand: "The last value is the variable _."
        case .vars: "Variables that were set without 'local'."
        case .secret:
            "What is typed is not shown and gets into no history: .secret password, then users.reset_password(7, password)."
        case .timing: "Without a word it changes over."
        case .watch:
            "SECONDS is how long to wait in between. The expression may change nothing. Default: the last one typed."
        case .limits: "Limits come from the configuration and from flags of 'runbook repl'."
        case .quit: "It asks if something is planned that was not sent."
        }
    }
}

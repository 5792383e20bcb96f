/// Where checkpoints of the audit log go: best where those who can write to the log cannot take them back.
enum CheckpointDestination: Sendable, Hashable {
    /// To the end of a file, by its absolute path.
    case file(String)
    /// To a program, one line on its standard input. It is started directly, by no shell.
    case command([String])

    /// As `runbook config` shows it. Arguments may be telling; the program alone says enough.
    var description: String {
        switch self {
        case .file(let path): path
        case .command(let arguments): arguments.first ?? ""
        }
    }

    /// The setting's last key: `file`, `command`.
    var way: String {
        switch self {
        case .file: "file"
        case .command: "command"
        }
    }
}

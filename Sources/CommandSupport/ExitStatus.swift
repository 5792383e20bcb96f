package import ArgumentParser

/// The exit codes, the same in every subcommand.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Finished.
    case success = 0
    /// The runbook, or the call, failed.
    case failed = 1
    /// The plan has changes, and this was asked for.
    case changes = 3
    /// Denied, or stopped by a limit.
    case stopped = 4
    /// The outcome of a call is unknown and a person must decide.
    case needsDecision = 5
    /// The journal does not fit the script.
    case diverged = 6
    /// The audit log is not what was written.
    case auditFailed = 7
    /// Bad usage or configuration.
    case usage = 64
    /// Interrupted.
    case interrupted = 130

    /// What it means, in a sentence.
    package var meaning: String {
        switch self {
        case .success: "Finished."
        case .failed: "The runbook, or the command itself, failed."
        case .changes: "The plan has changes, and --detailed-exit-code was given."
        case .stopped: "Denied, or stopped by a limit."
        case .needsDecision: "The outcome of a call is unknown, and a person must decide."
        case .diverged: "The journal does not fit the script."
        case .auditFailed: "The audit log is not what was written."
        case .usage: "Bad usage or configuration."
        case .interrupted: "Interrupted."
        }
    }

    /// As swift-argument-parser throws it.
    package var exitCode: ExitCode { ExitCode(rawValue) }
}

package import ArgumentParser

/// The exit codes, the same in every subcommand.
package enum ExitStatus: Int32, Sendable {
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

    /// As swift-argument-parser throws it.
    package var exitCode: ExitCode { ExitCode(rawValue) }
}

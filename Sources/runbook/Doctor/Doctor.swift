import CommandSupport
import Operations

/// Looks at all that `runbook` needs to work, and says what to do about what does not.
struct Doctor {
    let worker: WorkerChecks
    /// The configuration, or why it cannot be read.
    let configuration: Result<Configuration, CommandError>

    /// All checks, in the order in which one failure explains the next.
    func checks() async -> [Check] {
        var checks = await worker.checks()
        switch configuration {
        case .failure(let error):
            checks.append(
                .failed(
                    "configuration", "settings", error.message,
                    advice: "correct it; targets and state were not looked at"))
        case .success(let configuration):
            checks += Self.configuration(configuration)
            checks += StateChecks(configuration: configuration).checks()
            checks += await TargetChecks(configuration: configuration).checks()
        }
        return checks
    }

    private static func configuration(_ configuration: Configuration) -> [Check] {
        let group = "configuration"
        let files: [Check] =
            configuration.files.isEmpty
            ? [.skipped(group, "files", "none; environment variables and flags are enough")]
            : configuration.files.map { .ok(group, "file", $0) }
        let warnings = configuration.warnings.map { Check.skipped(group, "warning", $0) }
        return files + warnings
    }
}

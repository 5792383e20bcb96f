import ArgumentParser
import CommandSupport
import RunbookHost
import SharedLoop

/// `runbook audit checkpoint`.
struct AuditCheckpointCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Sign how the audit log ends now, and give that away.",
        discussion: """
            It goes where audit.checkpoint of your configuration file says; each run that writes lines does the same at its end. \
            With --json the checkpoint is printed too.
            """)

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let configuration = try Configuration.load(options)
        for warning in configuration.warnings { StandardStream.error.write("runbook: warning: \(warning.shown)\n") }
        let checkpointer = AuditCheckpointer(configuration)
        // Before the store is touched: without a destination there is nothing to do.
        guard let destination = configuration.checkpoint else { throw checkpointer.notConfigured }
        let log = StateStore(configuration)
        let head = try await StoredAuditLog(log).head()
        guard head.sequence > 0, let checkpoint = try await checkpointer.checkpoint(log.store) else {
            throw CommandError("the audit log has no line yet, so there is nothing to sign: run something first")
        }
        StandardStream.output.write(
            options.json
                ? String(decoding: checkpoint.text, as: UTF8.self) + "\n"
                : "line \(checkpoint.sequence) of the audit log is signed; the checkpoint was given to "
                    + "\(destination.description.shown)\n")
    }
}

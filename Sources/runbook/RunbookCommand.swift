import ArgumentParser

/// `runbook`: the command.
@main
struct RunbookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runbook",
        abstract: "Run security administration scripts, confined and logged.",
        discussion: """
            A runbook is a Lua script over the InsightVM console's and Cortex Xpanse's user administration. Point it at a \
            console with RUNBOOK_CONSOLE_URL, RUNBOOK_CONSOLE_USER and RUNBOOK_CONSOLE_PASSWORD, or with named targets \
            in a configuration file (see 'runbook config --help').

            Exit codes: 0 finished, 1 the runbook failed, 4 denied or stopped by a limit, 64 usage or configuration, \
            130 interrupted.
            """,
        version: "runbook \(version)",
        subcommands: [
            RunCommand.self, ListCommand.self, CheckCommand.self, CallCommand.self, OperationsCommand.self,
            TrustCommand.self, DoctorCommand.self, ConfigCommand.self, SimulateCommand.self,
        ])

    /// The program's version.
    static let version = "0.1.0"

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as CommandError {
            StandardStream.error.write("runbook: \(error.message)\n")
            exit(withError: error.code.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}

import ArgumentParser
import CommandSupport

/// `runbook-simulator`: what `runbook simulate` becomes. A program of its own, since all that it is made of would make
/// every other subcommand start later.
@main
struct SimulatorProgram: AsyncParsableCommand {
    // In messages it is the subcommand that a person has typed.
    static let configuration = CommandConfiguration(
        commandName: "runbook", version: "runbook \(programVersion)", subcommands: [SimulateCommand.self])

    static func main() async {
        do {
            var command = try parseAsRoot(["simulate"] + CommandLine.arguments.dropFirst())
            if let simulation = command as? SimulateCommand { try await simulation.run() } else { try command.run() }
        } catch { end(error) }
    }
}

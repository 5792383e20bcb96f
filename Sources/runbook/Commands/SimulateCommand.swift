import ArgumentParser
import CommandSupport
import Glibc

/// `runbook simulate`: becomes `runbook-simulator`, with the same process id, signals and streams.
struct SimulateCommand: ParsableCommand {
    static let configuration = SimulateOptions.command

    // Read here too, so that wrong flags and --help are answered by the program that was asked.
    @OptionGroup var options: SimulateOptions

    func run() throws {
        let program = Path.joined(ConfigurationSources.ownDirectory, "runbook-simulator")
        // Nothing that takes a value stands before a subcommand.
        let passed = CommandLine.arguments.dropFirst().drop { $0 != "simulate" }.dropFirst()
        var words = ([program] + passed).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        // This is the main thread, with the signal mask that the program was given.
        execv(program, &words)
        throw CommandError(
            "the simulator \(program) could not be started: \(FileFailure(errno: errno).reason). Install "
                + "runbook-simulator beside runbook.", code: .failed)
    }
}

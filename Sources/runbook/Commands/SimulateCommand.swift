import ArgumentParser
import ConsoleSimulator
import Glibc
import RunbookHost

/// `runbook simulate`.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve a simulated console and Xpanse on this machine, to try runbooks on.",
        discussion: """
            Once it listens it prints one JSON line with the address and the credentials. It serves until SIGTERM or Ctrl-C. \
            GET /_simulator/ledger lists every change it carried out.

              runbook simulate --users 2000 --locked 0.1 --fault reset-after=0.01,503=0.02
            """)

    @Option(help: "The port; 0 takes a free one.")
    var port = 0

    @Option(help: "How many users there are, besides the administrator.")
    var users = 50

    @Option(help: ArgumentHelp("How many of them are locked, as a fraction.", valueName: "fraction"))
    var locked = 0.1

    @Option(
        help: ArgumentHelp(
            "Lock exactly so many of the users of a role, such as tier-1-support=200.", valueName: "role=n"))
    var lockedInRole: String?

    @Option(help: "The same seed makes the same users.")
    var seed: UInt64 = 1

    @Flag(help: "Serve HTTPS with a self-signed certificate, as consoles do.")
    var tls = false

    @Option(help: ArgumentHelp("Answer so much later, such as 5ms.", valueName: "time"))
    var latency: String?

    @Option(
        help: ArgumentHelp(
            "Faults with their probabilities: reset-before, reset-after, 429, 503, truncate, slow.",
            valueName: "fault=p,…"))
    var fault: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        var configuration = SimulatorConfiguration(
            port: port, users: users, lockedFraction: locked, seed: seed, tls: tls)
        guard (0...65535).contains(port) else { throw CommandError("--port must be from 0 to 65535, not \(port)") }
        guard users >= 1, users <= 2_000_000 else {
            throw CommandError("--users must be from 1 to 2000000, not \(users)")
        }
        guard (0...1).contains(locked) else {
            throw CommandError("--locked must be a fraction from 0 to 1, not \(locked)")
        }
        if let latency {
            guard let time = Duration(quantity: latency) else {
                throw CommandError("--latency must be a duration such as 5ms, not '\(latency)'")
            }
            configuration.latency = time
        }
        if let fault {
            do throws(FaultSyntaxError) { configuration.faults = try Faults(parsing: fault) } catch {
                throw CommandError("--fault: \(error.description)")
            }
        }
        if let lockedInRole {
            let parts = lockedInRole.split(separator: "=")
            guard parts.count == 2, let count = Int(parts[1]), count >= 0 else {
                throw CommandError("--locked-in-role takes role=n, such as tier-1-support=200, not '\(lockedInRole)'")
            }
            configuration.lockedInRole = LockedRole(role: String(parts[0]), count: count)
        }
        let simulator = ConsoleSimulator(configuration: configuration)
        let serving = Task {
            try await simulator.run { info in StandardStream.output.write(info.jsonLine() + "\n") }
        }
        let interruption = Interruption { serving.cancel() }
        do { try await serving.value } catch is CancellationError {} catch let error as SimulatorError {
            throw CommandError(error.description, code: .failed)
        } catch {
            if !serving.isCancelled {
                throw CommandError("the simulator could not serve on port \(port): \(error)", code: .failed)
            }
        }
        interruption.end()
    }
}

import ArgumentParser
import CommandSupport
import ConsoleSimulator
import RunbookHost

/// Serves a simulated console.
struct SimulateCommand: AsyncParsableCommand {
    static let configuration = SimulateOptions.command

    @OptionGroup var options: SimulateOptions

    func run() async throws {
        let simulator = ConsoleSimulator(configuration: try configuration())
        let serving = Task {
            let isForPerson = StandardStream.output.isTerminal && !options.options.json
            try await simulator.run { info in
                StandardStream.output.write(isForPerson ? Self.introduction(info) : info.jsonLine() + "\n")
            }
        }
        let interruption = Interruption { serving.cancel() }
        do { try await serving.value } catch is CancellationError {} catch let error as SimulatorError {
            throw CommandError(error.description, code: .failed)
        } catch {
            if !serving.isCancelled {
                throw CommandError("the simulator could not serve on port \(options.port): \(error)", code: .failed)
            }
        }
        interruption.end()
    }

    /// How a person at another terminal gets there.
    private static func introduction(_ info: SimulatorInfo) -> String {
        let trust =
            info.certificate == nil ? "" : "Its certificate is self-signed: 'runbook trust' there shows and pins it.\n"
        return """
            A simulated console and Xpanse listen on \(info.url). In another terminal:

              export RUNBOOK_CONSOLE_URL=\(info.url)
              export RUNBOOK_CONSOLE_USER=\(info.user)
              export RUNBOOK_CONSOLE_PASSWORD=\(info.password)
              export RUNBOOK_XPANSE_URL=\(info.url)
              export RUNBOOK_XPANSE_KEY_ID=\(info.xpanse.standard.id)
              export RUNBOOK_XPANSE_KEY=\(info.xpanse.standard.key)
              runbook repl

            \(trust)Ctrl-C ends it, and with it all that it holds.

            """
    }

    private func configuration() throws(CommandError) -> SimulatorConfiguration {
        let port = options.port, users = options.users, locked = options.locked
        guard (0...65535).contains(port) else { throw CommandError("--port must be from 0 to 65535, not \(port)") }
        guard users >= 1, users <= 2_000_000 else {
            throw CommandError("--users must be from 1 to 2000000, not \(users)")
        }
        guard (0...1).contains(locked) else {
            throw CommandError("--locked must be a fraction from 0 to 1, not \(locked)")
        }
        var configuration = SimulatorConfiguration(
            port: port, users: users, lockedFraction: locked, seed: options.seed, tls: options.tls)
        if let latency = options.latency {
            guard let time = Duration(quantity: latency) else {
                throw CommandError("--latency must be a duration such as 5ms, not '\(latency)'")
            }
            configuration.latency = time
        }
        if let fault = options.fault {
            do throws(FaultSyntaxError) { configuration.faults = try Faults(parsing: fault) } catch {
                throw CommandError("--fault: \(error.description)")
            }
        }
        if let lockedInRole = options.lockedInRole {
            let parts = lockedInRole.split(separator: "=")
            guard parts.count == 2, let count = Int(parts[1]), count >= 0 else {
                throw CommandError("--locked-in-role takes role=n, such as tier-1-support=200, not '\(lockedInRole)'")
            }
            configuration.lockedInRole = LockedRole(role: String(parts[0]), count: count)
        }
        return configuration
    }
}

import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import SharedLoop

/// `runbook run FILE|NAME`.
struct RunCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a runbook.",
        discussion: """
            The result goes to stdout, the log and a summary to stderr. Limits can only be narrowed by the runbook's own manifest.

              runbook run unlock-locked-users --param role=security-manager
            """)

    @Argument(help: ArgumentHelp("A path, or the name of a runbook that 'runbook list' shows.", valueName: "file|name"))
    var runbook: String

    @Option(
        help: ArgumentHelp(
            "A parameter; a secret one takes env:NAME, file:PATH, or - to be asked.", valueName: "name=value"))
    var param: [String] = []

    @Option(help: ArgumentHelp("Stop the run after this long, such as 30s or 5m.", valueName: "time"))
    var timeLimit: String?

    @Option(help: ArgumentHelp("Let the script use this much memory, such as 64MB.", valueName: "size"))
    var memoryLimit: String?

    @Option(help: ArgumentHelp("Let the run make this many changes.", valueName: "n"))
    var maxChanges: Int?

    @Option(help: ArgumentHelp("Let the run make this many calls.", valueName: "n"))
    var maxCalls: Int?

    @Flag(
        help:
            "Run the script in a worker with full rights, for a runbook that you trust on a system that cannot confine."
    )
    var unconfined = false

    @Flag(name: .shortAndLong, help: "Answer every question of the runbook with yes.")
    var yes = false

    @OptionGroup var options: GlobalOptions

    func run(on loop: SharedLoop) async throws {
        let environment = ConfigurationSources.processEnvironment
        let session = try Session(options, loop: loop, isUnconfined: unconfined, environment: environment)
        let file = try RunbookFile.read(runbook, directories: session.configuration.runbookDirectories)
        var runOptions = RunOptions(
            parameters: try Self.parameters(param), limits: try limits(session.configuration.limits))
        let mayAsk = !options.noInput, yes = yes, terminal = session.terminal
        if yes {
            runOptions.confirm = { _ in true }
        } else if mayAsk, StandardStream.error.isTerminal {
            runOptions.confirm = { question in
                terminal.clearProgress()
                return Prompt.confirm(question) ?? false
            }
        }
        runOptions.secret = { name, text throws(ParameterFault) in
            do throws(CommandError) {
                return try SecretInput.read(
                    text, name: "the parameter '\(name)'", environment: environment, mayAsk: mayAsk)
            } catch { throw ParameterFault(parameter: name, reason: "cannot be had: \(error.message)") }
        }
        let started = ContinuousClock.now
        runOptions.observer = { event in
            if case .call(let calls, let changes, let operation) = event {
                terminal.show(
                    progress: "  \(calls) calls, \(changes) changes, \((ContinuousClock.now - started).readable): "
                        + operation)
            }
        }
        let run = session.host.start(file, options: runOptions)
        let interruption = Interruption {
            terminal.write(
                line: "runbook: stopping; changes in flight are waited for. Press Ctrl-C again to leave at once.")
            run.cancel()
        }
        let outcome = await run.outcome
        interruption.end()
        terminal.clearProgress()
        let isConfigurationMissing = session.transport.failure != nil && outcome.status == .failed
        await session.transport.shutdown()
        RunReport(terminal: terminal).write(outcome, asJSON: options.json)
        let status = isConfigurationMissing ? ExitStatus.usage : RunReport.exitStatus(outcome)
        if status != .success { throw status.exitCode }
    }

    private func limits(_ configured: RunLimits) throws(CommandError) -> RunLimits {
        var limits = configured
        if let timeLimit {
            guard let time = Duration(quantity: timeLimit), time > .zero else {
                throw CommandError("--time-limit must be a duration such as 30s, 5m or 1h, not '\(timeLimit)'")
            }
            limits.time = time
        }
        if let memoryLimit {
            guard let bytes = MemoryLimitFormat.bytes(memoryLimit) else {
                throw CommandError("--memory-limit must be \(MemoryLimitFormat.expected), not '\(memoryLimit)'")
            }
            limits.memory = bytes
        }
        for (flag, value) in [("--max-changes", maxChanges), ("--max-calls", maxCalls)] where (value ?? 0) < 0 {
            throw CommandError("\(flag) must be 0 or more, not \(value ?? 0)")
        }
        limits.changes = maxChanges ?? limits.changes
        limits.calls = maxCalls ?? limits.calls
        return limits
    }

    /// Reads `name=value` flags.
    static func parameters(_ flags: [String]) throws(CommandError) -> [String: ParameterInput] {
        var inputs: [String: ParameterInput] = [:]
        for flag in flags {
            guard let equals = flag.firstIndex(of: "="), equals != flag.startIndex else {
                throw CommandError("--param takes name=value, not '\(flag)'")
            }
            let name = String(flag[..<equals])
            guard inputs[name] == nil else {
                throw CommandError("--param \(name) is given twice: a list is written \(name)=a,b,c")
            }
            inputs[name] = .text(String(flag[flag.index(after: equals)...]))
        }
        return inputs
    }
}

import CommandSupport
import LuaMachine
import Logging
import Operations
import RESTClient
import RunbookHost
import RunbookStore
import SharedLoop

/// The parts put together for one command: configuration, terminal, transport, host.
struct Session {
    let configuration: Configuration
    let terminal: Terminal
    let transport: LazyTransport
    let host: RunbookHost
    /// Where runs are recorded.
    let state: StateStore

    /// Reads the configuration and makes the parts; nothing is opened yet.
    ///
    /// - Parameter loop: carries the run, its worker and the connections.
    init(
        _ options: GlobalOptions, loop: SharedLoop, isUnconfined: Bool = false, environment: [String: String],
        defaultLevel: LogLevel = .info
    ) throws(CommandError) {
        let configuration = try Configuration.load(options, environment: environment)
        let terminal = Terminal(options: options, environment: environment)
        let level = configuration.logLevel ?? defaultLevel, format = configuration.logFormat ?? .text
        let logger = Logger(label: "runbook") { _ in
            TerminalLogHandler(logLevel: level.level, terminal: terminal, format: format)
        }
        for warning in configuration.warnings { terminal.write(line: "runbook: warning: \(warning)") }
        let settings = configuration.targetName.flatMap { configuration.targets[$0] }?.services ?? []
        let secrets = RunSecrets(), transportLogger = secrets.guarding(logger)
        let transport = LazyTransport(inItsWords: { message, service in
            settings.first { $0.service == service }?.inItsWords(message) ?? message
        }) { () throws(CommandError) in
            RESTTransport(
                target: try configuration.target(), logger: transportLogger, eventLoopGroup: loop.group,
                userAgent: "runbook/\(programVersion)")
        }
        let machines: MachineProvider
        do throws(MachineError) {
            let supervisor = try WorkerSupervisor(
                executable: WorkerSupervisor.executableBesideProgram(), carrier: loop)
            machines = isUnconfined ? .unconfined(supervisor) : .confined(supervisor)
        } catch { throw CommandError(error.description, code: .failed) }
        self.configuration = configuration
        self.terminal = terminal
        self.transport = transport
        let warn = { (warning: String) in terminal.write(line: "runbook: warning: \(warning)") }
        let state = StateStore(configuration)
        self.state = state
        host = RunbookHost(
            transport: transport, machines: machines, policy: configuration.policy,
            journaling: Journaling(
                store: state.store, sealer: try StateKey(configuration).sealer(warn: warn),
                owner: .current, version: programVersion, isAlive: \.isAlive),
            logger: logger, secrets: secrets)
    }

    /// The target's name and addresses, as runs record them.
    var target: JSONValue {
        guard let name = configuration.targetName, let settings = configuration.targets[name] else { return [:] }
        var members: [String: JSONValue] = ["name": .string(name)]
        for service in settings.services {
            if let url = service.url?.value { members[service.service.rawValue] = .string(url) }
        }
        return .object(members)
    }
}

extension LogLevel {
    /// As swift-log has it.
    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warn: .warning
        case .error: .error
        }
    }
}

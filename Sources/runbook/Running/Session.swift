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
        for warning in configuration.warnings { terminal.write(line: "runbook: warning: \(warning)") }
        try self.init(
            configuration, terminal: terminal, state: StateStore(configuration), loop: loop,
            isUnconfined: isUnconfined, defaultLevel: defaultLevel)
    }

    /// Makes the parts that a configuration asks for, about one store.
    ///
    /// - Parameters:
    ///   - warn: is told what a person should know of the secrets that are read. Default: a line on the terminal.
    ///   - watching: says which processes are there, and is told of commits. Default: the system is asked, and nobody is
    ///     told.
    init(
        _ configuration: Configuration, terminal: Terminal, state: StateStore, loop: SharedLoop,
        isUnconfined: Bool = false, defaultLevel: LogLevel = .info, namesRuns: Bool = false,
        warn: ((String) -> Void)? = nil, watching: (inout Journaling) -> Void = { _ in }
    ) throws(CommandError) {
        let logger = Self.logger(
            configuration, terminal: terminal, defaultLevel: defaultLevel, namesRuns: namesRuns)
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
        let warn = warn ?? { terminal.write(line: "runbook: warning: \($0)") }
        self.state = state
        var journaling = Journaling(
            store: state.store, sealer: try StateKey(configuration).sealer(warn: warn),
            owner: .current, version: programVersion, isAlive: \.isAlive)
        watching(&journaling)
        host = RunbookHost(
            transport: transport, machines: machines, policy: configuration.policy,
            journaling: journaling, logger: logger, secrets: secrets)
    }

    /// Writes log lines to stderr, as the configuration says.
    ///
    /// - Parameter namesRuns: whether each line says of which run it is.
    static func logger(
        _ configuration: Configuration, terminal: Terminal, defaultLevel: LogLevel = .info, namesRuns: Bool = false
    ) -> Logger {
        let level = configuration.logLevel ?? defaultLevel, format = configuration.logFormat ?? .text
        return Logger(label: "runbook") { _ in
            TerminalLogHandler(
                logLevel: level.level, terminal: terminal, format: format, namesRuns: namesRuns)
        }
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

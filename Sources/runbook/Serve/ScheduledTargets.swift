import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import SharedLoop
import Synchronization

/// The targets that scheduled runs go to, each with its connections: made when first needed, and made anew after the
/// configuration has changed.
final class ScheduledTargets: Sendable {
    private struct State {
        var configuration: Configuration
        var sessions: [String?: LazySession] = [:]
        /// What was read so far, to be told to nobody: also what is not used any more, as old errors may hold it.
        var secrets = SecretSearch()
    }

    /// A target's session, made when it is first needed. Only those who need the same one wait for it.
    private final class LazySession: Sendable {
        let made = Mutex<Session?>(nil)
        let began = ContinuousClock.now

        /// The session, unless it is only being made.
        var ifMade: Session? { made.withLockIfAvailable { $0 } ?? nil }
    }

    /// A target whose password cannot be had is not asked for it again sooner.
    private static let pause = Duration.seconds(1)

    private let options: GlobalOptions
    private let environment: [String: String]
    private let terminal: Terminal
    private let stateStore: StateStore
    private let loop: SharedLoop
    private let isUnconfined: Bool
    private let warn: @Sendable (String) -> Void
    private let watching: @Sendable (inout Journaling) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - configuration: as it is now; ``reload()`` reads it again.
    ///   - warn: is told what a person should know of the configuration. Default: a line on the terminal.
    ///   - watching: see `Session`.
    init(
        _ configuration: Configuration, options: GlobalOptions, environment: [String: String], terminal: Terminal,
        state: StateStore, loop: SharedLoop, isUnconfined: Bool,
        warn: (@Sendable (String) -> Void)? = nil,
        watching: @escaping @Sendable (inout Journaling) -> Void
    ) {
        self.options = options
        self.environment = environment
        self.terminal = terminal
        stateStore = state
        self.loop = loop
        self.isUnconfined = isUnconfined
        self.warn = warn ?? { terminal.write(line: "runbook: warning: \($0)") }
        self.watching = watching
        self.state = Mutex(State(configuration: configuration))
    }

    /// The configuration as it was last read.
    var configuration: Configuration { state.withLock(\.configuration) }

    /// Reads the configuration again. Runs under way go on with what they have.
    ///
    /// - Throws: ``CommandError`` if it cannot be used; everything stays as it was.
    func reload() throws(CommandError) {
        let configuration = try Configuration.load(options, environment: environment)
        guard configuration.stateDirectory == stateStore.directory else {
            throw CommandError(
                "the state folder is another one now, \(configuration.stateDirectory): start the daemon anew for that")
        }
        for warning in configuration.warnings { warn(warning) }
        learn()
        state.withLock { state in
            state.configuration = configuration
            state.sessions = [:]
        }
    }

    /// What runs at a target are made with.
    ///
    /// - Parameter target: its name; `nil` for that which the configuration chooses.
    func host(for target: String?) async throws(ScheduleFault) -> ScheduledHost {
        if let session = readySession(for: target) { return place(of: session) }
        let session: Session
        do throws(CommandError) {
            // The key of the state may be printed by a program too.
            session = try await OffThread.run {
                Result { () throws(CommandError) in try self.session(for: target) }
            }.get()
        } catch { throw ScheduleFault(error.message) }
        await session.transport.prepare()
        learn(session.transport.secrets)
        return place(of: session)
    }

    /// The session at hand, if nothing of it must be made any more.
    private func readySession(for target: String?) -> Session? {
        guard let lazy = state.withLock({ $0.sessions[target] }), let session = lazy.ifMade,
            session.transport.isMade
        else { return nil }
        // A password that could not be had may be there the next time.
        if session.transport.failure != nil, ContinuousClock.now - lazy.began > Self.pause {
            forget(target)
            return nil
        }
        return session
    }

    private func place(of session: Session) -> ScheduledHost {
        let environment = environment
        var place = ScheduledHost(session.host, target: session.target, limits: session.configuration.limits) {
            [self] name, text throws(ParameterFault) in
            // A program that prints the secret may take its time.
            let secret = try await OffThread.run {
                Result { () throws(ParameterFault) in try Self.secret(name, text, environment) }
            }.get()
            learn([secret])
            return secret
        }
        place.file = { name, path throws(ParameterFault) in
            // A file may stand on a slow disk.
            try await OffThread.run {
                Result { () throws(ParameterFault) in try FileInput.read(name, path) }
            }.get()
        }
        return place
    }

    /// What carries runs at these targets.
    ///
    /// - Parameter ended: is told of each run's end.
    func runner(ended: @escaping @Sendable (SlotOrder, RunOutcome) async -> Void) -> HostRunner {
        HostRunner(
            hosts: { [self] target throws(ScheduleFault) in try await host(for: target) },
            read: { path throws(ScheduleFault) in
                do throws(CommandError) { return try RunbookFile.read(path: path) } catch {
                    throw ScheduleFault(error.message)
                }
            },
            ended: { [self] order, outcome in
                if outcome.error?.kind == "unauthorized" { forget(order.schedule.target) }
                await ended(order, outcome)
            })
    }

    /// Signs how the audit log ends and gives that away, if the configuration says so.
    ///
    /// - Returns: what a person should know if that did not work.
    func checkpoint() async -> String? {
        let checkpointer = AuditCheckpointer(configuration), store = stateStore.store
        guard checkpointer.isConfigured else { return nil }
        // Whoever takes the checkpoint may take his time.
        return await OffThread.run { await checkpointer.endRun(store) }
    }

    /// Connects anew for the next run, with the credentials as they are then: those at hand were refused.
    func forget(_ target: String?) {
        learn()
        state.withLock { $0.sessions[target] = nil }
    }

    /// The text without the secrets of all targets and parameters that were read so far.
    func redact(_ text: String) -> String {
        learn()
        return state.withLock(\.secrets).redact(text)
    }

    /// Takes note of secrets, and of those that the transports at hand have come to.
    private func learn(_ secrets: [SecretValue] = []) {
        let sessions = state.withLock { Array($0.sessions.values) }
        let known = secrets + sessions.flatMap { $0.ifMade?.transport.secrets ?? [] }
        state.withLock { state in for secret in known { state.secrets.add(secret.reveal()) } }
    }

    private static func secret(
        _ name: String, _ text: String, _ environment: [String: String]
    ) throws(ParameterFault) -> SecretValue {
        do throws(CommandError) {
            return try SecretInput.read(text, name: "the parameter '\(name)'", environment: environment, mayAsk: false)
        } catch { throw ParameterFault(parameter: name, reason: "cannot be had: \(error.message)") }
    }

    private func session(for target: String?) throws(CommandError) -> Session {
        let session = state.withLock { state in
            let session = state.sessions[target] ?? LazySession()
            state.sessions[target] = session
            return session
        }
        let result = session.made.withLock { made -> Result<Session, CommandError> in
            if let made { return .success(made) }
            return Result { () throws(CommandError) in
                let session = try makeSession(for: target)
                made = session
                return session
            }
        }
        return try result.get()
    }

    private func makeSession(for target: String?) throws(CommandError) -> Session {
        var options = options
        options.target = target ?? options.target
        let configuration = try Configuration.load(options, environment: environment)
        return try Session(
            configuration, terminal: terminal, state: stateStore, loop: loop, isUnconfined: isUnconfined,
            namesRuns: true, warn: warn, watching: watching)
    }

    /// Closes all connections.
    func shutdown() async {
        let sessions = state.withLock { state in
            defer { state.sessions = [:] }
            return Array(state.sessions.values)
        }
        for session in sessions { await session.ifMade?.transport.shutdown() }
    }
}

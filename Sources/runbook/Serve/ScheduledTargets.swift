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
        var sessions: [String?: Session] = [:]
    }

    private let options: GlobalOptions
    private let environment: [String: String]
    private let terminal: Terminal
    private let stateStore: StateStore
    private let loop: SharedLoop
    private let isUnconfined: Bool
    private let watching: @Sendable (inout Journaling) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - configuration: as it is now; ``reload()`` reads it again.
    ///   - watching: see `Session`.
    init(
        _ configuration: Configuration, options: GlobalOptions, environment: [String: String], terminal: Terminal,
        state: StateStore, loop: SharedLoop, isUnconfined: Bool,
        watching: @escaping @Sendable (inout Journaling) -> Void
    ) {
        self.options = options
        self.environment = environment
        self.terminal = terminal
        stateStore = state
        self.loop = loop
        self.isUnconfined = isUnconfined
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
        state.withLock { $0 = State(configuration: configuration) }
    }

    /// What runs at a target are made with.
    ///
    /// - Parameter target: its name; `nil` for that which the configuration chooses.
    func host(for target: String?) async throws(ScheduleFault) -> ScheduledHost {
        let session: Session
        do throws(CommandError) { session = try self.session(for: target) } catch {
            throw ScheduleFault(error.message)
        }
        await session.transport.prepare()
        // A password that could not be had may be there the next time.
        if session.transport.failure != nil { forget(target) }
        let environment = environment
        return ScheduledHost(session.host, target: session.target, limits: session.configuration.limits) {
            name, text throws(ParameterFault) in
            // Off this thread: a program that prints the secret may take its time.
            try await Task.detached {
                Result { () throws(ParameterFault) in try Self.secret(name, text, environment) }
            }.value.get()
        }
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
        // Off this thread: whoever takes the checkpoint may take his time.
        return await Task.detached { await checkpointer.endRun(store) }.value
    }

    /// Connects anew for the next run, with the credentials as they are then: those at hand were refused.
    func forget(_ target: String?) { state.withLock { $0.sessions[target] = nil } }

    private static func secret(
        _ name: String, _ text: String, _ environment: [String: String]
    ) throws(ParameterFault) -> SecretValue {
        do throws(CommandError) {
            return try SecretInput.read(text, name: "the parameter '\(name)'", environment: environment, mayAsk: false)
        } catch { throw ParameterFault(parameter: name, reason: "cannot be had: \(error.message)") }
    }

    private func session(for target: String?) throws(CommandError) -> Session {
        let result = state.withLock { state -> Result<Session, CommandError> in
            if let session = state.sessions[target] { return .success(session) }
            do throws(CommandError) {
                var options = options
                options.target = target ?? options.target
                let configuration = try Configuration.load(options, environment: environment)
                let session = try Session(
                    configuration, terminal: terminal, state: stateStore, loop: loop, isUnconfined: isUnconfined,
                    namesRuns: true, watching: watching)
                state.sessions[target] = session
                return .success(session)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Closes all connections.
    func shutdown() async {
        let sessions = state.withLock { state in
            defer { state.sessions = [:] }
            return Array(state.sessions.values)
        }
        for session in sessions { await session.transport.shutdown() }
    }
}

internal import LuaMachine
internal import Logging
internal import Operations
internal import Synchronization

/// The loop of one run: takes the machine's events, passes each call through the gate, and answers.
///
/// What is decided in the order of the calls (arguments, policy, budget) is decided in this one loop; what takes time
/// runs beside it, and the replies go to the machine in the order in which they are recorded here.
final class RunExecution: Sendable {
    struct State {
        var machine: (any LuaMachine)?
        var manifest: Manifest?
        var isDeclared = false
        var budget: Budget
        var vault = SecretVault()
        var changes: [ChangeRecord] = []
        var inFlight: [UInt32: InFlight] = [:]
        var deadline: Task<Void, Never>?
        /// Why the host ended the run, if it did: wins over what the machine then reports.
        var ending: (status: RunStatus, error: RunError)?
        var isOver = false
        /// Whether the machine was told to end.
        var isInterrupted = false
        /// The functions under way whose changes belong together.
        var composites = Composites()
    }

    struct InFlight {
        /// Known once the loop has begun it.
        var task: Task<Void, Never>?
        let isChange: Bool
    }

    let id: String
    let runbook: Runbook
    let host: RunbookHost
    let options: RunOptions
    let logger: Logger
    let began: Duration
    let state: Mutex<State>

    init(id: String, runbook: Runbook, host: RunbookHost, options: RunOptions) {
        self.id = id
        self.runbook = runbook
        self.host = host
        self.options = options
        var logger = host.logger
        logger[metadataKey: "run"] = .string(id)
        logger[metadataKey: "runbook"] = .string(runbook.name)
        self.logger = logger
        began = host.clock.monotonic()
        state = Mutex(State(budget: Budget(options.limits)))
    }

    var elapsed: Duration { host.clock.monotonic() - began }

    // MARK: The loop

    func run() async -> RunOutcome {
        var end: (RunStatus, JSONValue, RunError?, Int)
        do throws(MachineError) {
            let machine = try await host.machines.start(
                host.program(runbook, limits: options.limits, seed: host.random()))
            let wasEnded = state.withLock { state in
                state.machine = machine
                return state.ending != nil
            }
            if wasEnded { machine.interrupt(.cancel) }
            setDeadline(options.limits.time)
            end = await drive(machine)
            await settle()
            for problem in await restoreAccess() {
                end.0 = end.0 == .succeeded ? .failed : end.0
                end.2 = Self.adding(problem, to: end.2)
            }
            await machine.close()
        } catch {
            end = (.failed, .null, RunError(kind: "machine", message: error.description), 0)
        }
        state.withLock { state in
            state.deadline?.cancel()
            state.machine = nil
        }
        options.observer?(.ended)
        return outcome(end)
    }

    private func outcome(_ end: (status: RunStatus, result: JSONValue, error: RunError?, peak: Int)) -> RunOutcome {
        state.withLock { state in
            let result = state.vault.open(end.result)
            return RunOutcome(
                id: id, runbook: runbook.name, sha256: runbook.sha256, status: end.status, result: result,
                error: end.error, calls: state.budget.calls, changes: state.changes, duration: elapsed,
                peakMemory: end.peak, isConfined: host.machines.isConfined)
        }
    }

    private func drive(_ machine: any LuaMachine) async -> (RunStatus, JSONValue, RunError?, Int) {
        while true {
            let event: MachineEvent
            do throws(MachineError) { event = try await machine.nextEvent() } catch {
                if let ending = state.withLock(\.ending) { return (ending.status, .null, ending.error, 0) }
                return (.failed, .null, RunError(kind: "machine", message: error.description), 0)
            }
            switch event {
            case .calls(let calls):
                for call in calls {
                    if call.isNote { note(call) } else { handle(call, machine) }
                }
            case .finished(let json, let usage):
                if let ending = state.withLock(\.ending) {
                    return (ending.status, .null, ending.error, usage.peakMemory)
                }
                guard state.withLock(\.isDeclared) || !options.requiresManifest else {
                    return (.failed, .null, .withoutManifest(runbook.name), usage.peakMemory)
                }
                guard let result = try? JSONValue(parsing: json) else {
                    return (.failed, .null, .unreadable("the result"), usage.peakMemory)
                }
                return (.succeeded, result, nil, usage.peakMemory)
            case .failed(let report, let usage):
                if let ending = state.withLock(\.ending) {
                    return (ending.status, .null, ending.error, usage.peakMemory)
                }
                let error = MachineReport(report).error
                return (
                    error.kind == APIError.Kind.denied.rawValue ? .stopped : .failed, .null, error, usage.peakMemory
                )
            case .stopped(let report, let usage):
                let (status, error) = ended(by: MachineReport(report))
                return (status, .null, error, usage.peakMemory)
            }
        }
    }

    /// Waits for the calls in flight: reads are abandoned, changes have the grace to be answered.
    private func settle() async {
        let (reads, changes) = state.withLock { state in
            state.isOver = true
            let tasks = state.inFlight.values
            return (tasks.filter { !$0.isChange }.compactMap(\.task), tasks.filter(\.isChange).compactMap(\.task))
        }
        for task in reads { task.cancel() }
        let unanswered = state.withLock { $0.changes.count { $0.outcome == .pending } }
        if unanswered > 0 {
            logger.info("waiting for changes in flight", metadata: ["count": .stringConvertible(unanswered)])
            let clock = host.clock, grace = options.grace
            let patience = Task {
                try? await clock.sleep(for: grace)
                for task in changes { task.cancel() }
            }
            for task in changes { await task.value }
            patience.cancel()
        }
        for task in changes + reads { await task.value }
    }

    private static func adding(_ problem: String, to error: RunError?) -> RunError {
        guard let error else { return RunError(kind: "unavailable", message: problem) }
        return RunError(
            kind: error.kind, message: "\(error.message). \(problem)", location: error.location,
            traceback: error.traceback, value: error.value)
    }

    // MARK: Ending a run

    func cancel() {
        end(.cancelled, RunError(kind: "cancelled", message: "the run was cancelled; nothing more was sent"), .cancel)
    }

    /// Ends the run for a reason of the host's own.
    func end(_ status: RunStatus, _ error: RunError, _ why: MachineInterrupt = .cancel) {
        let machine = state.withLock { state -> (any LuaMachine)? in
            guard state.ending == nil, !state.isOver else { return nil }
            state.ending = (status, error)
            return state.machine
        }
        if machine != nil { interrupt(why) }
    }

    /// Ends the machine; from here on nothing more is sent.
    private func interrupt(_ why: MachineInterrupt) {
        let machine = state.withLock { state in
            state.isInterrupted = true
            return state.machine
        }
        machine?.interrupt(why)
    }

    /// Whether calls are still made: not once the run is to end, also for what waits for its turn.
    var isGoingOn: Bool { state.withLock { $0.ending == nil && !$0.isInterrupted && !$0.isOver } }

    func endComposite(_ task: UInt32) {
        // What a script says that was told of a call which was not sent any more leaves the rest to the host.
        guard isGoingOn else { return }
        state.withLock { $0.budget.release(changes: $0.composites.end(in: task)) }
    }

    func setDeadline(_ time: Duration) {
        let clock = host.clock
        let remaining = time - elapsed
        // Beside the concurrency pool: whoever keeps that busy must not keep a run alive.
        let task = Task(executorPreference: host.watch) { [weak self] in
            do { try await clock.sleep(for: remaining) } catch { return }
            self?.interrupt(.time)
        }
        let previous = state.withLock { state in
            defer { state.deadline = task }
            return state.deadline
        }
        previous?.cancel()
    }

    /// What a machine's report of a limit means: the host's own reason if it had one.
    private func ended(by report: MachineReport) -> (RunStatus, RunError) {
        if let ending = state.withLock(\.ending) {
            let error = ending.error
            // What is wrong with the manifest or the parameters is not about where the script stood.
            let isAboutTheScript = error.kind == "limit" || error.kind == "cancelled"
            return (
                ending.status,
                RunError(
                    kind: error.kind, message: error.message, location: error.location ?? report.location,
                    traceback: isAboutTheScript ? report.traceback : [], value: error.value)
            )
        }
        guard let name = ReachedLimit.Name(rawValue: report.limit) else {
            return (
                .cancelled,
                RunError(
                    kind: "cancelled", message: "the run was cancelled", location: report.location,
                    traceback: report.traceback)
            )
        }
        let reached = ReachedLimit(name: name, limits: state.withLock(\.budget.limits))
        return (.stopped, reached.error(location: report.location, traceback: report.traceback))
    }

    /// Ends the run instead of a call that would pass a limit.
    func stop(at limit: ReachedLimit.Name, _ call: MachineCall) {
        let reached = ReachedLimit(name: limit, limits: state.withLock(\.budget.limits))
        end(.stopped, reached.error(at: call.name, location: "\(runbook.name):\(call.line)"))
    }
}

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
        /// Whether the statement of a session has made a call, and so has a record.
        var hasBegun = false
        var budget: Budget
        var vault: SecretVault
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
        /// How many calls each task has made.
        var positions: [UInt32: UInt32] = [:]
        /// What an earlier process wrote down, while it is gone through again.
        var replay: Replay?
        /// Log lines that need not be written again.
        var logLinesToSkip = 0
        /// What is known of changes under way, by the machine's number of the call.
        var changeFacts: [UInt32: [String: JSONValue]] = [:]
        /// Changes that a person must decide on.
        var undecided: [(id: UInt32, name: String, line: UInt32, why: String)] = []
        /// What was read a moment ago.
        var recent = RecentReads()
        /// The plan that is being made.
        var draft = PlanDraft()
        /// What is left of the plan that is applied.
        var check: PlanCheck?
        /// Creations of that plan under way, by the machine's number of the call.
        var creations: [UInt32: PlannedChange] = [:]
        /// What was called, for the record of a session.
        var operations: [String] = []
        /// The parameters, once they are known.
        var parameters: [String: JSONValue] = [:]
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
    let seed: UInt64
    let journal: RunJournal?
    let auditor: Auditor?
    /// What servers may answer secrets under.
    let secretNames: SecretNames
    /// What the record says of the source once it goes on with it.
    let origin: [UInt8]
    /// What must not leave the run in clear.
    let known: KnownSecrets
    /// The session that it is a statement of, if it is one.
    let stage: SessionStage?
    let state: Mutex<State>
    /// Held while an answer is written down and given, so that the journal has the machine's order.
    let delivery = Mutex<Void>(())

    /// - Parameters:
    ///   - past: what an earlier process left of the run, if it is taken up again.
    ///   - stage: the session that it is a statement of, if it is one.
    init(
        id: String, runbook: Runbook, host: RunbookHost, options: RunOptions, past: Past? = nil,
        stage: SessionStage? = nil
    ) {
        self.id = id
        self.runbook = runbook
        self.host = host
        self.options = options
        self.stage = stage
        seed = past?.record.seed ?? options.plan?.seed ?? options.seed ?? host.random()
        let transport = host.transport, known = stage?.known ?? KnownSecrets { transport.secrets }
        for secret in options.known + (options.plan?.known ?? []) { known.add(.secret(secret)) }
        self.known = known
        var logger = host.logger
        logger.handler = RedactingLogHandler(logger.handler) { [known.redactor] }
        logger[metadataKey: "run"] = .string(id)
        logger[metadataKey: "runbook"] = .string(runbook.name)
        self.logger = logger
        began = host.clock.monotonic() - .milliseconds(past?.replay.elapsed ?? 0)
        var state = State(budget: Budget(options.limits), vault: stage?.vault ?? SecretVault(known))
        if let stage { state.draft = stage.draft }
        state.check = options.plan.map { PlanCheck($0) }
        if let journaling = host.journaling {
            let signedBy = host.policy.signatures.signer(of: runbook)
            if let past {
                var record = past.record
                record.isConfined = host.machines.isConfined
                record.version = journaling.version
                journal = RunJournal(
                    journaling, record: record, known: known, lease: past.lease, sequence: past.replay.sequence,
                    hash: past.replay.hash, executor: host.machines.executor,
                    now: { host.clock.monotonic() })
                state.replay = past.replay
                state.logLinesToSkip = past.replay.logLines
            } else {
                var record = RunRecord(
                    id: id, mode: options.mode, runbook: runbook.name, sha256: runbook.sha256, limits: options.limits,
                    seed: seed, prelude: RunbookHost.preludeHash, isConfined: host.machines.isConfined,
                    began: host.clock.unixMilliseconds(), owner: journaling.owner)
                record.actor = options.actor
                record.origin = options.origin
                record.approval = options.approval
                record.target = options.target
                record.plan = options.plan?.id ?? ""
                record.version = journaling.version
                record.requiresManifest = options.requiresManifest
                record.isStatement = stage != nil
                record.signedBy = signedBy
                record.sealed = RunOrigin(runbook, parameters: options.parameters)
                    .sealed(by: journaling.sealer, run: id)
                journal = RunJournal(
                    journaling, record: record, known: known, executor: host.machines.executor,
                    now: { host.clock.monotonic() })
            }
            var audited = journal?.record
            if past != nil {
                // Whoever takes it up answers for the rest.
                audited?.actor = options.actor
                audited?.approval = options.approval
                audited?.sha256 = runbook.sha256
                audited?.runbook = runbook.name
                audited?.signedBy = signedBy
                audited?.version = journaling.version
            }
            auditor = audited.map { Auditor($0, sealer: journaling.sealer, known: known) }
        } else {
            journal = nil
            auditor = nil
        }
        origin = past?.origin ?? []
        secretNames = SecretNames(host.catalogue.secretNames)
        self.state = Mutex(state)
        journal?.whenFailed { [weak self] error in
            self?.end(.failed, RunError(.store, message: error.description), .cancel)
        }
    }

    /// What an earlier process left of a run.
    struct Past: Sendable {
        let record: RunRecord
        let lease: RunLease
        let replay: Replay
        /// Source and parameters that it goes on with, sealed.
        let origin: [UInt8]
    }

    var elapsed: Duration { host.clock.monotonic() - began }

    // MARK: The loop

    func run() async -> RunOutcome {
        var end: (RunStatus, JSONValue, RunError?, Int)
        // Beside the start of the machine, which takes about as long. What only computes leaves a session no record.
        let beginning = Task(executorPreference: host.machines.executorWithoutScripts) {
            self.stage == nil ? await self.beginJournal() : nil
        }
        host.secrets?.begin(id, known)
        defer { host.secrets?.end(id) }
        let renewal = renewLease()
        defer { renewal?.cancel() }
        if stage == nil, let refusal = host.refusal(of: runbook, options: options) {
            return await refused(refusal, await beginning.value)
        }
        do throws(MachineError) {
            let machine = try await machine()
            if let failure = await beginning.value {
                await machine.close()
                return notBegun(failure)
            }
            let wasEnded = state.withLock { state in
                state.machine = machine
                return state.ending != nil
            }
            stage?.begin(runbook, limits: options.limits.machine)
            if wasEnded { machine.interrupt(.cancel) }
            setDeadline(options.limits.time)
            if state.withLock({ $0.replay != nil }) { beginReplay() }
            end = await drive(machine)
            await settle()
            // Of what the journal tells nothing is left to the host: nothing is sent before all of it fitted.
            if state.withLock({ $0.replay == nil }) {
                for problem in await restoreAccess() {
                    end.0 = end.0 == .succeeded ? .failed : end.0
                    end.2 = Self.adding(problem, to: end.2)
                }
            }
            promoteUndecided(&end)
            if stage == nil { await machine.close() }
        } catch {
            _ = await beginning.value
            end = (.failed, .null, RunError(.machine, message: error.description), 0)
        }
        state.withLock { state in
            state.deadline?.cancel()
            state.machine = nil
        }
        end.2 = end.2.map { known.redactor.redact($0) }
        let ended = await recordEnd(outcome(end))
        options.observer?(.ended)
        return ended
    }

    /// The machine that the script runs on: one of its own, or that of its session.
    private func machine() async throws(MachineError) -> any LuaMachine {
        if let stage { return stage.machine }
        return try await host.machines.start(host.program(runbook, limits: options.limits, seed: seed))
    }

    /// Whatever else has ended the run: with a change of which nobody knows, a person has to decide first.
    private func promoteUndecided(_ end: inout (RunStatus, JSONValue, RunError?, Int)) {
        let undecided = state.withLock(\.undecided)
        guard let last = undecided.last, end.0 != .needsDecision, end.0 != .diverged else { return }
        let also = end.2.map { ". Besides: \($0.message)" } ?? ""
        end.0 = .needsDecision
        end.2 = .undecided(id, undecided.map { ($0.id, $0.name, $0.line) }, last.why + also, runbook.name)
    }

    func outcome(_ end: (status: RunStatus, result: JSONValue, error: RunError?, peak: Int)) -> RunOutcome {
        let plan = madePlan()
        return state.withLock { state in
            let result = state.vault.open(end.result)
            let values =
                stage == nil
                ? []
                : (result.arrayValue ?? []).compactMap { ShownValue(described: $0) }
                    .map { $0.closed(by: known.redactor) }
            return RunOutcome(
                id: id, runbook: runbook.name, sha256: runbook.sha256, status: end.status,
                result: stage == nil ? result : values.first?.json ?? .null, values: values,
                error: end.error, plan: plan, unmade: state.check?.left ?? [], calls: state.budget.calls,
                changes: state.changes, duration: elapsed,
                peakMemory: end.peak, isConfined: host.machines.isConfined,
                isResumable: isResumable(end.status, end.error))
        }
    }

    private func isResumable(_ status: RunStatus, _ error: RunError?) -> Bool {
        guard var record = journal?.record, status != .diverged else { return false }
        record.status = status
        record.error = error?.json ?? .null
        // Of a store that fails nobody knows what it has.
        return record.canBeResumed && error?.kind != "store"
    }

    private func drive(_ machine: any LuaMachine) async -> (RunStatus, JSONValue, RunError?, Int) {
        while true {
            let event: MachineEvent
            do throws(MachineError) { event = try await machine.nextEvent() } catch {
                if let ending = state.withLock(\.ending) { return (ending.status, .null, ending.error, 0) }
                return (.failed, .null, RunError(.machine, message: error.description), 0)
            }
            switch event {
            case .calls(let calls):
                if stage != nil, calls.contains(where: { !$0.isNote }), let failure = await beginOnce() {
                    end(.failed, RunError(.store, message: "nothing was sent: \(failure)"))
                }
                for call in calls {
                    if call.isNote { note(call) } else { handle(call, machine) }
                }
            case .waiting: replayIsWaiting()
            case .ready: continue
            case .diverged(_, let usage):
                if let ending = state.withLock(\.ending) {
                    return (ending.status, .null, ending.error, usage.peakMemory)
                }
                return (.diverged, .null, divergence(state.withLock { $0.replay?.leftover }), usage.peakMemory)
            case .finished(_, let usage) where !endReplay(), .failed(_, let usage) where !endReplay():
                let error = divergence(state.withLock { $0.replay?.leftover })
                return (.diverged, .null, error, usage.peakMemory)
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
                let vault = state.withLock(\.vault)
                let error = MachineReport(report, opening: vault.open).error
                return (
                    error.kind == APIError.Kind.denied.rawValue ? .stopped : .failed, .null, error, usage.peakMemory
                )
            case .stopped(let report, let usage):
                let (status, error) = ended(by: MachineReport(report))
                return (status, .null, error, usage.peakMemory)
            }
        }
    }

    /// A run that could not be recorded.
    func notBegun(_ failure: StoreError) -> RunOutcome {
        options.observer?(.ended)
        return outcome((.failed, .null, RunError(.store, message: "nothing was run: \(failure)"), 0))
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

    static func adding(_ problem: String, to error: RunError?) -> RunError {
        guard let error else { return RunError(kind: "unavailable", message: problem) }
        return RunError(
            kind: error.kind, message: "\(error.message). \(problem)", location: error.location,
            traceback: error.traceback, value: error.value)
    }

    // MARK: Ending a run

    func cancel() {
        end(.cancelled, RunError(.cancelled, message: "the run was cancelled; nothing more was sent"), .cancel)
    }

    /// Ends the run at once: nothing in flight is waited for, and the machine is lost.
    func abandon() {
        cancel()
        let (machine, tasks) = state.withLock { ($0.machine, $0.inFlight.values.compactMap(\.task)) }
        for task in tasks { task.cancel() }
        if let machine { Task { await machine.close() } }
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
                    .cancelled, message: "the run was cancelled", location: report.location,
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

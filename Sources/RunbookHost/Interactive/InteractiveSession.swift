internal import LuaMachine
public import Operations
internal import Synchronization

/// Statements one after the other on one machine: what the earlier ones left in variables is there for the later ones.
///
/// Each statement that makes a call is a run of its own, which passes the same gate and has its own journal. In plan mode,
/// in which a session begins, the statements share one plan: what it lists is not sent, and later reads answer as if it had
/// been.
///
/// ```swift
/// let session = InteractiveSession(host: host, options: SessionOptions())
/// let outcome = await session.evaluate(Runbook(name: "repl[1]", source: "return users.find { login = 'ada' }"))
/// ```
///
/// One statement at a time: another one waits for it.
public actor InteractiveSession {
    /// What typed statements are about: everything is a statement but what only looks.
    public enum Purpose: Sendable, Hashable {
        /// What a person typed: it sets `_`, and if it fails the variables are put back as they were before it.
        case statement
        /// An expression of which the whole value is wanted, however large; it leaves `_` alone.
        case value
    }

    private let host: RunbookHost
    /// How statements are run; may be changed between them.
    public var options: SessionOptions
    /// `plan` or `run`. Default: `plan`.
    public private(set) var mode = RunMode.plan
    private let known: KnownSecrets
    private let seed: UInt64
    private var vault: SecretVault
    private var draft = PlanDraft()
    private var machine: (any LuaMachine)?
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Whether the machine was lost, and nobody has been told.
    public private(set) var isMachineLost = false
    /// Changes that were sent, or may have been.
    private var sent = 0
    /// What was there before anything was typed.
    private var ownNames: Set<String> = []
    /// The statement under way, for whoever ends it from another thread, and whether it is ended with the machine.
    private nonisolated let current = Mutex<(execution: RunExecution, isAbandoned: Bool)?>(nil)

    /// A session; its machine is started with the first statement, or by ``prepare()``.
    ///
    /// - Parameters:
    ///   - host: what its calls pass.
    ///   - options: what holds for the whole session.
    ///   - mode: `plan` or `run`. Default: `plan`.
    ///   - seed: Default: random.
    public init(host: RunbookHost, options: SessionOptions, mode: RunMode = .plan, seed: UInt64? = nil) {
        self.host = host
        self.options = options
        self.mode = mode == .run ? .run : .plan
        let transport = host.transport
        known = KnownSecrets { transport.secrets }
        vault = SecretVault(known)
        self.seed = seed ?? host.random()
    }

    /// How long names may take: far less, but on a machine that is busy with other things.
    private static let patience: Duration = .seconds(30)

    /// Whether a text holds a secret that the session has come across.
    nonisolated public func holdsSecret(_ text: String) -> Bool { known.redactor.isNeeded(for: Array(text.utf8)) }

    /// Whether a name is nobody's but the session's person's.
    public func isFree(_ name: String) -> Bool { name != "_" && !ownNames.contains(name) }

    // MARK: Turns

    /// One at a time: an actor alone would let another in wherever this one waits.
    private func takeTurn() async {
        guard isBusy else {
            isBusy = true
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func endTurn() {
        guard waiting.isEmpty else { return waiting.removeFirst().resume() }
        isBusy = false
    }

    // MARK: The machine

    /// Starts the machine, so that the first statement need not wait for it.
    ///
    /// - Throws: ``RunError`` if it cannot be started.
    public func prepare() async throws(RunError) {
        await takeTurn()
        defer { endTurn() }
        do throws(MachineError) { _ = try await ready() } catch {
            throw RunError(.machine, message: error.description)
        }
    }

    private func ready() async throws(MachineError) -> any LuaMachine {
        if let machine { return machine }
        let started = try await host.machines.start(host.sessionProgram(limits: options.limits, seed: seed))
        do throws(MachineError) {
            guard try await isReady(started) else { throw .closed }
            ownNames = Set(try await names(at: [], in: started)?.map(\.name) ?? [])
        } catch {
            await started.close()
            throw error
        }
        machine = started
        return started
    }

    /// Whether the machine takes another statement.
    private func isReady(_ machine: any LuaMachine) async throws(MachineError) -> Bool {
        while true {
            switch try await machine.nextEvent() {
            case .ready: return true
            // What a statement that was ended still said.
            case .calls, .waiting: continue
            case .failed(let report, _):
                throw .setUp(reason: MachineReport(report).error.message)
            case .finished, .stopped, .diverged: return false
            }
        }
    }

    private func lose(_ machine: any LuaMachine) async {
        await machine.close()
        self.machine = nil
    }

    /// Ends the machine. The next statement begins with a new one, without variables.
    public func close() async {
        await takeTurn()
        defer { endTurn() }
        if let machine { await lose(machine) }
    }

    // MARK: Statements

    /// Runs a statement.
    ///
    /// - Parameters:
    ///   - statement: a name for errors, and the source: an expression as `return …`.
    ///   - purpose: Default: a statement.
    ///   - parameters: what the statement gets if it declares parameters, as a runbook that is loaded does.
    ///   - limits: Default: the session's.
    public func evaluate(
        _ statement: Runbook, purpose: Purpose = .statement, parameters: [String: ParameterInput] = [:],
        limits: RunLimits? = nil
    ) async -> StatementOutcome {
        await takeTurn()
        defer { endTurn() }
        let machine: any LuaMachine
        do throws(MachineError) { machine = try await ready() } catch {
            return unstarted(statement, error)
        }
        let wasLost = isMachineLost
        isMachineLost = false
        draft.statement += 1
        let stage = SessionStage(
            machine: machine, kind: purpose == .statement ? .statement : .whole, vault: vault, known: known,
            draft: draft)
        let execution = RunExecution(
            id: host.makeRunID(), runbook: statement, host: host, options: runOptions(parameters, limits: limits),
            stage: stage)
        current.withLock { $0 = (execution, false) }
        let run = await Task(executorPreference: host.machines.executor) { await execution.run() }.value
        let isAbandoned = current.withLock { $0.take()?.isAbandoned ?? false }
        var isLost = true
        if isAbandoned { await lose(machine) } else { isLost = await self.isLost(machine) }
        return take(run, execution, isLost: isLost, wasLost: wasLost)
    }

    private func runOptions(_ parameters: [String: ParameterInput], limits: RunLimits?) -> RunOptions {
        var run = RunOptions(parameters: parameters, limits: limits ?? options.limits, requiresManifest: false)
        run.limits.changes = min(run.limits.changes, changesLeft)
        run.mode = mode
        run.seed = seed
        run.actor = options.actor
        run.origin = options.origin
        run.isTyped = true
        run.target = options.target
        run.confirm = options.confirm
        run.secret = options.secret
        run.file = options.file
        run.print = options.print
        run.observer = options.observer
        return run
    }

    private func isLost(_ machine: any LuaMachine) async -> Bool {
        let isReady: Bool
        do throws(MachineError) { isReady = try await self.isReady(machine) } catch { isReady = false }
        if !isReady { await lose(machine) }
        return !isReady
    }

    /// Takes over what a statement leaves to the session.
    private func take(
        _ run: RunOutcome, _ execution: RunExecution, isLost: Bool, wasLost: Bool
    ) -> StatementOutcome {
        let before = draft.count
        var left = execution.state.withLock { ($0.vault, $0.draft, $0.operations) }
        left.1.dropRefused()
        vault = left.0
        count(run)
        let isKept = run.status == .succeeded
        if isKept { draft = left.1 }
        return StatementOutcome(
            run: run, planned: isKept ? Array(left.1.changes.dropFirst(before)) : [],
            dropped: isKept ? 0 : left.1.count - before, operations: left.2,
            isMachineLost: isLost, wasMachineLost: wasLost)
    }

    private func unstarted(_ statement: Runbook, _ error: MachineError) -> StatementOutcome {
        let run = RunOutcome(
            id: "", runbook: statement.name, sha256: statement.sha256, status: .failed, result: .null,
            error: RunError(.machine, message: error.description), plan: nil, unmade: [], calls: 0, changes: [],
            duration: .zero, peakMemory: 0, isConfined: host.machines.isConfined, isResumable: false)
        return StatementOutcome(
            run: run, planned: [], dropped: 0, operations: [], isMachineLost: false, wasMachineLost: false)
    }

    /// The id of the statement's run that is under way; `nil` if none is.
    nonisolated public var statement: String? { current.withLock { $0?.execution.id } }

    /// Ends the statement under way, if there is one: its calls in flight are waited for, and the variables stay. Asked
    /// again it ends at once, with the machine.
    nonisolated public func interrupt(isAgain: Bool) {
        let execution = current.withLock { current in
            if isAgain { current?.isAbandoned = true }
            return current?.execution
        }
        isAgain ? execution?.abandon() : execution?.cancel()
    }

    // MARK: What is there

    /// The names in the table at the end of a path from the globals, with the kinds of their values; `nil` if there is no
    /// table, or a statement is under way. Nothing of the script is run for it.
    public func names(at path: [JSONValue]) async -> [(name: String, kind: String)]? {
        guard !isBusy, let machine else { return nil }
        await takeTurn()
        defer { endTurn() }
        do throws(MachineError) { return try await names(at: path, in: machine) } catch {
            await lose(machine)
            isMachineLost = true
            return nil
        }
    }

    /// The session's variables, with the kinds of their values.
    public var variables: [(name: String, kind: String)] {
        get async { await names(at: [])?.filter { !ownNames.contains($0.name) && $0.name != "_" } ?? [] }
    }

    private func names(
        at path: [JSONValue], in machine: any LuaMachine
    ) async throws(MachineError) -> [(name: String, kind: String)]? {
        let keys = path.map { LuaLiteral.text(of: $0) }.joined(separator: ", ")
        let source = Array("return { \(keys) }".utf8)
        machine.evaluate(
            MachineStatement(name: "names", source: source, kind: .names, limits: options.limits.machine))
        // Nothing of the script runs for it, so that it takes no time.
        let clock = host.clock
        let deadline = Task(executorPreference: host.watch) {
            do { try await clock.sleep(for: Self.patience) } catch { return }
            await machine.close()
        }
        defer { deadline.cancel() }
        var found: [(name: String, kind: String)]?
        while true {
            switch try await machine.nextEvent() {
            case .finished(let json, _): found = (try? JSONValue(parsing: json)).flatMap(Self.names)
            case .ready: return found
            case .calls: throw .protocolViolation(reason: "calls, where it was only asked for names")
            default: continue
            }
        }
    }

    private static func names(_ described: JSONValue) -> [(name: String, kind: String)]? {
        guard case .table(let entries, _)? = described.arrayValue?.first.flatMap({ ShownValue(described: $0) }) else {
            return nil
        }
        return entries.map { ($0.key.keyText, $0.value.keyText) }
    }

    // MARK: The plan

    /// Sets what becomes of changes: in `plan` they are listed, in `run` they are sent at once. What is planned stays so.
    public func setMode(_ mode: RunMode) { self.mode = mode == .run ? .run : .plan }

    /// Changes what the statements after this are run with.
    public func update(_ change: @Sendable (inout SessionOptions) -> Void) { change(&options) }

    /// The changes that are planned.
    public var planned: [PlannedChange] { draft.changes }

    /// How many changes the session may still make, or plan.
    public var changesLeft: Int { max(0, options.limits.changes - sent - draft.count) }

    /// Plans nothing any more.
    public func clearPlan() { draft = PlanDraft(statement: draft.statement) }

    /// What makes the planned changes, and nothing else: a runbook to be planned, looked at and applied like any other.
    /// `nil` if there are none.
    public var script: PlannedScript? { draft.count == 0 ? nil : PlannedScript(draft.steps) }

    /// Counts what another run of the session's person has sent against ``changesLeft``.
    public func count(_ run: RunOutcome) {
        sent += run.changes.count { [.done, .unknown, .failed].contains($0.outcome) }
    }

    /// Takes note of the run that has applied ``script``: what it made is planned no more.
    ///
    /// What is left is predicted anew, from how things stand now.
    public func settle(_ applied: RunOutcome) async {
        count(applied)
        let left = draft.steps.dropFirst(applied.changes.count { $0.outcome == .done })
        draft = PlanDraft(statement: draft.statement + 1)
        guard !left.isEmpty else { return }
        let script = PlannedScript(Array(left))
        var options = runOptions(script.parameters, limits: nil)
        options.mode = .plan
        options.requiresManifest = true
        options.observer = nil
        let run = host.start(script.runbook, options: options)
        current.withLock { $0 = (run.execution, false) }
        let outcome = await run.outcome
        current.withLock { $0 = nil }
        draft = run.draft
        draft.statement += 1
        // What cannot be predicted now is planned all the same: it is looked at again before it is sent.
        if outcome.status != .succeeded { draft.fill(Array(left)) }
    }
}

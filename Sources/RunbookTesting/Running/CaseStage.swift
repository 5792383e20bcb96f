internal import ConsoleModel
internal import LuaMachine
internal import Logging
internal import Operations
internal import RunbookHost
internal import Synchronization

/// Where one run of a case takes place: a world, its time, and a store, for as many lives as it takes.
final class CaseStage: Sendable {
    /// The id of its run.
    private static let run = "run"

    let world: SimulatedWorld
    private let runbook: Runbook
    private let test: TestCase
    private let thread: RunThread
    private let patience: Duration
    private let clock: VirtualClock
    private let store: WorldStore
    private let gate: CommitGate
    private let questions = Mutex<[String]>([])
    /// The run of the life that is lived.
    private let current = Mutex<Run?>(nil)

    /// - Parameters:
    ///   - simulation: the world at the beginning.
    ///   - now: when it begins, milliseconds since 1970.
    ///   - seed: what is drawn at random follows from it.
    ///   - patience: how long a run may take in real time.
    init(
        _ runbook: Runbook, _ test: TestCase, in simulation: Simulation, now: Int64, seed: UInt64, on thread: RunThread,
        patience: Duration
    ) {
        self.runbook = runbook
        self.test = test
        self.thread = thread
        self.patience = patience
        let world = SimulatedWorld(simulation, services: test.services, refusals: test.refusals, seed: seed)
        let clock = VirtualClock(on: thread, start: now, hostWaits: 2)
        self.world = world
        self.clock = clock
        gate = CommitGate(on: thread)
        store = WorldStore(
            world: world, next: InMemoryStore(now: { clock.unixMilliseconds() }), gate: gate)
    }

    // MARK: Lives

    /// Runs the runbook in a new process.
    func run(_ mode: RunMode = .run, plan: Plan? = nil, until cut: Cut? = nil) async throws(StuckError) -> CaseReport {
        world.live(until: cut)
        var options = self.options
        options.mode = mode
        options.plan = plan
        options.id = mode == .run ? Self.run : mode.rawValue
        return try await finish(host().start(runbook, options: options))
    }

    /// Takes the run up again in another process.
    func resume() async throws -> CaseReport {
        world.live()
        // The host tells of no call that it makes again, and time must not go on before they are made.
        for _ in try await madeAgain() { world.expectChange() }
        let run = try await host().resume(Self.run, options: options)
        return try await finish(run)
    }

    /// The changes that a resumed run sends without looking first whether they were carried out.
    private func madeAgain() async throws -> [JournalRow] {
        let rows = try await store.journal(of: Self.run, after: 0, limit: .max)
        var (answered, mayBeSent): (Set<UInt32>, Set<UInt32>) = ([], [])
        for row in rows {
            switch row.kind {
            case .outcome: answered.insert(row.call)
            case .change: mayBeSent.insert(row.call)
            case .decision where row.name == "sent": answered.insert(row.call)
            case .decision: mayBeSent.remove(row.call)
            case .intent, .log, .restoration, .resumption: break
            }
        }
        return rows.filter { row in
            guard row.kind == .intent, !answered.contains(row.call),
                (try? JSONValue(parsing: row.facts))?["refused"] == nil,
                let effect = test.operations[row.name]?.effect, effect.isChange
            else { return false }
            return effect.maySendAgain || !mayBeSent.contains(row.call)
        }
    }

    /// Says what became of the changes of which the journal does not know it, as somebody does who has looked.
    func decide() async throws {
        world.live()
        let host = try host()
        let rows = try await store.journal(of: Self.run, after: 0, limit: .max)
        var known: [String: Int] = [:]
        for row in rows where row.kind == .change {
            guard let operation = test.operations[row.name], operation.effect == .unsafe,
                let intent = rows.first(where: { $0.kind == .intent && $0.call == row.call })
            else { continue }
            let id = (try JSONValue(parsing: intent.content))["id"] ?? .null
            let answers = world.answers(to: operation, id: id)
            let place = known["\(row.name) \(id)", default: 0]
            let outcome = rows.first { [.outcome, .decision].contains($0.kind) && $0.call == row.call }
            if outcome == nil {
                let wasSent = place < answers.count
                try await host.decide(
                    run: Self.run, call: row.call, wasSent: wasSent, value: wasSent ? answers[place] : .null,
                    actor: "test")
            }
            // Others of the same are carried out after it.
            if outcome.map({ !MachineReply.Reading(rawValue: $0.flags).contains(.error) }) ?? (place < answers.count) {
                known["\(row.name) \(id)", default: 0] += 1
            }
        }
    }

    private var options: RunOptions {
        var options = RunOptions(parameters: test.parameters)
        options.seed = 1
        options.actor = "test"
        options.origin = "test"
        options.target = ["name": "test", "console": "https://console.test", "xpanse": "https://xpanse.test"]
        let (confirmation, world, catalogue) = (test.confirmation, world, test.operations)
        options.confirm = { [self] question in
            if confirmation == nil { questions.withLock { $0.append(question) } }
            return confirmation ?? false
        }
        options.observer = { event in
            guard case .call(_, _, let name) = event, catalogue[name]?.effect.isChange == true else { return }
            world.expectChange()
        }
        return options
    }

    private func host() throws(StuckError) -> RunbookHost {
        guard let sealer = Sealer(key: Array(repeating: 7, count: Sealer.keyLength)) else { throw .neverBack }
        watch()
        let (world, clock) = (world, clock)
        return RunbookHost(
            catalogue: test.operations, transport: WorldTransport(world: world, clock: clock),
            machines: .inProcessOn(thread),
            journaling: Journaling(
                store: store, sealer: sealer, owner: RunOwner(host: "test", boot: "", process: 1, processStart: 1),
                isAlive: { _ in false }),
            clock: clock, random: { world.random() },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Has the thread go on with whatever is waited for when the script can do nothing more.
    private func watch() {
        let (world, clock, gate) = (world, clock, gate)
        thread.whenIdle { [weak self] in
            if gate.open() || world.expectsChanges { return }
            // No time passes for a process that is gone: the next one would find it later than it was.
            guard world.isDead else { return clock.goOn() }
            self?.current.withLock(\.self)?.cancel()
        }
    }

    private func finish(_ run: Run) async throws(StuckError) -> CaseReport {
        current.withLock { $0 = run }
        defer { current.withLock { $0 = nil } }
        thread.wake()
        let outcome: RunOutcome
        switch await RealTime.ending(of: run, on: thread, within: patience) {
        case .ended(let end): outcome = end
        case .neverBack: throw .neverBack
        case .endless: throw .overdue(nil, after: patience)
        }
        let rows = (try? await store.next.journal(of: run.id, after: 0, limit: .max)) ?? []
        let report = CaseReport(
            status: outcome.status, error: outcome.error, result: outcome.result, changes: world.changes,
            sent: world.sent, refused: world.refused, log: await log(of: run.id, rows),
            simulation: world.simulation, questions: questions.withLock(\.self),
            isParallel: rows.contains { $0.kind == .intent && $0.task > 1 }, plan: outcome.plan, unmade: outcome.unmade,
            ended: clock.unixMilliseconds())
        if outcome.status == .cancelled, !world.isDead { throw .overdue(report, after: patience) }
        return report
    }

    /// The log lines of a run.
    private func log(of run: String, _ rows: [JournalRow]) async -> [String] {
        guard rows.contains(where: { $0.kind == .log }), let record = try? await store.next.run(run) else {
            return []
        }
        let history = RunHistory(of: record, in: store.next, catalogue: test.operations, isAlive: { _ in false })
        var lines: [String] = []
        do {
            for try await entry in history.entries {
                if case .log(let line) = entry { lines.append(line.text) }
            }
        } catch { lines.append("the journal cannot be read: \(error)") }
        return lines
    }
}

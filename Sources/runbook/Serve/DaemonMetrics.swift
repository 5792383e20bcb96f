import CommandSupport
import Operations
import RunbookHost
import RunbookSchedule
import RunbookStore
import Synchronization

/// Counts what the daemon does, for its status page.
final class DaemonMetrics: Sendable {
    private struct State {
        var slots: [Slot.State: Int] = [:]
        var runs: [RunStatus: Int] = [:]
        var changes: [ChangeRecord.Outcome: Int] = [:]
        var calls = 0
        var retries = 0
        var takenUp = 0
        var adopted = 0
        var active = 0
        var notices: [String: Int] = [:]
        var clockJumps = 0
        var storeFailure: String?
        var lastLook = ContinuousClock.now
    }

    private let state = Mutex(State())
    private let lateness = Histogram(bounds: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600])
    private let durations = Histogram(bounds: [0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 3_600])
    private let commits = Histogram(bounds: [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5])

    /// Counts an event.
    func note(_ event: SchedulerEvent) {
        state.withLock { state in
            switch event {
            case .started(let order):
                state.active += 1
                if order.takesUp {
                    state.takenUp += 1
                } else {
                    if order.slot.attempts > 1 { state.retries += 1 }
                    lateness.observe(.milliseconds(order.lateness))
                }
            case .ended(_, _, let slot):
                state.active -= 1
                if let slot, slot.state.isEnd { state.slots[slot.state, default: 0] += 1 }
            case .decided(_, let slot): if slot.state.isEnd { state.slots[slot.state, default: 0] += 1 }
            case .adopted(_, let slots): state.adopted += slots
            case .storeFailed(let error): state.storeFailure = error.description
            case .storeRecovered: state.storeFailure = nil
            case .clockJumped, .slept: state.clockJumps += 1
            case .looked: state.lastLook = .now
            case .unreadable, .givenUp: break
            }
        }
    }

    /// Counts what a run has done.
    func note(_ outcome: RunOutcome) {
        state.withLock { state in
            state.runs[outcome.status, default: 0] += 1
            state.calls += outcome.calls
            for change in outcome.changes { state.changes[change.outcome, default: 0] += 1 }
        }
        durations.observe(outcome.duration)
    }

    /// Counts a commit of a journal that a change waited for.
    func noteCommit(_ duration: Duration) { commits.observe(duration) }

    /// Counts what became of telling a hook: `delivered`, `postponed`, `refused`, `given_up`.
    func noteNotice(_ outcome: String) { state.withLock { $0.notices[outcome, default: 0] += 1 } }

    /// Why the database cannot be used; `nil` if it can.
    var storeFailure: String? { state.withLock(\.storeFailure) }

    /// How long ago the schedules were last looked at.
    var sinceLook: Duration { ContinuousClock.now - state.withLock(\.lastLook) }

    // MARK: The page

    /// All that is measured, for Prometheus.
    func page(_ store: any ScheduleStore) async -> MetricsPage {
        let counts = try? await store.counts()
        let earliest = try? await store.earliest()
        return MetricsPage(families(counts: counts, nextSlot: earliest?.next))
    }

    /// What is measured.
    ///
    /// - Parameters:
    ///   - counts: how many slots of the database are in which state; `nil` if it cannot be asked.
    ///   - nextSlot: when the next slot is planned, milliseconds since 1970; `nil` if there is none.
    func families(counts: [Slot.State: Int]?, nextSlot: Int64?) -> [MetricFamily] {
        let state = state.withLock { $0 }
        var families: [MetricFamily] = []
        families += slotFamilies(state)
        families += runFamilies(state)
        if let counts {
            families.append(
                MetricFamily.gauge(
                    "runbook_slots_open", "Slots in the database without a fate, of all daemons: the queue.",
                    [Slot.State.waiting, .running, .interrupted].map {
                        MetricSample(Double(counts[$0] ?? 0), ["state": $0.rawValue])
                    }))
        }
        if let nextSlot {
            families.append(
                MetricFamily.gauge(
                    "runbook_next_slot_timestamp_seconds", "When the next slot of all schedules is planned.",
                    Double(nextSlot) / 1_000))
        }
        return families
    }

    private func slotFamilies(_ state: State) -> [MetricFamily] {
        let fates: [Slot.State] = [.ran, .skipped, .missed]
        let slots = fates.map { MetricSample(Double(state.slots[$0] ?? 0), ["fate": $0.rawValue]) }
        let outcomes = ["delivered", "postponed", "refused", "given_up"]
        let notices = outcomes.map { MetricSample(Double(state.notices[$0] ?? 0), ["outcome": $0]) }
        return [
            .gauge("runbook_build_info", "The program.", [MetricSample(1, ["version": programVersion])]),
            .gauge("runbook_store_up", "Whether the database can be used.", state.storeFailure == nil ? 1 : 0),
            .counter("runbook_slots_total", "Slots that got their fate from this daemon.", slots),
            .histogram(
                "runbook_slot_lateness_seconds", "How much later than planned slots were started.", lateness.snapshot),
            .counter("runbook_slot_retries_total", "Failed slots that were tried again.", Double(state.retries)),
            .counter(
                "runbook_slots_taken_over_total", "Slots that were taken over from daemons that were gone.",
                Double(state.adopted)),
            .counter("runbook_notices_total", "Attempts to tell hooks, by what became of them.", notices),
            .counter(
                "runbook_clock_jumps_total", "How often the clock jumped or the machine slept.",
                Double(state.clockJumps)),
        ]
    }

    private func runFamilies(_ state: State) -> [MetricFamily] {
        let ends = RunStatus.allCases.filter { $0 != .running }
        let runs = ends.map { MetricSample(Double(state.runs[$0] ?? 0), ["status": $0.rawValue]) }
        let outcomes = ChangeRecord.Outcome.allCases
        let changes = outcomes.map { MetricSample(Double(state.changes[$0] ?? 0), ["outcome": $0.rawValue]) }
        return [
            .counter("runbook_runs_total", "Runs that have ended here, or wait for a person, by how they did.", runs),
            .histogram("runbook_run_duration_seconds", "How long runs took.", durations.snapshot),
            .gauge("runbook_runs_active", "Runs that this daemon carries.", Double(state.active)),
            .counter("runbook_runs_taken_up_total", "Runs that were gone on with.", Double(state.takenUp)),
            .counter("runbook_calls_total", "Calls of operations that runs have made.", Double(state.calls)),
            .counter("runbook_changes_total", "Changes that runs have made, by what became of them.", changes),
            .histogram(
                "runbook_journal_commit_seconds",
                "How long journals took to be on the disk, each time a change waited for it.", commits.snapshot),
        ]
    }
}

import RunbookHost

@testable import RunbookSchedule

/// The runs of a pretended world, as their store knows them: who carries each, and how it ended.
struct RunLedger {
    struct Run {
        let schedule: String
        let planned: Int64
        /// Who carries it: a process.
        var owner: Int32
        /// Counts those who carried it: what one does after another has taken it over is refused.
        var epoch = 1
        /// How long it still takes, in milliseconds.
        var left: Int64
        /// How it will end.
        let outcome: RunStatus
        var status = RunStatus.running
    }

    private struct Key: Hashable {
        let schedule: String
        let planned: Int64
    }

    private(set) var runs: [String: Run] = [:]
    /// The runs that were begun for a slot.
    private var begun: [Key: [String]] = [:]
    private var underWay: [String: Set<String>] = [:]
    private(set) var taken = 0
    /// What must never be.
    private(set) var faults: [String] = []

    /// Begins the run of an order.
    mutating func begin(_ order: SlotOrder, owner: Int32, takes duration: Int64, outcome: RunStatus) {
        let key = Key(schedule: order.schedule.id, planned: order.slot.planned)
        if runs[order.run] != nil { faults.append("the run \(order.run) was begun twice") }
        for other in begun[key] ?? [] where runs[other]?.status != .failed {
            faults.append(
                "\(order.schedule.name) at \(key.planned) was begun again, and was \(runs[other]?.status as Any)")
        }
        begun[key, default: []].append(order.run)
        runs[order.run] = Run(
            schedule: key.schedule, planned: key.planned, owner: owner, left: duration, outcome: outcome)
        goOn(order)
    }

    /// Takes a run over, or up again.
    mutating func take(_ order: SlotOrder, owner: Int32) {
        runs[order.run]?.owner = owner
        runs[order.run]?.epoch += 1
        runs[order.run]?.status = .running
        taken += 1
        goOn(order)
    }

    private mutating func goOn(_ order: SlotOrder) {
        let others = underWay[order.schedule.id, default: []].subtracting([order.run])
        if [.skip, .queue, .queueAll].contains(order.schedule.overlap), !others.isEmpty {
            faults.append("\(order.schedule.name) ran \(order.run) beside \(others)")
        }
        underWay[order.schedule.id, default: []].insert(order.run)
    }

    /// Notes how a run stands: it is not under way any more.
    mutating func leave(_ run: String, _ status: RunStatus) {
        guard let schedule = runs[run]?.schedule else { return }
        runs[run]?.status = status
        underWay[schedule]?.remove(run)
    }

    /// A process is gone: its runs stay as they are, and nobody is at work on them.
    mutating func abandon(_ owner: Int32) {
        for (schedule, others) in underWay {
            underWay[schedule] = others.filter { runs[$0]?.owner != owner }
        }
    }
}

internal import Operations
internal import RunbookHost

/// One look at a schedule: takes what was read, keeps to the rules, and says what is to be written, started and ended.
///
/// It is a pure state machine: whoever drives it reads the entry, and writes ``step`` before acting on ``orders``. If
/// somebody else has written meanwhile, nothing of it counts.
struct ScheduleTurn {
    /// A slot that is started no later than this after its time is in time, in milliseconds.
    static let punctuality: Int64 = 60_000
    /// So many slots are written at once, of the many that were missed.
    static let batch = 1_000
    /// When a run that another process carries is looked at again, in milliseconds.
    static let patience: Int64 = 5_000
    /// So often a run is taken up that keeps failing without its script's doing.
    static let takeUps = 5
    /// So often a run is carried that takes its carriers with it.
    static let carriers = 25
    /// How often somebody looks whether a slot that runs is carried by anybody, in milliseconds.
    static let checkUp: Int64 = 600_000

    /// The schedule as it becomes.
    var schedule: Schedule
    /// Its slots without a fate.
    private(set) var open: [Slot]
    /// What is to be started once it is written.
    var orders: [SlotOrder] = []

    let now: Int64
    let times: ScheduleTimes?
    let makeID: () -> String
    private let original: Schedule
    var changed: [Int64: Slot] = [:]
    private var notices: [Notice] = []
    private var audit: [AuditEvent] = []
    var reopening: Int64?

    /// - Parameters:
    ///   - times: when the schedule is planned; `nil` if that cannot be told, as when its time zone is gone.
    ///   - makeID: gives ids for runs and notices.
    init(_ entry: ScheduleEntry, times: ScheduleTimes?, now: Int64, makeID: @escaping () -> String) {
        schedule = entry.schedule
        original = entry.schedule
        open = entry.open
        self.times = times
        self.now = now
        self.makeID = makeID
    }

    /// What is to be written; `nil` if nothing is.
    var step: ScheduleStep? {
        var turn = self
        turn.arm()
        // One absence is told of once, however many looks it takes to write it down.
        if !(schedule.next.map { $0 <= now } ?? false) { turn.tellOfMissed() }
        guard turn.schedule != original || !turn.changed.isEmpty || reopening != nil else { return nil }
        return ScheduleStep(
            turn.schedule, slots: turn.changed.values.sorted { $0.planned < $1.planned }, notices: turn.notices,
            audit: turn.audit, reopening: reopening)
    }

    // MARK: Parts

    /// Lets the first of the slots start that wait for an end, if nothing is under way any more, and sets when the
    /// schedule is to be looked at again.
    mutating func arm() {
        if !open.contains(where: \.isInTheWay), var slot = open.first(where: { $0.due == Slot.held }) {
            slot.due = now
            put(slot)
        }
        let ready = open.lazy.map(\.due).min()
        schedule.ready = ready == Slot.held ? nil : ready
    }

    mutating func put(_ slot: Slot) {
        changed[slot.planned] = slot
        let place = firstPlace(from: slot.planned)
        let isThere = place < open.endIndex && open[place].planned == slot.planned
        switch (isThere, slot.state.isEnd) {
        case (true, true): open.remove(at: place)
        case (true, false): open[place] = slot
        case (false, true): break
        case (false, false): open.insert(slot, at: place)
        }
    }

    func place(of planned: Int64) -> Int? {
        let place = firstPlace(from: planned)
        return place < open.endIndex && open[place].planned == planned ? place : nil
    }

    /// The place of the first open slot that was planned no earlier.
    private func firstPlace(from planned: Int64) -> Int {
        var (low, high) = (open.startIndex, open.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if open[middle].planned < planned { low = middle + 1 } else { high = middle }
        }
        return low
    }

    mutating func fail(_ kind: Notice.Kind, _ slot: Slot) {
        schedule.isFailing = true
        tell(kind, facts(of: slot))
    }

    mutating func tell(_ kind: Notice.Kind, _ members: [String: JSONValue]) {
        for hook in schedule.hooks where hook.kinds.contains(kind) {
            notices.append(
                Notice(
                    id: makeID(), schedule: schedule.id, kind: kind, destination: hook.destination,
                    unixMilliseconds: now, members: facts.merging(members) { $1 }))
        }
    }

    mutating func audit(_ kind: AuditEvent.Kind, _ members: [String: JSONValue]) {
        audit.append(
            AuditEvent(
                kind, unixMilliseconds: now, ["schedule": .string(schedule.name)].merging(members) { $1 }))
    }

    /// What is said of the schedule wherever it is spoken of.
    var facts: [String: JSONValue] {
        ["schedule": .string(schedule.name), "runbook": .string(schedule.runbook), "sha256": .string(schedule.sha256)]
    }

    func facts(of slot: Slot) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "slot": .integer(slot.planned), "attempts": .integer(Int64(slot.attempts)),
        ]
        if let run = slot.runs.last { members["run"] = .string(run) }
        if let outcome = slot.outcome { members["status"] = .string(outcome.rawValue) }
        if !slot.reason.isEmpty { members["reason"] = .string(slot.reason) }
        return members
    }
}

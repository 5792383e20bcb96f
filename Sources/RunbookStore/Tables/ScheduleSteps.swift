internal import RunbookHost
internal import RunbookSchedule

/// Writes steps into the tables, within one transaction.
struct ScheduleSteps {
    private let database: Database
    private let schedules: ScheduleTable
    private let slots: SlotTable
    /// By how much the counts of slots change.
    private var counts: [Slot.State: Int] = [:]
    private var audit: [AuditEvent] = []

    private init(_ database: Database) {
        self.database = database
        schedules = ScheduleTable(database)
        slots = SlotTable(database)
    }

    /// Writes steps.
    ///
    /// - Returns: for each whether it was written.
    static func write(_ steps: [ScheduleStep], to database: Database) throws -> [Bool] {
        var writing = ScheduleSteps(database)
        let written = try steps.map { try writing.write($0) }
        try SlotCountTable(database).add(writing.counts)
        try AuditTable(database).append(writing.audit)
        return written
    }

    /// Forgets some slots that got their fate before a moment, of the schedules whose keys are from `key` on.
    ///
    /// - Returns: how many, and the key to go on from; `nil` if there is nothing left.
    static func forgetSlots(
        endedBefore unixMilliseconds: Int64, from key: Int64, in database: Database
    ) throws -> (count: Int, next: Int64?) {
        var writing = ScheduleSteps(database)
        let found = try writing.schedules.standings(from: key, limit: schedulesAtOnce)
        var forgotten = 0
        var next = found.count < schedulesAtOnce ? nil : found.last.map { $0.key + 1 }
        for standing in found {
            let states = try writing.slots.forget(
                key: standing.key, endedBefore: unixMilliseconds, limit: slotsAtOnce - forgotten)
            for state in states { writing.count(state, of: standing.phase, by: -1) }
            forgotten += states.count
            if forgotten >= slotsAtOnce {
                next = standing.key
                break
            }
        }
        try SlotCountTable(database).add(writing.counts)
        return (forgotten, next)
    }

    /// How many schedules are searched for slots to forget, and how many of these are forgotten, while nobody else can write.
    private static let schedulesAtOnce = 500, slotsAtOnce = 2_000

    private mutating func write(_ step: ScheduleStep) throws -> Bool {
        let old = try schedules.standing(of: step.schedule.id)
        guard (old?.revision ?? 0) == step.schedule.revision else { return false }
        // Whatever is refused is refused before anything is changed.
        var states: [Slot.State?] = []
        for slot in step.slots {
            let state = try old.flatMap { try slots.state(of: slot.planned, key: $0.key) }
            if let state, ScheduleStoreRules.reopens(state, planned: slot.planned, from: step.reopening) {
                states.append(nil)
                continue
            }
            if let state, !ScheduleStoreRules.may(state, become: slot.state) { return false }
            states.append(state)
        }
        guard let key = try put(step.schedule, replacing: old) else { return false }
        if let reopening = step.reopening {
            for state in try slots.reopen(key: key, from: reopening) { count(state, of: step.schedule.phase, by: -1) }
        }
        for (slot, state) in zip(step.slots, states) {
            try slots.put(slot, key: key)
            if let state { count(state, of: step.schedule.phase, by: -1) }
            count(slot.state, of: step.schedule.phase, by: 1)
        }
        let notices = NoticeTable(database)
        for notice in step.notices { try notices.insert(notice) }
        audit += step.audit
        return true
    }

    private mutating func put(_ schedule: Schedule, replacing old: ScheduleTable.Standing?) throws -> Int64? {
        var schedule = schedule
        schedule.revision += 1
        guard let old else { return try schedules.insert(schedule) }
        guard try schedules.update(schedule, key: old.key) else { return nil }
        if ScheduleStoreRules.counts(slotsOf: old.phase) != ScheduleStoreRules.counts(slotsOf: schedule.phase) {
            for (state, number) in try slots.counts(key: old.key) {
                count(state, of: old.phase, by: -number)
                count(state, of: schedule.phase, by: number)
            }
        }
        return old.key
    }

    private mutating func count(_ state: Slot.State, of phase: SchedulePhase, by change: Int) {
        if ScheduleStoreRules.counts(slotsOf: phase) { counts[state, default: 0] += change }
    }
}

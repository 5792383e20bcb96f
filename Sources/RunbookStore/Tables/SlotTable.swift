internal import RunbookHost
internal import RunbookSchedule

/// The slots of all schedules.
///
/// There are millions of them after a year, and few that have no fate: those have indexes of their own. Whoever asks for them
/// names the index, as SQLite might go through a schedule's whole history instead.
struct SlotTable {
    /// How slots stand. The schema knows the numbers: up to 2 are those that have no fate, and 1 are those that run.
    static let states = StoredWords<Slot.State>([.waiting, .running, .interrupted, .ran, .skipped, .missed])
    /// What plans them.
    static let origins = StoredWords<Slot.Origin>([.schedule, .catchUp, .person])
    /// How their runs end.
    static let outcomes = StoredWords<RunStatus>([
        .running, .succeeded, .failed, .stopped, .cancelled, .needsDecision, .diverged,
    ])

    private static let columns = """
        planned, origin, state, due, reason, runs, attempts, (SELECT id FROM carriers WHERE key = carrier), started, ended, \
        outcome, unwanted, actor
        """

    private let database: Database

    /// The slots of a database.
    init(_ database: Database) { self.database = database }

    // MARK: Reading

    /// The slots of a schedule that have no fate, in the order of their planned times.
    func open(of schedule: String, key: Int64) throws -> [Slot] {
        try slots(
            "slots INDEXED BY slots_open WHERE schedule = ? AND state <= 2 ORDER BY planned", [.integer(key)],
            of: schedule)
    }

    /// Slots of a schedule that were planned before a moment, the latest first.
    ///
    /// - Parameter states: only those that stand so; empty for all.
    func slots(
        of schedule: String, key: Int64, before planned: Int64?, states: Set<Slot.State>, limit: Int
    ) throws -> [Slot] {
        var conditions = ["schedule = ?"]
        var values: [SQLiteValue] = [.integer(key)]
        if let planned {
            conditions.append("planned < ?")
            values.append(.integer(planned))
        }
        if !states.isEmpty {
            let numbers = states.map(Self.states.number).sorted()
            conditions.append("state IN (\(numbers.map { _ in "?" }.joined(separator: ", ")))")
            values += numbers.map { .integer($0) }
        }
        let areOpen = !states.isEmpty && !states.contains { $0.isEnd }
        if areOpen { conditions.append("state <= 2") }
        return try slots(
            """
            slots\(areOpen ? " INDEXED BY slots_open" : "") WHERE \(conditions.joined(separator: " AND ")) \
            ORDER BY planned DESC LIMIT ?
            """, values + [.integer(Int64(max(0, limit)))], of: schedule)
    }

    /// How a slot stands; `nil` if there is none.
    func state(of planned: Int64, key: Int64) throws -> Slot.State? {
        let number = try database.first(
            "SELECT state FROM slots WHERE schedule = ? AND planned = ?", .integer(key), .integer(planned)
        ) { $0.integer(0) }
        return try number.map(Self.state)
    }

    /// How many slots a schedule has in each state.
    func counts(key: Int64) throws -> [Slot.State: Int] {
        let found = try database.all(
            "SELECT state, count(*) FROM slots WHERE schedule = ? GROUP BY state", [.integer(key)]
        ) { (state: $0.integer(0), count: $0.integer(1)) }
        return Dictionary(try found.map { (try Self.state($0.state), Int($0.count)) }, uniquingKeysWith: +)
    }

    // MARK: Writing

    /// Adds a slot, or replaces the one of its time.
    func put(_ slot: Slot, key: Int64) throws {
        let carrier = try slot.carrier.map { try CarrierTable(database).key(of: $0) }
        try database.run(
            "INSERT OR REPLACE INTO slots VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .integer(key),
            .integer(slot.planned), .integer(Self.origins.number(of: slot.origin)),
            .integer(Self.states.number(of: slot.state)), .integer(slot.due), .text(slot.reason),
            .text(slot.runs.joined(separator: ScheduleStoreRules.runSeparator)), .integer(Int64(slot.attempts)),
            Self.value(carrier), Self.value(slot.started), Self.value(slot.ended),
            Self.value(slot.outcome.map(Self.outcomes.number)), .integer(slot.isUnwanted ? 1 : 0),
            slot.actor.map { .text($0) } ?? .null)
    }

    /// Forgets the slots of a schedule that were skipped or missed, from a planned time on.
    ///
    /// - Returns: how each stood.
    func reopen(key: Int64, from planned: Int64) throws -> [Slot.State] {
        let numbers = try database.all(
            "DELETE FROM slots WHERE schedule = ? AND planned >= ? AND planned % 1000 = 0 AND state IN (?, ?) RETURNING state",
            [
                .integer(key), .integer(planned), .integer(Self.states.number(of: .skipped)),
                .integer(Self.states.number(of: .missed)),
            ]
        ) { $0.integer(0) }
        return try numbers.map(Self.state)
    }

    /// Forgets slots of a schedule that had their fate, and their time, before a moment; so many at most.
    ///
    /// - Returns: how each stood.
    func forget(key: Int64, endedBefore unixMilliseconds: Int64, limit: Int) throws -> [Slot.State] {
        let numbers = try database.all(
            """
            DELETE FROM slots WHERE schedule = ?1 AND planned IN (
                SELECT planned FROM slots WHERE schedule = ?1 AND planned < ?2 AND state > 2 AND ended < ?2
                ORDER BY planned LIMIT ?3
            ) RETURNING state
            """, [.integer(key), .integer(unixMilliseconds), .integer(Int64(limit))]
        ) { $0.integer(0) }
        return try numbers.map(Self.state)
    }

    // MARK: Parts

    private func slots(_ source: String, _ values: [SQLiteValue], of schedule: String) throws -> [Slot] {
        try database.all("SELECT \(Self.columns) FROM \(source)", values) { Self.slot($0, of: schedule) }.map { slot in
            guard let slot else { throw StoreFault.damaged("a slot of the schedule \(schedule) cannot be read") }
            return slot
        }
    }

    private static func slot(_ row: SQLiteRow, of schedule: String) -> Slot? {
        guard let origin = origins.word(row.integer(1)), let state = states.word(row.integer(2)) else { return nil }
        var slot = Slot(
            schedule: schedule, planned: row.integer(0), origin: origin, state: state, due: row.integer(3))
        slot.reason = row.text(4)
        slot.runs = row.text(5).split(separator: ScheduleStoreRules.runSeparator).map(String.init)
        slot.attempts = Int(row.integer(6))
        slot.carrier = row.isNull(7) ? nil : row.text(7)
        slot.started = row.isNull(8) ? nil : row.integer(8)
        slot.ended = row.isNull(9) ? nil : row.integer(9)
        if !row.isNull(10) {
            guard let outcome = outcomes.word(row.integer(10)) else { return nil }
            slot.outcome = outcome
        }
        slot.isUnwanted = row.integer(11) != 0
        slot.actor = row.isNull(12) ? nil : row.text(12)
        return slot
    }

    private static func state(_ number: Int64) throws -> Slot.State {
        guard let state = states.word(number) else { throw StoreFault.damaged("a slot stands in no known way") }
        return state
    }

    private static func value(_ integer: Int64?) -> SQLiteValue { integer.map { .integer($0) } ?? .null }
}

internal import Operations
internal import RunbookSchedule

/// The schedules.
struct ScheduleTable {
    /// What a step must know of a schedule.
    struct Standing {
        /// The schedule's key in the tables.
        let key: Int64
        let revision: Int64
        let phase: SchedulePhase
    }

    private static let present = "phase <> 'removed'"

    private let database: Database

    /// The schedules of a database.
    init(_ database: Database) { self.database = database }

    // MARK: Reading

    /// The schedule of this name that is not removed.
    func entry(named name: String) throws -> ScheduleEntry? {
        try entries("name = ? AND \(Self.present)", [.text(name)]).first
    }

    /// The schedule with this id.
    func entry(id: String) throws -> ScheduleEntry? { try entries("id = ?", [.text(id)]).first }

    /// All that are not removed, by name.
    func entries() throws -> [ScheduleEntry] { try entries("\(Self.present) ORDER BY name", []) }

    /// Those whose names come after one, by name; so many at most.
    func entries(after name: String?, limit: Int) throws -> [ScheduleEntry] {
        try entries(
            "name > ? AND \(Self.present) ORDER BY name LIMIT ?", [.text(name ?? ""), .integer(Int64(max(0, limit)))])
    }

    /// Those that are to be planned by a moment, the earliest first; so many at most.
    func due(by unixMilliseconds: Int64, limit: Int) throws -> [ScheduleEntry] {
        try entries(
            "next <= ? AND \(Self.present) ORDER BY next, key LIMIT ?",
            [.integer(unixMilliseconds), .integer(Int64(max(0, limit)))])
    }

    /// Those of which something may be started by a moment, the earliest first; so many at most.
    func ready(by unixMilliseconds: Int64, limit: Int) throws -> [ScheduleEntry] {
        try entries(
            "ready <= ? ORDER BY ready, key LIMIT ?", [.integer(unixMilliseconds), .integer(Int64(max(0, limit)))])
    }

    /// Those that have been planned for further than a moment, the furthest first; so many at most.
    func ahead(of unixMilliseconds: Int64, limit: Int) throws -> [ScheduleEntry] {
        try entries(
            "cursor > ? AND \(Self.present) ORDER BY cursor DESC, key DESC LIMIT ?",
            [.integer(unixMilliseconds), .integer(Int64(max(0, limit)))])
    }

    /// Those of which a carrier has a slot that runs.
    func entries(carriedBy carrier: String) throws -> [ScheduleEntry] {
        try entries(
            """
            key IN (
                SELECT schedule FROM slots INDEXED BY slots_carried
                WHERE carrier = (SELECT key FROM carriers WHERE id = ?) AND state = 1
            ) ORDER BY key
            """, [.text(carrier)])
    }

    /// The earliest that anything is to be planned, or may be started.
    func earliest() throws -> (next: Int64?, ready: Int64?) {
        try database.first(
            """
            SELECT (SELECT min(next) FROM schedules WHERE next IS NOT NULL AND \(Self.present)),
                (SELECT min(ready) FROM schedules WHERE ready IS NOT NULL)
            """
        ) { ($0.isNull(0) ? nil : $0.integer(0), $0.isNull(1) ? nil : $0.integer(1)) } ?? (nil, nil)
    }

    /// How a schedule stands; `nil` if there is none.
    func standing(of id: String) throws -> Standing? {
        let found = try database.first("SELECT key, revision, phase FROM schedules WHERE id = ?", .text(id)) {
            (key: $0.integer(0), revision: $0.integer(1), phase: SchedulePhase(rawValue: $0.text(2)))
        }
        guard let found else { return nil }
        guard let phase = found.phase else { throw Self.damage(id) }
        return Standing(key: found.key, revision: found.revision, phase: phase)
    }

    /// The keys from `key` on, in order, each with whether the schedule is there or removed; so many at most.
    func standings(from key: Int64, limit: Int) throws -> [Standing] {
        let found = try database.all(
            "SELECT key, revision, phase, id FROM schedules WHERE key >= ? ORDER BY key LIMIT ?",
            [.integer(key), .integer(Int64(limit))]
        ) { ($0.integer(0), $0.integer(1), SchedulePhase(rawValue: $0.text(2)), $0.text(3)) }
        return try found.map { key, revision, phase, id in
            guard let phase else { throw Self.damage(id) }
            return Standing(key: key, revision: revision, phase: phase)
        }
    }

    // MARK: Writing

    /// Adds a schedule.
    ///
    /// - Returns: its key; `nil` if its name or its id is taken.
    func insert(_ schedule: Schedule) throws -> Int64? {
        let key = try database.first(
            """
            INSERT OR IGNORE INTO schedules (id, name, phase, next, ready, cursor, revision, record)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING key
            """, .text(schedule.id), .text(schedule.name), .text(schedule.phase.rawValue), Self.value(schedule.next),
            Self.value(schedule.ready), .integer(schedule.cursor), .integer(schedule.revision),
            .bytes(Self.unsealed(schedule))
        ) { $0.integer(0) }
        guard let key else { return nil }
        try database.run(
            "INSERT INTO schedule_sources VALUES (?, ?)", .integer(key), .bytes(schedule.sealed))
        return key
    }

    /// Replaces a schedule by its next revision.
    ///
    /// - Returns: whether it was; not if the name is taken.
    func update(_ schedule: Schedule, key: Int64) throws -> Bool {
        let isDone =
            try database.first(
                """
                UPDATE OR IGNORE schedules SET name = ?, phase = ?, next = ?, ready = ?, cursor = ?, revision = ?, record = ?
                WHERE key = ? RETURNING key
                """, .text(schedule.name), .text(schedule.phase.rawValue), Self.value(schedule.next),
                Self.value(schedule.ready), .integer(schedule.cursor), .integer(schedule.revision),
                .bytes(Self.unsealed(schedule)), .integer(key)
            ) { _ in true } ?? false
        // It is large and seldom another one.
        if isDone {
            try database.run(
                "UPDATE schedule_sources SET sealed = ?2 WHERE schedule = ?1 AND sealed <> ?2", .integer(key),
                .bytes(schedule.sealed))
        }
        return isDone
    }

    // MARK: Parts

    private func entries(_ condition: String, _ values: [SQLiteValue]) throws -> [ScheduleEntry] {
        try database.atOneMoment {
            let found = try database.all(
                """
                SELECT key, id, record, (SELECT sealed FROM schedule_sources WHERE schedule = key) FROM schedules
                WHERE \(condition)
                """, values
            ) { (key: $0.integer(0), id: $0.text(1), record: $0.bytes(2), sealed: $0.bytes(3)) }
            let slots = SlotTable(database)
            return try found.map { key, id, record, sealed in
                guard let json = try? JSONValue(parsing: record), var schedule = Schedule(json) else {
                    throw Self.damage(id)
                }
                schedule.sealed = sealed
                return ScheduleEntry(schedule, open: try slots.open(of: id, key: key))
            }
        }
    }

    /// The schedule as JSON without what is sealed, which stands in a table of its own.
    private static func unsealed(_ schedule: Schedule) -> [UInt8] {
        var schedule = schedule
        schedule.sealed = []
        return schedule.json.bytes()
    }

    private static func damage(_ id: String) -> StoreFault { .damaged("the schedule \(id) cannot be read") }

    private static func value(_ integer: Int64?) -> SQLiteValue { integer.map { .integer($0) } ?? .null }
}

public import RunbookHost
public import RunbookSchedule

/// Schedules, their slots, those who carry them and what is to be told, in the same file as the runs.
extension SQLiteStore: ScheduleStore {
    // MARK: Schedules

    /// See `ScheduleStore`.
    public func commit(_ steps: [ScheduleStep], isDurable: Bool) async throws(StoreError) -> [Bool] {
        try ScheduleStoreRules.check(steps)
        if steps.isEmpty { return [] }
        return try await write("record what becomes of schedules", isDurable: isDurable) {
            try ScheduleSteps.write(steps, to: $0)
        }
    }

    /// See `ScheduleStore`.
    public func entry(named name: String) async throws(StoreError) -> ScheduleEntry? {
        try await read("read a schedule") { try ScheduleTable($0).entry(named: name) }
    }

    /// See `ScheduleStore`.
    public func entry(id: String) async throws(StoreError) -> ScheduleEntry? {
        try await read("read a schedule") { try ScheduleTable($0).entry(id: id) }
    }

    /// See `ScheduleStore`.
    public func entries() async throws(StoreError) -> [ScheduleEntry] {
        try await read("list the schedules") { try ScheduleTable($0).entries() }
    }

    /// See `ScheduleStore`.
    public func entries(after name: String?, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await read("list the schedules") { try ScheduleTable($0).entries(after: name, limit: limit) }
    }

    /// See `ScheduleStore`.
    public func due(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await read("see which schedules are due") {
            try ScheduleTable($0).due(by: unixMilliseconds, limit: limit)
        }
    }

    /// See `ScheduleStore`.
    public func ready(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await read("see which schedules can start") {
            try ScheduleTable($0).ready(by: unixMilliseconds, limit: limit)
        }
    }

    /// See `ScheduleStore`.
    public func ahead(of unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [ScheduleEntry] {
        try await read("see which schedules are ahead of the clock") {
            try ScheduleTable($0).ahead(of: unixMilliseconds, limit: limit)
        }
    }

    /// See `ScheduleStore`.
    public func entries(carriedBy carrier: String) async throws(StoreError) -> [ScheduleEntry] {
        try await read("see what a scheduler runs") { try ScheduleTable($0).entries(carriedBy: carrier) }
    }

    /// See `ScheduleStore`.
    public func earliest() async throws(StoreError) -> (next: Int64?, ready: Int64?) {
        try await read("see when a schedule is due") { try ScheduleTable($0).earliest() }
    }

    // MARK: Slots

    /// See `ScheduleStore`.
    public func slots(
        of schedule: String, before planned: Int64?, states: Set<Slot.State>, limit: Int
    ) async throws(StoreError) -> [Slot] {
        try await read("read the slots of a schedule") { database in
            guard let standing = try ScheduleTable(database).standing(of: schedule) else { return [] }
            return try SlotTable(database).slots(
                of: schedule, key: standing.key, before: planned, states: states, limit: limit)
        }
    }

    /// See `ScheduleStore`.
    public func counts() async throws(StoreError) -> [Slot.State: Int] {
        try await read("count the slots") { try SlotCountTable($0).counts() }
    }

    /// See `ScheduleStore`. What others write is let in between.
    public func forgetSlots(endedBefore unixMilliseconds: Int64) async throws(StoreError) -> Int {
        var forgotten = 0
        var next: Int64? = 0
        while let key = next {
            let done = try await write("forget old slots") { database in
                try ScheduleSteps.forgetSlots(endedBefore: unixMilliseconds, from: key, in: database)
            }
            forgotten += done.count
            next = done.next
        }
        return forgotten
    }

    // MARK: Carriers

    /// See `ScheduleStore`.
    public func add(_ carrier: Carrier) async throws(StoreError) {
        try await write("add a scheduler") { try CarrierTable($0).insert(carrier) }
    }

    /// See `ScheduleStore`. It is not worth a synchronisation of the disk: a scheduler does not outlive what would lose it.
    public func beat(_ carrier: String) async throws(StoreError) -> Bool {
        try await write("record that a scheduler lives", isDurable: false) { try CarrierTable($0).beat(carrier) }
    }

    /// See `ScheduleStore`.
    public func carriers() async throws(StoreError) -> [Carrier] {
        try await read("list the schedulers") { try CarrierTable($0).carriers() }
    }

    /// See `ScheduleStore`.
    public func remove(carrier: String) async throws(StoreError) {
        try await write("record that a scheduler has gone") { try CarrierTable($0).remove(carrier) }
    }

    // MARK: Notices

    /// See `ScheduleStore`.
    public func notices(by unixMilliseconds: Int64, limit: Int) async throws(StoreError) -> [Notice] {
        try await read("see what is to be told") { try NoticeTable($0).notices(by: unixMilliseconds, limit: limit) }
    }

    /// See `ScheduleStore`.
    public func take(_ notice: Notice, until unixMilliseconds: Int64) async throws(StoreError) -> Bool {
        try await write("take what is to be told") { try NoticeTable($0).take(notice, until: unixMilliseconds) }
    }

    /// See `ScheduleStore`.
    public func remove(notice: String) async throws(StoreError) {
        try await write("record what was told") { try NoticeTable($0).remove(notice) }
    }
}

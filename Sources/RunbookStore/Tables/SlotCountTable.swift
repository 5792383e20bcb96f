internal import RunbookSchedule

/// How many slots of schedules that are not removed stand how: to count millions of them each time would take seconds.
struct SlotCountTable {
    private let database: Database

    /// The counts of a database.
    init(_ database: Database) { self.database = database }

    /// Changes the counts by so much.
    func add(_ changes: [Slot.State: Int]) throws {
        for (state, change) in changes where change != 0 {
            try database.run(
                "INSERT INTO slot_counts VALUES (?, ?) ON CONFLICT (state) DO UPDATE SET count = count + excluded.count",
                .integer(SlotTable.states.number(of: state)), .integer(Int64(change)))
        }
    }

    /// The counts that are not 0.
    func counts() throws -> [Slot.State: Int] {
        let found = try database.all("SELECT state, count FROM slot_counts WHERE count <> 0", []) {
            (state: SlotTable.states.word($0.integer(0)), count: Int($0.integer(1)))
        }
        return Dictionary(
            try found.map { state, count in
                guard let state else { throw StoreFault.damaged("slots are counted that stand in no known way") }
                return (state, count)
            }, uniquingKeysWith: +)
    }
}

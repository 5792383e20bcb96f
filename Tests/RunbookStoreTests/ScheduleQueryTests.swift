import RunbookHost
import RunbookSchedule
import Testing

@testable import RunbookStore

/// How SQLite goes about what a scheduler asks all the time: never through the millions of slots, nor through all schedules.
@Suite final class ScheduleQueryTests: Sendable {
    private let folder = TemporaryFolder()

    /// What SQLite does for a statement, a line for each table.
    private func plan(of sql: String, in database: Database) throws -> [String] {
        try database.all("EXPLAIN QUERY PLAN " + sql, []) { $0.text(3) }
    }

    private func database() throws -> Database {
        let path = folder.path + "/runbook.db"
        try TemporaryFolder.write([], to: path)
        let database = try Database(path: path)
        try Schema.prepare(database)
        return database
    }

    /// Does everything that can be asked of the tables but one thing: the list of all schedules.
    private func askEverything(_ database: Database) throws {
        let written = try ScheduleSteps.write(
            [ScheduleStep(.sample("s-1"), slots: [.full("s-1", 1)], notices: [.sample("n-1")], audit: [.sample()])],
            to: database)
        #expect(written == [true])
        let removed = Schedule.sample("s-1").written.changed { $0.phase = .removed }
        let again = ScheduleStep(removed, slots: [.sample("s-1", 2)], reopening: 5)
        #expect(try ScheduleSteps.write([again], to: database) == [true])
        let schedules = ScheduleTable(database)
        _ = try schedules.entry(named: "a")
        #expect(try schedules.entry(id: "s-1") != nil)
        _ = try schedules.due(by: 1, limit: 1)
        _ = try schedules.ready(by: 1, limit: 1)
        _ = try schedules.ahead(of: 1, limit: 1)
        _ = try schedules.entries(carriedBy: "c-1")
        _ = try schedules.earliest()
        let slots = SlotTable(database)
        for states in [[], [.ran], [.waiting], [.missed, .running]] as [Set<Slot.State>] {
            _ = try slots.slots(of: "s-1", key: 1, before: nil, states: states, limit: 1)
            _ = try slots.slots(of: "s-1", key: 1, before: 5, states: states, limit: 1)
        }
        _ = try ScheduleSteps.forgetSlots(endedBefore: 1, from: 0, in: database)
        let carriers = CarrierTable(database)
        try carriers.insert(Carrier(id: "c-1", owner: Owners.first, began: 1))
        _ = try carriers.beat("c-1")
        #expect(try carriers.carriers().map(\.id) == ["c-1"])
        try carriers.remove("c-1")
        let notices = NoticeTable(database)
        _ = try notices.notices(by: 1, limit: 1)
        _ = try notices.take(.sample("n-1"), until: 1)
        try notices.remove("n-1")
    }

    @Test func nothingGoesThroughAllSlotsOrAllSchedules() throws {
        let database = try database()
        try askEverything(database)
        let statements = database.statements.keys.filter { sql in
            ["SELECT", "UPDATE", "DELETE", "INSERT"].contains { sql.hasPrefix($0) }
        }
        #expect(statements.count { $0.contains("slots") } >= 12)
        // There are few of these, and they are asked for together.
        let small = ["SCAN carriers USING INDEX carriers_present", "SCAN CONSTANT ROW"]
        for sql in statements where !sql.contains("pragma_") {
            for step in try plan(of: sql, in: database) {
                #expect(!step.hasPrefix("SCAN") || small.contains(step), "\(step) in \(sql)")
                // Sorting would read all before the first.
                #expect(!step.contains("TEMP B-TREE FOR ORDER BY"), "\(step) in \(sql)")
            }
        }
    }

    @Test func openSlotsAreFoundBesideAHistory() throws {
        let database = try database()
        try askEverything(database)
        for sql in database.statements.keys where sql.contains("state <= 2") {
            let plan = try plan(of: sql, in: database)
            #expect(plan.contains { $0.contains("USING INDEX slots_open (schedule=?") }, "\(plan) in \(sql)")
        }
        for sql in database.statements.keys where sql.contains("state = 1") {
            let plan = try plan(of: sql, in: database)
            #expect(plan.contains { $0.contains("slots_carried (carrier=?)") }, "\(plan) in \(sql)")
        }
    }

    @Test func everyWordHasItsNumber() {
        for state in Slot.State.allCases {
            let number = SlotTable.states.number(of: state)
            #expect(SlotTable.states.word(number) == state)
            // The schema counts on these.
            #expect((number <= 2) == !state.isEnd)
            #expect((number == 1) == (state == .running))
        }
        for origin in Slot.Origin.allCases {
            #expect(SlotTable.origins.word(SlotTable.origins.number(of: origin)) == origin)
        }
        for outcome in RunStatus.allCases {
            #expect(SlotTable.outcomes.word(SlotTable.outcomes.number(of: outcome)) == outcome)
        }
        #expect(SlotTable.states.word(-1) == nil)
        #expect(SlotTable.states.word(6) == nil)
    }

    // MARK: What cannot be read

    /// What a store says after something was changed behind its back.
    private func complaint(
        after sql: String, _ ask: (SQLiteStore) async throws -> Void
    ) async throws -> String? {
        let path = folder.path + "/runbook.db"
        let store = SQLiteStore(path: path)
        _ = try await store.commit([
            ScheduleStep(.sample("s-1"), slots: [.sample("s-1", 1)], notices: [.sample("n-1")])
        ])
        try await store.add(Carrier(id: "c-1", owner: Owners.first, began: 1))
        await store.close()
        try Database(path: path).execute(sql)
        return await #expect(throws: StoreError.self) { try await ask(store) }?.description
    }

    @Test func aScheduleThatCannotBeReadIsSaid() async throws {
        let complaint = try await complaint(after: "UPDATE schedules SET record = x'7b7d'") {
            _ = try await $0.entries()
        }
        let path = folder.path + "/runbook.db"
        #expect(
            complaint
                == """
                cannot list the schedules in \(path): the file is damaged (the schedule s-1 cannot be read); move it away \
                together with \(path)-wal, if that is there, and put a backup of both in its place, or name another folder with \
                --state
                """)
    }

    @Test func aPhaseThatIsUnknownIsSaid() async throws {
        let complaint = try await complaint(after: "UPDATE schedules SET phase = 'asleep'") {
            _ = try await $0.commit(ScheduleStep(Schedule.sample("s-1").written))
        }
        #expect(complaint?.contains("(the schedule s-1 cannot be read)") == true)
    }

    @Test(arguments: ["state = 2 + 4", "state = 0, outcome = 99", "state = 0, origin = 99"])
    func aSlotThatCannotBeReadIsSaid(_ change: String) async throws {
        let complaint = try await complaint(after: "UPDATE slots SET \(change)") { _ = try await $0.slots(of: "s-1") }
        #expect(complaint?.contains("(a slot of the schedule s-1 cannot be read)") == true)
    }

    @Test func aSlotThatStandsInNoKnownWayIsNotReplaced() async throws {
        let complaint = try await complaint(after: "UPDATE slots SET state = 6") {
            _ = try await $0.commit(ScheduleStep(Schedule.sample("s-1").written, slots: [.sample("s-1", 1)]))
        }
        #expect(complaint?.contains("(a slot stands in no known way)") == true)
    }

    @Test func aCountOfSlotsThatStandInNoKnownWayIsSaid() async throws {
        let complaint = try await complaint(after: "UPDATE slot_counts SET state = 6") { _ = try await $0.counts() }
        #expect(complaint?.contains("(slots are counted that stand in no known way)") == true)
    }

    @Test func aNoticeThatCannotBeReadIsSaid() async throws {
        let complaint = try await complaint(after: "UPDATE notices SET record = x'5b'") {
            _ = try await $0.notices(by: .max, limit: 9)
        }
        #expect(complaint?.contains("(the notice n-1 cannot be read)") == true)
    }

    @Test func aCarrierWhoseOwnerCannotBeReadIsSaid() async throws {
        let complaint = try await complaint(after: "UPDATE carriers SET owner = x''") { _ = try await $0.carriers() }
        #expect(complaint?.contains("(a scheduler's owner cannot be read)") == true)
    }
}

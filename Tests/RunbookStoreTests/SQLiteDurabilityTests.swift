import CSQLite
import RunbookHost
import RunbookSchedule
import Synchronization
import Testing

@testable import RunbookStore

/// What is on the disk when, and what becomes of it when the disk fails.
@Suite final class SQLiteDurabilityTests: Sendable {
    private let folder = TemporaryFolder()
    private let files: FaultyFileSystem

    init() throws { files = try FaultyFileSystem() }

    private var path: String { folder.path + "/state/runbook.db" }

    private func store(_ change: (inout StoreSession.Settings) -> Void = { _ in }) -> SQLiteStore {
        var settings = StoreSession.Settings()
        settings.fileSystem = files.name
        change(&settings)
        return SQLiteStore(path: path, now: { 0 }, settings: settings)
    }

    private var synchronisations: Int { files.faults.synchronisations.load(ordering: .relaxed) }

    @Test func whatIsDurableIsOnTheDiskWhenItIsAnswered() async throws {
        let store = store()
        var journal = SampleJournal()
        let lease = try await store.begin(.sample("run-1"), audit: [])
        func count(_ body: () async throws -> Void) async throws -> Int {
            let before = synchronisations
            try await body()
            return synchronisations - before
        }
        // The first commit also synchronised the head of the new log.
        #expect(synchronisations >= 1)
        #expect(
            try await count { try await store.append(journal.rows(1), audit: [], lease: lease, isDurable: true) } == 1)
        #expect(
            try await count { try await store.append(journal.rows(1), audit: [], lease: lease, isDurable: false) } == 0)
        #expect(try await count { try await store.renew(lease) } == 0)
        #expect(try await count { try await store.audit([.sample()]) } == 1)
        #expect(
            try await count { try await store.keep(plan: StoredPlan(id: "p", made: 0, document: []), audit: []) } == 1)
        #expect(try await count { try await store.claim(plan: "p", for: "run-1") } == 1)
        #expect(
            try await count {
                try await store.update(.sample("run-1"), rows: journal.rows(1), audit: [], lease: lease)
            } == 1)
        #expect(
            try await count {
                _ = try await store.acquire(run: "run-1", owner: Owners.second) { _ in false }
            } == 1)
        #expect(try await count { _ = try await store.rows(of: "run-1") } == 0)
    }

    @Test func whatBecomesOfSchedulesIsOnTheDiskWhenItIsAnswered() async throws {
        let store = store()
        try await store.audit([.sample()])
        func count<T: Equatable>(_ expected: T, _ body: () async throws -> T) async throws -> Int {
            let before = synchronisations
            let answer = try await body()
            #expect(answer == expected)
            return synchronisations - before
        }
        let steps = (0..<20).map { number in
            ScheduleStep(
                .sample("s-\(number)"), slots: [.sample("s-\(number)", 1, .ran)],
                notices: [.sample("n-\(number)")], audit: [.sample()])
        }
        let yes = steps.map { _ in true }
        #expect(try await count(yes) { try await store.commit(steps) } == 1)
        // Whatever is refused changes nothing.
        #expect(try await count(yes.map { !$0 }) { try await store.commit(steps) } == 0)
        #expect(try await count(true) { try await store.take(.sample("n-1"), until: 2_000) } == 1)
        #expect(
            try await count(19) { () async throws in
                try await store.remove(notice: "n-1")
                return try await store.notices(by: .max, limit: 99).count
            } == 1)
        #expect(try await count(20) { try await store.forgetSlots(endedBefore: 12) } == 1)
        #expect(try await count(0) { try await store.forgetSlots(endedBefore: 12) } == 0)
        let carrier = Carrier(id: "c-1", owner: Owners.first, began: 0)
        #expect(
            try await count([carrier]) { () async throws in
                try await store.add(carrier)
                return try await store.carriers()
            } == 1)
        #expect(try await count(true) { try await store.beat("c-1") } == 0)
        #expect(
            try await count([Carrier]()) { () async throws in
                try await store.remove(carrier: "c-1")
                return try await store.carriers()
            } == 1)
        #expect(try await count(20) { try await store.due(by: .max, limit: 99).count } == 0)
    }

    @Test func aFullDiskLeavesSchedulesAsTheyWere() async throws {
        let store = store()
        let step = ScheduleStep(
            Schedule.sample("s-1").written, slots: [.sample("s-1", 1)], notices: [.sample("n-1")], audit: [.sample()])
        #expect(try await store.commit(ScheduleStep(.sample("s-1"))))
        files.faults.writing.store(SQLITE_FULL, ordering: .relaxed)
        await #expect(throws: StoreError.unusable(fullDisk(purpose: "record what becomes of schedules"))) {
            try await store.commit([step])
        }
        #expect(try await store.entry(id: "s-1") == ScheduleEntry(Schedule.sample("s-1").written))
        #expect(try await store.notices(by: .max, limit: 9).isEmpty)
        #expect(try await store.counts().isEmpty)
        #expect(try await store.lines().isEmpty)
        files.faults.writing.store(SQLITE_OK, ordering: .relaxed)
        #expect(try await store.commit(step))
        #expect(try await store.counts() == [.waiting: 1])
    }

    @Test func whatWaitsTogetherIsSynchronisedOnce() throws {
        let session = session()
        let answers = Answers()
        session.commit([write(0, isDurable: true, answers)])
        let before = synchronisations
        session.commit((1...16).map { write($0, isDurable: $0 == 9, answers) })
        #expect(synchronisations - before == 1)
        session.commit((17...20).map { write($0, isDurable: false, answers) })
        #expect(synchronisations - before == 1)
        #expect(answers.all == (0...20).map { .success($0) })
    }

    @Test func oneThatIsRefusedLeavesTheOthersAlone() throws {
        let session = session()
        let answers = Answers()
        let refused = write(1, answers) { _ in throw StoreError.unknown("run-9") }
        // This one has to be taken back.
        let late = write(2, answers) { database in
            try AuditTable(database).append([.sample(99)])
            throw StoreError.unknown("run-8")
        }
        session.commit([write(0, answers), refused, write(3, answers)])
        #expect(answers.all == [.success(0), .failure(.unknown("run-9")), .success(3)])
        answers.clear()
        session.commit([write(4, answers), late, write(5, answers)])
        #expect(answers.all == [.success(4), .failure(.unknown("run-8")), .success(5)])
        #expect(try session.read("count") { try AuditTable($0).lines(after: 0, limit: .max).count }.get() == 4)
    }

    @Test func oneThatIsTooMuchForTheDiskLeavesTheOthersAlone() throws {
        let session = session { $0.pages = 60 }
        let answers = Answers()
        let large = write(1, answers) { database in
            try PlanTable(database).insert(
                StoredPlan(id: "large", made: 0, document: [UInt8](repeating: 1, count: 1 << 20)))
        }
        session.commit([write(0, answers), large, write(2, answers)])
        let found = answers.all
        #expect(found.count == 3)
        #expect(found.first == .success(0))
        #expect(throws: StoreError.unusable(fullDisk(purpose: "test"))) { try found[1].get() }
        #expect(found.last == .success(2))
        #expect(try session.read("count") { try AuditTable($0).lines(after: 0, limit: .max).count }.get() == 2)
    }

    @Test func aFullDiskIsSaidAndNothingIsHalfThere() async throws {
        let store = store()
        var journal = SampleJournal()
        let lease = try await store.begin(.sample("run-1"), audit: [.sample()])
        let rows = journal.rows(3)
        try await store.append([rows[0]], audit: [.sample()], lease: lease, isDurable: true)

        files.faults.writing.store(SQLITE_FULL, ordering: .relaxed)
        await #expect(throws: StoreError.unusable(fullDisk(purpose: "record what a run does"))) {
            try await store.append([rows[1]], audit: [.sample()], lease: lease, isDurable: true)
        }
        await #expect(throws: StoreError.unusable(fullDisk(purpose: "record a new run"))) {
            try await store.begin(.sample("run-2"), audit: [.sample()])
        }
        // It can still be read.
        #expect(try await store.rows(of: "run-1") == [rows[0]])
        #expect(try await store.lines().count == 2)
        await #expect(throws: StoreError.unknown("run-2")) { try await store.run("run-2") }

        files.faults.writing.store(SQLITE_OK, ordering: .relaxed)
        try await store.append(Array(rows[1...]), audit: [.sample()], lease: lease, isDurable: true)
        #expect(try await store.rows(of: "run-1") == rows)
        #expect(try isOneChain(try await store.lines()))
    }

    @Test func aDiskThatIsFullFromTheStartIsSaid() async throws {
        let store = store()
        files.faults.writing.store(SQLITE_FULL, ordering: .relaxed)
        await #expect(throws: StoreError.unusable(fullDisk(purpose: "record a new run"))) {
            try await store.begin(.sample("run-1"), audit: [])
        }
        files.faults.writing.store(SQLITE_OK, ordering: .relaxed)
        _ = try await store.begin(.sample("run-1"), audit: [])
    }

    @Test func whatCouldNotBeSynchronisedIsNotThere() async throws {
        let store = store()
        var journal = SampleJournal()
        let lease = try await store.begin(.sample("run-1"), audit: [])
        let rows = journal.rows(2)
        try await store.append([rows[0]], audit: [], lease: lease, isDurable: false)

        files.faults.synchronising.store(SQLiteCode.syncFailed.rawValue, ordering: .relaxed)
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) {
                try await store.append([rows[1]], audit: [.sample()], lease: lease, isDurable: true)
            }
            #expect(error?.description.contains("the disk failed") == true)
        }
        #expect(try await store.rows(of: "run-1") == [rows[0]])

        files.faults.synchronising.store(SQLITE_OK, ordering: .relaxed)
        let before = synchronisations
        try await store.append([rows[1]], audit: [.sample()], lease: lease, isDurable: true)
        // The system may have lost what was in the log before, so that is not relied on: it was emptied, and begun anew.
        #expect(synchronisations - before >= 3)
        #expect(try await store.rows(of: "run-1") == rows)
        #expect(try await store.lines().count == 1)
    }

    // MARK: Parts

    private func session(_ change: (inout StoreSession.Settings) -> Void = { _ in }) -> StoreSession {
        var settings = StoreSession.Settings()
        settings.fileSystem = files.name
        change(&settings)
        return StoreSession(path: path, settings: settings)
    }

    /// What was answered, in order.
    private final class Answers: Sendable {
        private let state = Mutex<[Result<Int, StoreError>]>([])
        var all: [Result<Int, StoreError>] { state.withLock { $0 } }
        func add(_ answer: Result<Int, StoreError>) { state.withLock { $0.append(answer) } }
        func clear() { state.withLock { $0 = [] } }
    }

    private func write(
        _ number: Int, isDurable: Bool = true, _ answers: Answers,
        _ body: @escaping @Sendable (Database) throws -> Void = { try AuditTable($0).append([.sample()]) }
    ) -> StoreWrite {
        StoreWrite(
            isDurable: isDurable, purpose: "test",
            attempt: { database in
                try body(database)
                return { answers.add(.success(number)) }
            }, fail: { answers.add(.failure($0)) })
    }

    private func fullDisk(purpose: String) -> String {
        "cannot \(purpose) in \(path): the disk is full; free some space there, or name another folder with --state"
    }
}

import RunbookHost
import RunbookSchedule
import Testing

@testable import RunbookStore

/// How a file comes to this version's tables, and which files are left alone.
@Suite final class SchemaTests: Sendable {
    private let folder = TemporaryFolder()
    private var path: String { folder.path + "/runbook.db" }

    private func integer(_ query: String) throws -> Int64? {
        try Database(path: path).first(query) { $0.integer(0) }
    }

    private func complaint() async -> String? {
        let store = SQLiteStore(path: path)
        return await #expect(throws: StoreError.self) { try await store.auditHead() }?.description
    }

    @Test func anEmptyFileIsBroughtToThisVersion() async throws {
        try TemporaryFolder.write([], to: path)
        let store = SQLiteStore(path: path)
        _ = try await store.begin(.sample("run-1"), audit: [])
        await store.close()
        #expect(try integer("PRAGMA user_version") == Int64(Schema.steps.count))
        #expect(try integer("PRAGMA application_id") == Schema.applicationID)
    }

    @Test func anEmptyDatabaseIsBroughtToThisVersion() async throws {
        try TemporaryFolder.write([], to: path)
        try Database(path: path).execute("CREATE TABLE t (a); DROP TABLE t; VACUUM")
        let store = SQLiteStore(path: path)
        _ = try await store.begin(.sample("run-1"), audit: [])
        #expect(try await store.run("run-1") == .sample("run-1"))
    }

    @Test func aFileOfAnOlderVersionIsBroughtToThisOneStepByStep() throws {
        try TemporaryFolder.write([], to: path)
        let steps = [
            "CREATE TABLE a (x)", "INSERT INTO a VALUES (1); CREATE TABLE b (y)", "INSERT INTO b SELECT x FROM a",
        ]
        for known in 1...3 {
            let database = try Database(path: path)
            try Schema.prepare(database, steps: Array(steps[..<known]))
            try Schema.prepare(database, steps: Array(steps[..<known]))
            #expect(try integer("PRAGMA user_version") == Int64(known))
        }
        #expect(try integer("SELECT count(*) FROM a") == 1)
        #expect(try integer("SELECT y FROM b") == 1)
    }

    @Test func aFileOfTheFirstVersionKeepsItsRuns() async throws {
        try TemporaryFolder.write([], to: path)
        let database = try Database(path: path)
        try Schema.prepare(database, steps: Array(Schema.steps[..<1]))
        try RunTable(database).insert(.full("run-1"), now: 5)
        var journal = SampleJournal()
        let rows = journal.rows(3)
        try JournalTable(database).append(rows, run: try RunTable(database).lease(of: "run-1").key)
        try PlanTable(database).insert(StoredPlan(id: "plan-1", made: 1, document: [1, 2]))
        try AuditTable(database).append([.sample(), .sample()])
        #expect(try integer("PRAGMA user_version") == 1)
        #expect(try integer("SELECT count(*) FROM sqlite_schema WHERE name = 'schedules'") == 0)

        let store = SQLiteStore(path: path)
        #expect(try await store.run("run-1") == .full("run-1"))
        #expect(try await store.rows(of: "run-1") == rows)
        #expect(try await store.plan("plan-1").document == [1, 2])
        #expect(try await store.lines().count == 2)
        #expect(try await store.entries().isEmpty)
        #expect(try await store.commit(ScheduleStep(.sample("s-1"), slots: [.sample("s-1", 1)], audit: [.sample()])))
        #expect(try await store.entry(id: "s-1")?.open == [.sample("s-1", 1)])
        #expect(try isOneChain(try await store.lines()))
        #expect(try integer("PRAGMA user_version") == Int64(Schema.steps.count))
    }

    @Test func aStepThatFailsLeavesTheFileAsItWas() throws {
        try TemporaryFolder.write([], to: path)
        let database = try Database(path: path)
        let steps = ["CREATE TABLE a (x)", "CREATE TABLE b (y); INSERT INTO c VALUES (1)"]
        #expect(throws: SQLiteError.self) { try Schema.prepare(database, steps: steps) }
        #expect(try integer("PRAGMA user_version") == 1)
        #expect(try integer("SELECT count(*) FROM sqlite_schema") == 1)
        try Schema.prepare(database, steps: [steps[0], "CREATE TABLE b (y)"])
        #expect(try integer("PRAGMA user_version") == 2)
    }

    @Test func aFileOfANewerVersionIsRefused() async throws {
        let store = SQLiteStore(path: path)
        _ = try await store.begin(.sample("run-1"), audit: [])
        await store.close()
        let newer = Schema.steps.count + 1
        try Database(path: path).execute("PRAGMA user_version = \(newer)")
        #expect(
            await complaint()
                == """
                cannot read the audit log in \(path): the file has format \(newer), of a newer version of this program, which \
                knows format \(Schema.steps.count) at most; use the newer version, or name another folder with --state
                """)
        #expect(try integer("SELECT count(*) FROM runs") == 1)
    }

    @Test(arguments: [
        "CREATE TABLE mine (a)", "PRAGMA user_version = 3", "PRAGMA application_id = 77",
        "CREATE TABLE mine (a); PRAGMA application_id = 77; PRAGMA user_version = 1",
    ])
    func theDatabaseOfAnotherProgramIsLeftAlone(_ sql: String) async throws {
        try TemporaryFolder.write([], to: path)
        try Database(path: path).execute(sql)
        let before = try TemporaryFolder.contents(of: path)
        #expect(
            await complaint()
                == """
                cannot read the audit log in \(path): the file is the database of another program; move it away, or name \
                another folder with --state
                """)
        #expect(try TemporaryFolder.contents(of: path) == before)
    }
}

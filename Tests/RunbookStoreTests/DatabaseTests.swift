import Testing

@testable import RunbookStore

/// The wrapper around SQLite's functions.
@Suite final class DatabaseTests: Sendable {
    private let folder = TemporaryFolder()

    private func database() throws -> Database {
        let path = folder.path + "/test.db"
        try TemporaryFolder.write([], to: path)
        return try Database(path: path)
    }

    @Test(arguments: [
        SQLiteValue.null, .integer(0), .integer(.min), .integer(.max), .text(""), .text("a\u{0}b"), .text("über ‹🦊›"),
        .bytes([]), .bytes([0]), .bytes((0...255).map { UInt8($0) }), .bytes([UInt8](repeating: 7, count: 100_000)),
    ])
    func aValueComesBackAsItWas(_ value: SQLiteValue) throws {
        let database = try database()
        let found = try database.first("SELECT ?, typeof(?1)", value) { row -> SQLiteValue in
            switch row.text(1) {
            case "null": row.isNull(0) ? .null : .text("?")
            case "integer": .integer(row.integer(0))
            case "text": .text(row.text(0))
            default: .bytes(row.bytes(0))
            }
        }
        #expect(found == value)
    }

    @Test func aStatementIsUsedAgainWithoutItsOldValues() throws {
        let database = try database()
        try database.execute("CREATE TABLE t (a, b)")
        try database.run("INSERT INTO t VALUES (?, ?)", .integer(1), .text("x"))
        try database.run("INSERT INTO t VALUES (?, ?)", .integer(2))
        let rows = try database.all("SELECT a, b FROM t ORDER BY a", []) { ($0.integer(0), $0.isNull(1)) }
        #expect(rows.map(\.0) == [1, 2])
        #expect(rows.map(\.1) == [false, true])
        // A query that was left early keeps nothing open.
        #expect(try database.first("SELECT a FROM t") { $0.integer(0) } == 1)
        try database.execute("DROP TABLE t")
    }

    @Test func anErrorHasItsKind() throws {
        let database = try database()
        try database.execute("CREATE TABLE t (a UNIQUE)")
        try database.run("INSERT INTO t VALUES (?)", .integer(1))
        do {
            try database.run("INSERT INTO t VALUES (?)", .integer(1))
            Issue.record("nothing was thrown")
        } catch let error as any Error {
            guard case SQLiteCode.constraint = error else {
                Issue.record("\(error)")
                return
            }
        }
        let error = #expect(throws: SQLiteError.self) { try database.run("INSERT INTO t VALUES (?)", .integer(1)) }
        // SQLITE_CONSTRAINT_UNIQUE
        #expect(error?.code.rawValue == 2_067)
        #expect(error?.code.primary == .constraint)
        #expect(error?.message == "UNIQUE constraint failed: t.a")
        #expect(throws: SQLiteError.self) { try database.run("SELECT nothing") }
        // Too many values.
        #expect(throws: SQLiteError.self) { try database.run("SELECT 1", .integer(1)) }
    }

    @Test func aKindTakesItsKindsOnly() {
        let failed = SQLiteCode(rawValue: SQLiteCode.syncFailed.rawValue)
        #expect(SQLiteCode.ioError ~= failed)
        #expect(SQLiteCode.syncFailed ~= failed)
        #expect(!(SQLiteCode.syncFailed ~= SQLiteCode.ioError))
        #expect(!(SQLiteCode.full ~= failed))
        #expect(!(SQLiteCode.full ~= CancellationError()))
    }

    @Test func aFileThatIsNotThereIsNotMade() {
        let path = folder.path + "/none.db"
        let error = #expect(throws: SQLiteError.self) { try Database(path: path) }
        #expect(error?.code.primary == .cannotOpen)
        #expect(TemporaryFolder.mode(of: path) == nil)
    }

    @Test func aFileThatWasReplacedIsNoticed() throws {
        let database = try database()
        try database.execute("CREATE TABLE t (a)")
        #expect(!database.hasMoved)
        try TemporaryFolder.replace(folder.path + "/test.db")
        #expect(database.hasMoved)
    }
}

internal import CSQLite
internal import Glibc

/// A connection to one database file. It belongs to one thread at a time.
final class Database {
    /// How much a commit waits for.
    enum Synchronisation: String {
        /// The commit is in order, and may be lost with the machine's power.
        case normal = "NORMAL"
        /// The commit is on the disk.
        case full = "FULL"
    }

    private let connection: OpaquePointer
    /// The statements that were run, which stay prepared.
    private(set) var statements: [String: Statement] = [:]
    private var synchronisation: Synchronisation?

    /// Opens a file that exists. Whether it is a database shows when it is first read.
    ///
    /// - Parameter fileSystem: by which name SQLite knows the layer between it and the system. Default: its own.
    init(path: String, fileSystem: String? = nil) throws(SQLiteError) {
        var connection: OpaquePointer?
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        // Some builds of SQLite take a name that begins with `file:` for a URI.
        let name = path.hasPrefix("/") ? path : "./" + path
        let code = sqlite3_open_v2(name, &connection, flags, fileSystem)
        guard code == SQLITE_OK, let connection else {
            let error = SQLiteError(code, of: connection)
            sqlite3_close_v2(connection)
            throw error
        }
        self.connection = connection
    }

    deinit {
        statements = [:]
        sqlite3_close_v2(connection)
    }

    /// How long a call waits while another connection writes, at least.
    ///
    /// It looks every millisecond, for a commit takes about as long: SQLite's own handler would look ever more seldom, and
    /// whoever comes back the sooner would be served the most.
    func setPatience(_ patience: Duration) {
        let looks = Int(patience / .milliseconds(1))
        // The number itself stands in place of a pointer to one.
        sqlite3_busy_handler(
            connection,
            { looks, count in
                guard count < Int(bitPattern: looks) else { return 0 }
                usleep(1_000)
                return 1
            }, UnsafeMutableRawPointer(bitPattern: looks))
    }

    /// Whether the file can only be read.
    var isReadOnly: Bool { sqlite3_db_readonly(connection, "main") == 1 }

    /// Whether a transaction is open. Some errors end it by themselves.
    var isInTransaction: Bool { sqlite3_get_autocommit(connection) == 0 }

    /// Counts the rows that were added, changed and removed.
    var changes: Int64 { sqlite3_total_changes64(connection) }

    /// Whether there is another file, or none, where this one was opened. SQLite would go on to write to the one that is gone.
    var hasMoved: Bool {
        var answer: Int32 = 0
        let code = sqlite3_file_control(connection, "main", SQLITE_FCNTL_HAS_MOVED, &answer)
        return code == SQLITE_OK && answer != 0
    }

    /// Sets what the commits from now on wait for. Not within a transaction.
    func setSynchronisation(_ new: Synchronisation) throws(SQLiteError) {
        guard synchronisation != new else { return }
        try execute("PRAGMA synchronous = \(new.rawValue)")
        synchronisation = new
    }

    /// Moves what the write-ahead log holds to the database itself, and makes the log empty.
    ///
    /// After a synchronisation that failed the system may count as written what is lost, and say of the next one that all is
    /// well. What is written anew can be relied on.
    func emptyLog() throws(SQLiteError) {
        try setSynchronisation(.full)
        let isBlocked = try first("PRAGMA wal_checkpoint(TRUNCATE)") { $0.integer(0) != 0 } ?? false
        if isBlocked { throw SQLiteError(.busy, message: "the log is being read") }
    }

    /// Runs statements without parameters or rows, that are not worth keeping prepared.
    func execute(_ sql: String) throws(SQLiteError) {
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code, of: connection) }
    }

    /// Runs one statement, which stays prepared.
    func run(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) {
        try statement(sql).run(values)
    }

    /// The first row of a query, as `read` reads it; `nil` if there is none.
    func first<T>(_ sql: String, _ values: SQLiteValue..., read: (SQLiteRow) -> T) throws(SQLiteError) -> T? {
        var found: T?
        try statement(sql).run(values) { row in
            found = read(row)
            return false
        }
        return found
    }

    /// All rows of a query, as `read` reads them.
    func all<T>(_ sql: String, _ values: [SQLiteValue], read: (SQLiteRow) -> T) throws(SQLiteError) -> [T] {
        var found: [T] = []
        try statement(sql).run(values) { row in
            found.append(read(row))
            return true
        }
        return found
    }

    /// Reads several things as they were at one moment, whatever others write meanwhile.
    func atOneMoment<T>(_ body: () throws -> T) throws -> T {
        try run("BEGIN")
        do {
            let value = try body()
            try run("COMMIT")
            return value
        } catch {
            if isInTransaction { try? run("ROLLBACK") }
            throw error
        }
    }

    private func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let statement = statements[sql] { return statement }
        let statement = try Statement(sql, connection: connection)
        statements[sql] = statement
        return statement
    }
}

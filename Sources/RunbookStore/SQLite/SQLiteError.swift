internal import CSQLite
internal import Glibc

/// A function of SQLite failed.
struct SQLiteError: Error, Hashable {
    /// What it answered.
    let code: SQLiteCode
    /// SQLite's own words. They name tables and columns, never values.
    let message: String
    /// The system's error number behind it; 0 if there is none.
    let systemError: Int32

    /// An error.
    init(_ code: SQLiteCode, message: String, systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemError = systemError
    }

    /// What a connection says of its last call, which answered `code`.
    init(_ code: Int32, of connection: OpaquePointer?) {
        // A commit that fails leaves the system's number in its usual place only.
        let last = errno
        let known = connection.map { sqlite3_system_errno($0) } ?? 0
        let code = SQLiteCode(rawValue: code)
        self.init(
            code, message: String(cString: sqlite3_errmsg(connection)),
            systemError: known == 0 && code.primary == .ioError ? last : known)
    }
}

/// So that `catch SQLiteCode.busy` works.
func ~= (pattern: SQLiteCode, error: any Error) -> Bool {
    (error as? SQLiteError).map { pattern ~= $0.code } ?? false
}

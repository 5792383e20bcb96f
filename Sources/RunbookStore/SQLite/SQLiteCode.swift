internal import CSQLite

/// What a function of SQLite answered: an extended result code.
///
/// A primary code matches every extended code of its kind: `case .ioError` takes `SQLITE_IOERR_FSYNC` too.
struct SQLiteCode: RawRepresentable, Hashable, Sendable {
    /// SQLite's number.
    let rawValue: Int32

    /// The kind of error that an extended code is of.
    var primary: SQLiteCode { SQLiteCode(rawValue: rawValue & 0xff) }

    /// `SQLITE_OK`
    static let ok = SQLiteCode(rawValue: SQLITE_OK)
    /// `SQLITE_ROW`
    static let row = SQLiteCode(rawValue: SQLITE_ROW)
    /// `SQLITE_DONE`
    static let done = SQLiteCode(rawValue: SQLITE_DONE)
    /// `SQLITE_PERM`
    static let permission = SQLiteCode(rawValue: SQLITE_PERM)
    /// `SQLITE_BUSY`
    static let busy = SQLiteCode(rawValue: SQLITE_BUSY)
    /// `SQLITE_LOCKED`
    static let locked = SQLiteCode(rawValue: SQLITE_LOCKED)
    /// `SQLITE_NOMEM`
    static let noMemory = SQLiteCode(rawValue: SQLITE_NOMEM)
    /// `SQLITE_READONLY`
    static let readOnly = SQLiteCode(rawValue: SQLITE_READONLY)
    /// `SQLITE_READONLY_DBMOVED`
    static let moved = SQLiteCode(rawValue: SQLITE_READONLY | (4 << 8))
    /// `SQLITE_IOERR`
    static let ioError = SQLiteCode(rawValue: SQLITE_IOERR)
    /// `SQLITE_IOERR_FSYNC`
    static let syncFailed = SQLiteCode(rawValue: SQLITE_IOERR | (4 << 8))
    /// `SQLITE_CORRUPT`
    static let corrupt = SQLiteCode(rawValue: SQLITE_CORRUPT)
    /// `SQLITE_FULL`
    static let full = SQLiteCode(rawValue: SQLITE_FULL)
    /// `SQLITE_CANTOPEN`
    static let cannotOpen = SQLiteCode(rawValue: SQLITE_CANTOPEN)
    /// `SQLITE_TOOBIG`
    static let tooBig = SQLiteCode(rawValue: SQLITE_TOOBIG)
    /// `SQLITE_CONSTRAINT`
    static let constraint = SQLiteCode(rawValue: SQLITE_CONSTRAINT)
    /// `SQLITE_AUTH`
    static let notAuthorised = SQLiteCode(rawValue: SQLITE_AUTH)
    /// `SQLITE_NOTADB`
    static let notADatabase = SQLiteCode(rawValue: SQLITE_NOTADB)

    static func ~= (pattern: SQLiteCode, code: SQLiteCode) -> Bool {
        pattern == code || pattern == code.primary
    }
}

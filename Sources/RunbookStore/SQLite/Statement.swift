internal import CSQLite
internal import Glibc

/// A prepared statement, to be used again and again.
final class Statement {
    private let connection: OpaquePointer
    private let handle: OpaquePointer

    /// What tells SQLite to copy a value before the call returns: `SQLITE_TRANSIENT`.
    private static var copied: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

    /// Prepares one statement for a connection that outlives it.
    init(_ sql: String, connection: OpaquePointer) throws(SQLiteError) {
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw SQLiteError(code, of: connection) }
        self.connection = connection
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    /// Runs it to its end.
    ///
    /// - Parameters:
    ///   - values: what its parameters stand for, from the first.
    ///   - body: is called with each row; answers whether it wants another.
    func run(_ values: [SQLiteValue], _ body: (SQLiteRow) -> Bool = { _ in true }) throws(SQLiteError) {
        // A statement that is not reset keeps its transaction open, and its values in memory.
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        var place: Int32 = 1
        for value in values {
            let code = bind(value, at: place)
            guard code == SQLITE_OK else { throw SQLiteError(code, of: connection) }
            place += 1
        }
        errno = 0
        while true {
            let code = sqlite3_step(handle)
            switch code {
            case SQLITE_ROW: if !body(SQLiteRow(handle)) { return }
            case SQLITE_DONE: return
            default: throw SQLiteError(code, of: connection)
            }
        }
    }

    private func bind(_ value: SQLiteValue, at place: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, place)
        case .integer(let value): return sqlite3_bind_int64(handle, place, value)
        case .text(var value):
            return value.withUTF8 { text in
                text.withMemoryRebound(to: CChar.self) {
                    // An empty string may have no address, and would be null.
                    guard let start = $0.baseAddress, !$0.isEmpty else {
                        return sqlite3_bind_text(handle, place, "", 0, Self.copied)
                    }
                    return sqlite3_bind_text64(
                        handle, place, start, UInt64($0.count), Self.copied, UInt8(SQLITE_UTF8))
                }
            }
        case .bytes(let value):
            return value.withUnsafeBytes {
                guard let start = $0.baseAddress, !$0.isEmpty else { return sqlite3_bind_zeroblob(handle, place, 0) }
                return sqlite3_bind_blob64(handle, place, start, UInt64($0.count), Self.copied)
            }
        }
    }
}

internal import CSQLite

/// The row that a statement stands at; its columns count from 0.
struct SQLiteRow {
    private let statement: OpaquePointer

    /// The row of a statement that was stepped to one.
    init(_ statement: OpaquePointer) { self.statement = statement }

    /// Whether there is nothing in it.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

    /// An integer; 0 for null.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    /// A text; empty for null.
    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Bytes; none for null.
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }
}

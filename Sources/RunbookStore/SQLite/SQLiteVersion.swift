internal import CSQLite

/// The library that reads and writes the file.
enum SQLiteVersion {
    /// Such as `3.40.1`.
    static var text: String { String(cString: sqlite3_libversion()) }
}

internal import RunbookHost

/// The rows of all journals.
struct JournalTable {
    private let database: Database

    /// The journals of a database.
    init(_ database: Database) { self.database = database }

    /// Adds rows that follow the last one.
    func append(_ rows: [JournalRow], run key: Int64) throws {
        for row in rows {
            try database.run(
                "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", .integer(key),
                .integer(row.sequence), .integer(Int64(row.kind.rawValue)), .integer(Int64(row.call)),
                .integer(Int64(row.task)), .integer(Int64(row.position)), .integer(Int64(row.line)),
                .integer(Int64(row.flags)), .integer(row.unixMilliseconds), .integer(row.runMilliseconds),
                .text(row.name), .bytes(row.content), .bytes(row.facts), .bytes(row.sealed), .bytes(row.hash))
        }
    }

    /// The rows behind `sequence`, in order; so many at most.
    func rows(of run: String, key: Int64, after sequence: Int64, limit: Int) throws -> [JournalRow] {
        let found = try database.all(
            "SELECT * FROM journal WHERE run = ? AND sequence > ? ORDER BY sequence LIMIT ?",
            [.integer(key), .integer(sequence), .integer(Int64(max(0, limit)))], read: Self.row)
        return try found.map { row in
            guard let row else { throw StoreFault.damaged("a row of the journal of the run \(run) cannot be read") }
            return row
        }
    }

    private static func row(_ row: SQLiteRow) -> JournalRow? {
        guard let kind = UInt8(exactly: row.integer(2)).flatMap(JournalRow.Kind.init(rawValue:)),
            let call = UInt32(exactly: row.integer(3)), let task = UInt32(exactly: row.integer(4)),
            let position = UInt32(exactly: row.integer(5)), let line = UInt32(exactly: row.integer(6)),
            let flags = UInt32(exactly: row.integer(7))
        else { return nil }
        var found = JournalRow(
            kind, call: call, task: task, position: position, line: line, flags: flags,
            unixMilliseconds: row.integer(8), runMilliseconds: row.integer(9), name: row.text(10),
            content: row.bytes(11), facts: row.bytes(12), sealed: row.bytes(13))
        found.sequence = row.integer(1)
        found.hash = row.bytes(14)
        return found
    }
}

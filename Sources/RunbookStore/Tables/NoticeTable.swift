internal import Operations
internal import RunbookSchedule

/// What is still to be told.
struct NoticeTable {
    private let database: Database

    /// The notices of a database.
    init(_ database: Database) { self.database = database }

    /// Adds one, unless it is there already.
    func insert(_ notice: Notice) throws {
        try database.run(
            "INSERT OR IGNORE INTO notices (id, due, attempts, record) VALUES (?, ?, ?, ?)", .text(notice.id),
            .integer(notice.due), .integer(Int64(notice.attempts)), .bytes(notice.json.bytes()))
    }

    /// Those that are to be told by a moment, the earliest first; so many at most.
    func notices(by unixMilliseconds: Int64, limit: Int) throws -> [Notice] {
        let found = try database.all(
            "SELECT id, due, attempts, record FROM notices WHERE due <= ? ORDER BY due, key LIMIT ?",
            [.integer(unixMilliseconds), .integer(Int64(max(0, limit)))]
        ) { (id: $0.text(0), due: $0.integer(1), attempts: $0.integer(2), record: $0.bytes(3)) }
        return try found.map { id, due, attempts, record in
            guard let json = try? JSONValue(parsing: record), var notice = Notice(json) else {
                throw StoreFault.damaged("the notice \(id) cannot be read")
            }
            notice.due = due
            notice.attempts = Int(attempts)
            return notice
        }
    }

    /// Puts one off that is still due as it was.
    ///
    /// - Returns: whether it was.
    func take(_ notice: Notice, until unixMilliseconds: Int64) throws -> Bool {
        try database.first(
            "UPDATE notices SET due = ?, attempts = attempts + 1 WHERE id = ? AND due = ? RETURNING key",
            .integer(unixMilliseconds), .text(notice.id), .integer(notice.due)
        ) { _ in true } ?? false
    }

    /// Removes one.
    func remove(_ notice: String) throws { try database.run("DELETE FROM notices WHERE id = ?", .text(notice)) }
}

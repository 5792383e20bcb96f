internal import Operations
internal import RunbookHost
internal import RunbookSchedule

/// The schedulers that are there, and the ids of all that slots name.
struct CarrierTable {
    private let database: Database

    /// The carriers of a database.
    init(_ database: Database) { self.database = database }

    /// Adds one.
    func insert(_ carrier: Carrier) throws {
        let key = try database.first(
            """
            INSERT INTO carriers (id, owner, began, beats) VALUES (?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, began = excluded.began, beats = excluded.beats
            WHERE began IS NULL
            RETURNING key
            """, .text(carrier.id), .bytes(carrier.owner.json.bytes()), .integer(carrier.began),
            .integer(carrier.beats)
        ) { $0.integer(0) }
        guard key != nil else { throw ScheduleStoreRules.isKnown(carrier: carrier.id) }
    }

    /// Counts one further.
    ///
    /// - Returns: whether it is there.
    func beat(_ carrier: String) throws -> Bool {
        try database.first(
            "UPDATE carriers SET beats = beats + 1 WHERE id = ? AND owner IS NOT NULL RETURNING key", .text(carrier)
        ) { _ in true } ?? false
    }

    /// Those that are there, in the order of their ids.
    func carriers() throws -> [Carrier] {
        let found = try database.all(
            "SELECT id, owner, began, beats FROM carriers WHERE owner IS NOT NULL ORDER BY id", []
        ) { row in
            (try? JSONValue(parsing: row.bytes(1))).flatMap { RunOwner($0) }.map {
                Carrier(id: row.text(0), owner: $0, began: row.integer(2), beats: row.integer(3))
            }
        }
        return try found.map { carrier in
            guard let carrier else { throw StoreFault.damaged("a scheduler's owner cannot be read") }
            return carrier
        }
    }

    /// Gives one up. Its id stays, for the slots that name it.
    func remove(_ carrier: String) throws {
        try database.run("UPDATE carriers SET owner = NULL WHERE id = ? AND owner IS NOT NULL", .text(carrier))
    }

    /// What slots name a carrier by.
    func key(of carrier: String) throws -> Int64 {
        let known = try database.first("SELECT key FROM carriers WHERE id = ?", .text(carrier)) { $0.integer(0) }
        if let known { return known }
        return try database.first("INSERT INTO carriers (id) VALUES (?) RETURNING key", .text(carrier)) {
            $0.integer(0)
        } ?? 0
    }
}

internal import Operations
internal import RunbookHost

/// The runs, and who may write to each.
struct RunTable {
    private let database: Database

    /// The runs of a database.
    init(_ database: Database) { self.database = database }

    /// Adds a run that nobody else has.
    func insert(_ record: RunRecord, now: Int64) throws {
        let known = try database.first("SELECT 1 FROM runs WHERE id = ?", .text(record.id)) { _ in true } ?? false
        guard !known else { throw StoreError.unusable("cannot record the run \(record.id): there is one of this id") }
        let key =
            try database.first(
                """
                INSERT INTO runs (id, status, runbook, name, began, record, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
                RETURNING key
                """, .text(record.id), .text(record.status.rawValue), .text(record.runbook),
                .text(StoreRules.name(of: record.runbook)), .integer(record.began), .bytes(Self.unsealed(record)),
                .bytes(record.sealed)
            ) { $0.integer(0) } ?? 0
        try database.run(
            "INSERT INTO leases (run, epoch, renewed, owner, sequence, hash) VALUES (?, 1, ?, ?, 0, x'')",
            .integer(key), .integer(now), .bytes(record.owner.json.bytes()))
    }

    /// Replaces a run's record.
    func update(_ record: RunRecord, key: Int64) throws {
        try database.run(
            """
            UPDATE runs SET status = ?, runbook = ?, name = ?, began = ?, record = ?, sealed = ? WHERE key = ?
            """, .text(record.status.rawValue), .text(record.runbook), .text(StoreRules.name(of: record.runbook)),
            .integer(record.began), .bytes(Self.unsealed(record)), .bytes(record.sealed), .integer(key))
    }

    /// What is known of the right to write to a run.
    ///
    /// - Throws: ``StoreError/unknown(_:)``.
    func lease(of run: String) throws -> StoredLease {
        let found = try database.first(
            "SELECT key, epoch, renewed, sequence, hash FROM runs JOIN leases ON leases.run = runs.key WHERE id = ?",
            .text(run)
        ) { row in
            StoredLease(
                key: row.integer(0), run: run, epoch: row.integer(1), renewed: row.isNull(2) ? nil : row.integer(2),
                sequence: row.integer(3), hash: row.bytes(4))
        }
        guard let found else { throw StoreError.unknown(run) }
        return found
    }

    /// Who has a lease, or had it last.
    func owner(of lease: StoredLease) throws -> RunOwner {
        let json = try database.first("SELECT owner FROM leases WHERE run = ?", .integer(lease.key)) { $0.bytes(0) }
        guard let owner = Self.owner(json ?? []) else {
            throw StoreFault.damaged("the owner of the run \(lease.run) cannot be read")
        }
        return owner
    }

    /// What is known of a lease that still holds.
    ///
    /// - Throws: ``StoreError/owned(run:by:)`` if it was taken over or given back.
    func check(_ lease: RunLease) throws -> StoredLease {
        let stored = try self.lease(of: lease.run)
        guard stored.epoch == lease.epoch, stored.renewed != nil else {
            throw StoreError.owned(run: lease.run, by: try owner(of: stored))
        }
        return stored
    }

    /// Records that the owner is still there and where the journal ends now.
    func renew(_ lease: StoredLease, now: Int64, sequence: Int64, hash: [UInt8]) throws {
        try database.run(
            "UPDATE leases SET renewed = ?, sequence = ?, hash = ? WHERE run = ?", .integer(now), .integer(sequence),
            .bytes(hash), .integer(lease.key))
    }

    /// Records that nobody owns the run any more.
    func giveBack(_ lease: StoredLease) throws {
        try database.run("UPDATE leases SET renewed = NULL WHERE run = ?", .integer(lease.key))
    }

    /// Gives the run to another owner.
    func take(_ lease: StoredLease, for owner: RunOwner, now: Int64) throws -> RunLease {
        let epoch = lease.epoch + 1
        try database.run(
            "UPDATE leases SET epoch = ?, renewed = ?, owner = ? WHERE run = ?", .integer(epoch), .integer(now),
            .bytes(owner.json.bytes()), .integer(lease.key))
        return RunLease(run: lease.run, epoch: epoch)
    }

    /// The id of the run that has this id, or alone begins so.
    func id(_ beginning: String) throws -> String {
        let found = try database.all(
            "SELECT id FROM runs WHERE id >= ? AND id < ? || char(1114111) ORDER BY id LIMIT ?",
            [.text(beginning), .text(beginning), .integer(StoreRules.candidates)]
        ) { $0.text(0) }
        return try StoreRules.only(of: found, for: beginning, kind: "run")
    }

    /// A run, by its whole id.
    func record(_ id: String) throws -> RunRecord {
        let found = try records(where: "id = ?", [.text(id)], limit: 1).first
        guard let found else { throw StoreError.unknown(id) }
        return found
    }

    /// Runs, the newest first.
    func records(_ filter: RunFilter) throws -> [RunRecord] {
        var conditions: [String] = []
        var values: [SQLiteValue] = []
        if !filter.statuses.isEmpty {
            let statuses = filter.statuses.map(\.rawValue).sorted()
            conditions.append("status IN (\(statuses.map { _ in "?" }.joined(separator: ", ")))")
            values += statuses.map { .text($0) }
        }
        if let runbook = filter.runbook {
            conditions.append("(runbook = ? OR name = ?)")
            values += [.text(runbook), .text(StoreRules.name(asked: runbook))]
        }
        return try records(
            where: conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND "), values, limit: filter.limit)
    }

    private func records(where condition: String, _ values: [SQLiteValue], limit: Int?) throws -> [RunRecord] {
        let found = try database.all(
            """
            SELECT id, record, runs.sealed, owner FROM runs JOIN leases ON leases.run = runs.key
            WHERE \(condition) ORDER BY began DESC, key DESC LIMIT ?
            """, values + [.integer(Int64(max(0, limit ?? Int.max)))]
        ) { row in (row.text(0), row.bytes(1), row.bytes(2), row.bytes(3)) }
        return try found.map { id, json, sealed, owner in
            guard let value = try? JSONValue(parsing: json), var record = RunRecord(value),
                let owner = Self.owner(owner)
            else { throw StoreFault.damaged("the record of the run \(id) cannot be read") }
            record.sealed = sealed
            record.owner = owner
            return record
        }
    }

    /// The record as JSON without what is sealed, which stands in a column of its own.
    private static func unsealed(_ record: RunRecord) -> [UInt8] {
        var record = record
        record.sealed = []
        return record.json.bytes()
    }

    private static func owner(_ json: [UInt8]) -> RunOwner? {
        (try? JSONValue(parsing: json)).flatMap { RunOwner($0) }
    }
}

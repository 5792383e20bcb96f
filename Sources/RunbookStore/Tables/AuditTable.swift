internal import RunbookHost

/// The lines of the audit log, and its end.
struct AuditTable {
    private let database: Database

    /// The audit log of a database.
    init(_ database: Database) { self.database = database }

    /// Adds lines behind the last one, which this transaction reads: two processes make one chain.
    func append(_ events: [AuditEvent]) throws {
        guard !events.isEmpty else { return }
        var head = try head()
        for event in events {
            let line = AuditLine(event, after: head)
            try write(line)
            head = AuditHead(sequence: line.sequence, hash: line.hash)
        }
        guard let head else { return }
        try database.run(
            "INSERT OR REPLACE INTO audit_head VALUES (1, ?, ?)", .integer(head.sequence), .text(head.hash))
    }

    private func write(_ line: AuditLine) throws {
        do {
            try database.run(
                "INSERT INTO audit VALUES (?, ?, ?)", .integer(line.sequence), .text(line.hash), .bytes(line.text))
        } catch {
            guard error.code.primary == .constraint else { throw error }
            throw StoreError.unusable(
                "cannot write line \(line.sequence) of the audit log: it is there already, although the log says that it "
                    + "ends before; 'runbook audit verify' shows what is wrong with it")
        }
    }

    /// The lines behind `sequence`, in order; so many at most.
    func lines(after sequence: Int64, limit: Int) throws -> [AuditLine] {
        try database.all(
            "SELECT sequence, hash, text FROM audit WHERE sequence > ? ORDER BY sequence LIMIT ?",
            [.integer(sequence), .integer(Int64(max(0, limit)))]
        ) { AuditLine(sequence: $0.integer(0), hash: $0.text(1), text: $0.bytes(2)) }
    }

    /// The last line as the log remembers it.
    func head() throws -> AuditHead? {
        try database.first("SELECT sequence, hash FROM audit_head WHERE place = 1") {
            AuditHead(sequence: $0.integer(0), hash: $0.text(1))
        }
    }
}

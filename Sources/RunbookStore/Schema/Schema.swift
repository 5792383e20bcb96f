/// The tables of the database, and how an older file gets them.
enum Schema {
    /// What tells a file of ours from another program's: `rbst` in ASCII.
    static let applicationID: Int64 = 0x7262_7374

    /// What each version adds to the one before: the first makes version 1 of an empty file.
    static let steps: [String] = [
        """
        CREATE TABLE runs (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            status TEXT NOT NULL,
            runbook TEXT NOT NULL,
            name TEXT NOT NULL,
            began INTEGER NOT NULL,
            record BLOB NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT;
        CREATE INDEX runs_began ON runs (began);
        CREATE INDEX runs_status ON runs (status, began);
        CREATE INDEX runs_runbook ON runs (runbook, began);
        CREATE INDEX runs_name ON runs (name, began);

        CREATE TABLE leases (
            run INTEGER PRIMARY KEY REFERENCES runs (key),
            epoch INTEGER NOT NULL,
            renewed INTEGER,
            owner BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;

        CREATE TABLE journal (
            run INTEGER NOT NULL REFERENCES runs (key),
            sequence INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            call INTEGER NOT NULL,
            task INTEGER NOT NULL,
            position INTEGER NOT NULL,
            line INTEGER NOT NULL,
            flags INTEGER NOT NULL,
            unix_milliseconds INTEGER NOT NULL,
            run_milliseconds INTEGER NOT NULL,
            name TEXT NOT NULL,
            content BLOB NOT NULL,
            facts BLOB NOT NULL,
            sealed BLOB NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (run, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE plans (
            id TEXT PRIMARY KEY,
            made INTEGER NOT NULL,
            document BLOB NOT NULL,
            applied_by TEXT
        ) STRICT;

        CREATE TABLE audit (
            sequence INTEGER PRIMARY KEY,
            hash TEXT NOT NULL,
            text BLOB NOT NULL
        ) STRICT;

        CREATE TABLE audit_head (
            place INTEGER PRIMARY KEY CHECK (place = 1),
            sequence INTEGER NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        """,
        // A slot's carrier is no foreign key: a new carrier would make SQLite look for it in all slots.
        """
        CREATE TABLE schedules (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            phase TEXT NOT NULL,
            next INTEGER,
            ready INTEGER,
            cursor INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            record BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX schedules_name ON schedules (name) WHERE phase <> 'removed';
        CREATE INDEX schedules_next ON schedules (next) WHERE next IS NOT NULL AND phase <> 'removed';
        CREATE INDEX schedules_ready ON schedules (ready) WHERE ready IS NOT NULL;
        CREATE INDEX schedules_cursor ON schedules (cursor) WHERE phase <> 'removed';

        CREATE TABLE schedule_sources (
            schedule INTEGER PRIMARY KEY REFERENCES schedules (key),
            sealed BLOB NOT NULL
        ) STRICT;

        CREATE TABLE carriers (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            owner BLOB,
            began INTEGER,
            beats INTEGER
        ) STRICT;
        CREATE INDEX carriers_present ON carriers (id) WHERE owner IS NOT NULL;

        CREATE TABLE slots (
            schedule INTEGER NOT NULL REFERENCES schedules (key),
            planned INTEGER NOT NULL,
            origin INTEGER NOT NULL CHECK (origin >= 0),
            state INTEGER NOT NULL CHECK (state >= 0),
            due INTEGER NOT NULL,
            reason TEXT NOT NULL,
            runs TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            carrier INTEGER,
            started INTEGER,
            ended INTEGER,
            outcome INTEGER CHECK (outcome >= 0),
            unwanted INTEGER NOT NULL,
            actor TEXT,
            PRIMARY KEY (schedule, planned)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX slots_open ON slots (schedule, planned) WHERE state <= 2;
        CREATE INDEX slots_carried ON slots (carrier) WHERE state = 1;

        CREATE TABLE slot_counts (
            state INTEGER PRIMARY KEY,
            count INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE notices (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            due INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            record BLOB NOT NULL
        ) STRICT;
        CREATE INDEX notices_due ON notices (due);
        """,
    ]

    /// Makes a connection ready for use, and the file too if it is new or of an older version. Several processes may do it at
    /// once.
    ///
    /// - Parameter steps: what each version adds. Default: ``steps``.
    /// - Throws: ``SQLiteError``, ``StoreFault``.
    static func prepare(_ database: Database, steps: [String] = Schema.steps) throws {
        // Nothing of what is kept goes to a file elsewhere, not even for a moment.
        try database.execute("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY")
        var version = try version(of: database, known: steps.count)
        if version == steps.count, try isShared(database, setting: false) { return }
        guard !database.isReadOnly else { throw SQLiteError(.readOnly, message: "the file is read-only") }
        guard try isShared(database, setting: true) else { throw StoreFault.unshared }
        try database.setSynchronisation(.full)
        while version < steps.count {
            try database.run("BEGIN IMMEDIATE")
            do {
                // Another process may have been here meanwhile.
                version = try Self.version(of: database, known: steps.count)
                if version < steps.count {
                    try database.execute(steps[version])
                    version += 1
                    try database.execute(
                        "PRAGMA application_id = \(applicationID); PRAGMA user_version = \(version)")
                }
                try database.run("COMMIT")
            } catch {
                if database.isInTransaction { try? database.run("ROLLBACK") }
                throw error
            }
        }
    }

    /// The version of a file's schema; 0 for a new file.
    private static func version(of database: Database, known: Int) throws -> Int {
        // One query, and so one moment: another process may be making the tables.
        let found = try database.first(
            """
            SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
            FROM pragma_application_id, pragma_user_version
            """
        ) { (application: $0.integer(0), version: $0.integer(1), tables: $0.integer(2)) }
        guard let (application, version, tables) = found else { throw StoreFault.damaged("it has no head") }
        guard application == applicationID || (application == 0 && version == 0 && tables == 0) else {
            throw StoreFault.foreign
        }
        guard version >= 0 else { throw StoreFault.damaged("its format is \(version)") }
        guard version <= known else { throw StoreFault.newer(version, known: Int64(known)) }
        return Int(version)
    }

    /// Whether the file has a write-ahead log, which lets others read while one writes and makes a commit one write.
    private static func isShared(_ database: Database, setting: Bool) throws -> Bool {
        let mode = try database.first(setting ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode") { $0.text(0) }
        return mode == "wal"
    }
}

internal import Glibc
public import RunbookHost

/// Runs, journals, plans, the audit log and schedules in one SQLite file, which several processes may use at once.
///
/// Nothing is opened, and no file or folder created, before the first call. All SQL runs on a thread of the store's own;
/// what waits there at the same moment is committed together. After an error a call may simply be made again: the store is
/// usable as soon as the cause is gone.
public final class SQLiteStore: RunStore {
    /// The database file.
    public let path: String

    private let now: @Sendable () -> Int64
    private let thread: StoreThread

    /// A store in a file, which is created for this user alone (mode 0600, its folders 0700) when it is first needed.
    ///
    /// - Parameters:
    ///   - path: the file. Beside it stand two more of SQLite's, with `-wal` and `-shm` behind the name.
    ///   - now: milliseconds since 1970, which leases are measured by. Default: the system's clock.
    public convenience init(
        path: String, now: @escaping @Sendable () -> Int64 = SystemClock().unixMilliseconds
    ) {
        self.init(path: path, now: now, settings: StoreSession.Settings())
    }

    /// A store that behaves as its tests need.
    init(path: String, now: @escaping @Sendable () -> Int64, settings: StoreSession.Settings) {
        self.path = path
        self.now = now
        thread = StoreThread { StoreSession(path: path, settings: settings) }
    }

    deinit { thread.stop() }

    /// Closes the file, after all that was asked for before; the next call opens it again.
    public func close() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            do throws(SystemError) {
                try thread.submit { session in
                    session.close()
                    continuation.resume()
                }
            } catch {
                continuation.resume()  // a thread that cannot be started has opened nothing
            }
        }
    }

    /// Empties the log beside the file if it has grown so large that the next program would feel it when it opens the
    /// file. Best at the end of a program; what fails here is done by a later one.
    public func tidy() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            do throws(SystemError) {
                try thread.submit { session in
                    session.tidy()
                    continuation.resume()
                }
            } catch { continuation.resume() }
        }
    }

    // MARK: Runs

    /// See `RunStore`.
    public func begin(_ record: RunRecord, audit: [AuditEvent]) async throws(StoreError) -> RunLease {
        try await write("record a new run", isDurable: false) { [now] database in
            try RunTable(database).insert(record, now: now())
            try AuditTable(database).append(audit)
            return RunLease(run: record.id, epoch: 1)
        }
    }

    /// See `RunStore`.
    public func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        try await write("record what a run does", isDurable: isDurable) { [now] database in
            _ = try Self.append(rows, audit: audit, lease: lease, now: now(), to: database)
        }
    }

    /// See `RunStore`.
    public func renew(_ lease: RunLease) async throws(StoreError) {
        try await write("record that a run goes on", isDurable: false) { [now] database in
            let runs = RunTable(database)
            let stored = try runs.lease(of: lease.run)
            guard stored.epoch == lease.epoch else {
                throw StoreError.owned(run: lease.run, by: try runs.owner(of: stored))
            }
            // The owner itself has given it back a moment ago: there is nothing left to renew.
            guard stored.renewed != nil else { return }
            try runs.renew(stored, now: now(), sequence: stored.sequence, hash: stored.hash)
        }
    }

    /// See `RunStore`.
    public func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        try await write("record how a run stands") { [now] database in
            guard record.id == lease.run else {
                throw StoreError.unusable("cannot record the run \(record.id) with the lease of \(lease.run)")
            }
            let stored = try Self.append(rows, audit: audit, lease: lease, now: now(), to: database)
            let runs = RunTable(database)
            try runs.update(record, key: stored.key)
            if record.status != .running { try runs.giveBack(stored) }
        }
    }

    /// See `RunStore`.
    public func acquire(
        run id: String, owner: RunOwner, isAlive: @Sendable (RunOwner) -> Bool?
    ) async throws(StoreError) -> RunLease {
        while true {
            let (seen, seenOwner) = try await read("take over a run") { database in
                let runs = RunTable(database)
                let lease = try runs.lease(of: try runs.id(id))
                return (lease, try runs.owner(of: lease))
            }
            // Asked here, not within the transaction: it may take its time.
            let isSeenAlive = seen.renewed == nil ? false : isAlive(seenOwner)
            if isSeenAlive == true { throw .owned(run: seen.run, by: seenOwner) }
            let lease = try await write("take over a run") { [now] database -> RunLease? in
                let runs = RunTable(database)
                let stored = try runs.lease(of: seen.run)
                // Another was quicker: that one may be alive.
                guard stored.epoch == seen.epoch else { return nil }
                let now = now()
                if let renewed = stored.renewed, isSeenAlive == nil, !StoreRules.hasRunOut(renewed: renewed, now: now) {
                    throw StoreError.owned(run: stored.run, by: seenOwner)
                }
                return try runs.take(stored, for: owner, now: now)
            }
            if let lease { return lease }
        }
    }

    /// See `RunStore`.
    public func run(_ id: String) async throws(StoreError) -> RunRecord {
        try await read("read a run") { database in
            let runs = RunTable(database)
            return try runs.record(try runs.id(id))
        }
    }

    /// See `RunStore`.
    public func runs(_ filter: RunFilter) async throws(StoreError) -> [RunRecord] {
        try await read("list the runs") { try RunTable($0).records(filter) }
    }

    /// See `RunStore`.
    public func journal(of run: String, after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalRow] {
        try await read("read the journal of a run") { database in
            let lease = try RunTable(database).lease(of: run)
            return try JournalTable(database).rows(of: run, key: lease.key, after: sequence, limit: limit)
        }
    }

    // MARK: Plans

    /// See `RunStore`.
    public func keep(plan: StoredPlan, audit: [AuditEvent]) async throws(StoreError) {
        try await write("keep a plan") { database in
            try PlanTable(database).insert(plan)
            try AuditTable(database).append(audit)
        }
    }

    /// See `RunStore`.
    public func plan(_ id: String) async throws(StoreError) -> StoredPlan {
        try await read("read a plan") { try PlanTable($0).plan(id) }
    }

    /// See `RunStore`.
    public func claim(plan id: String, for run: String) async throws(StoreError) {
        try await write("mark a plan as applied") { try PlanTable($0).claim(id, for: run) }
    }

    // MARK: Audit

    /// See `RunStore`.
    public func audit(_ events: [AuditEvent]) async throws(StoreError) {
        try await write("write the audit log") { try AuditTable($0).append(events) }
    }

    /// See `RunStore`.
    public func auditLines(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditLine] {
        try await read("read the audit log") { try AuditTable($0).lines(after: sequence, limit: limit) }
    }

    /// See `RunStore`.
    public func auditHead() async throws(StoreError) -> AuditHead? {
        try await read("read the audit log") { try AuditTable($0).head() }
    }

    // MARK: Waiting for the thread

    /// Checks a lease and adds rows and lines.
    private static func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, now: Int64, to database: Database
    ) throws -> StoredLease {
        let runs = RunTable(database)
        let stored = try runs.check(lease)
        let end = try StoreRules.check(rows, of: lease.run, after: stored.sequence, hash: stored.hash)
        try JournalTable(database).append(rows, run: stored.key)
        try AuditTable(database).append(audit)
        try runs.renew(stored, now: now, sequence: end.sequence, hash: end.hash)
        return stored
    }

    /// Does something in a transaction, which others that wait share.
    ///
    /// - Parameter purpose: what is tried, as in "cannot …".
    func write<T: Sendable>(
        _ purpose: String, isDurable: Bool = true, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        try await withCheckedContinuation { (continuation: CheckedContinuation<Result<T, StoreError>, Never>) in
            let write = StoreWrite(
                isDurable: isDurable, purpose: purpose,
                attempt: { database in
                    let value = try body(database)
                    return { continuation.resume(returning: .success(value)) }
                },
                fail: { continuation.resume(returning: .failure($0)) })
            do throws(SystemError) {
                try thread.submit(write)
            } catch {
                let fault = StoreFault.system(error, at: path)
                continuation.resume(returning: .failure(fault.explained(purpose: purpose, path: path)))
            }
        }.get()
    }

    /// Reads something on the thread.
    ///
    /// - Parameter purpose: what is tried, as in "cannot …".
    func read<T: Sendable>(
        _ purpose: String, _ body: @escaping @Sendable (Database) throws -> T
    ) async throws(StoreError) -> T {
        try await withCheckedContinuation { (continuation: CheckedContinuation<Result<T, StoreError>, Never>) in
            do throws(SystemError) {
                try thread.submit { session in continuation.resume(returning: session.read(purpose, body)) }
            } catch {
                let fault = StoreFault.system(error, at: path)
                continuation.resume(returning: .failure(fault.explained(purpose: purpose, path: path)))
            }
        }.get()
    }
}

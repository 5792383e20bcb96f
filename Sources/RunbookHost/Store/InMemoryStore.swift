internal import Synchronization

/// A store that ends with the program: for programs that embed the host and keep nothing, and for tests.
///
/// It keeps to the same rules as one on a disk, leases and hashes included.
public final class InMemoryStore: RunStore {
    private struct Run {
        var record: RunRecord
        var rows: [JournalRow] = []
        var epoch: Int64 = 1
        /// When the owner was last heard of; `nil` if it has given the lease back.
        var renewed: Int64?
        var owner: RunOwner
        /// Counts the runs, so that of two that began at once the later one is known.
        let number: Int
    }

    private struct State {
        var runs: [String: Run] = [:]
        var plans: [String: StoredPlan] = [:]
        var lines: [AuditLine] = []
        var head: AuditHead?

        mutating func add(_ events: [AuditEvent]) {
            for event in events {
                let line = AuditLine(event, after: head)
                lines.append(line)
                head = AuditHead(sequence: line.sequence, hash: line.hash)
            }
        }

        /// The run of a lease that still holds.
        func run(of lease: RunLease) throws(StoreError) -> Run {
            guard let run = runs[lease.run] else { throw .unknown(lease.run) }
            guard run.epoch == lease.epoch, run.renewed != nil else { throw .owned(run: lease.run, by: run.owner) }
            return run
        }

        /// Checks rows and lease before anything is changed.
        mutating func append(
            _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, now: Int64
        ) throws(StoreError) {
            var run = try run(of: lease)
            _ = try StoreRules.check(
                rows, of: lease.run, after: Int64(run.rows.count), hash: run.rows.last?.hash ?? [])
            // Its rows are not to be copied because the table of runs has them too.
            runs[lease.run] = nil
            run.rows += rows
            run.renewed = now
            runs[lease.run] = run
            add(audit)
        }
    }

    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// An empty store.
    ///
    /// - Parameter now: milliseconds since 1970, which leases are measured by. Default: the system's clock.
    public init(now: @escaping @Sendable () -> Int64 = SystemClock().unixMilliseconds) {
        self.now = now
    }

    private func access<T: Sendable>(
        _ body: (inout State) throws(StoreError) -> T
    ) throws(StoreError) -> T {
        let result = state.withLock { state -> Result<T, StoreError> in
            do throws(StoreError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    // MARK: Runs

    /// See ``RunStore``.
    public func begin(_ record: RunRecord, audit: [AuditEvent]) async throws(StoreError) -> RunLease {
        let now = now()
        return try access { state throws(StoreError) in
            guard state.runs[record.id] == nil else {
                throw .unusable("cannot record the run \(record.id): there is one of this id")
            }
            state.runs[record.id] = Run(
                record: record, renewed: now, owner: record.owner, number: state.runs.count)
            state.add(audit)
            return RunLease(run: record.id, epoch: 1)
        }
    }

    /// See ``RunStore``.
    public func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        let now = now()
        try access { state throws(StoreError) in try state.append(rows, audit: audit, lease: lease, now: now) }
    }

    /// See ``RunStore``.
    public func renew(_ lease: RunLease) async throws(StoreError) {
        let now = now()
        try access { state throws(StoreError) in
            guard let run = state.runs[lease.run] else { throw .unknown(lease.run) }
            guard run.epoch == lease.epoch else { throw .owned(run: lease.run, by: run.owner) }
            // The owner itself has given it back a moment ago: there is nothing left to renew.
            if run.renewed != nil { state.runs[lease.run]?.renewed = now }
        }
    }

    /// See ``RunStore``.
    public func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        let now = now()
        try access { state throws(StoreError) in
            guard record.id == lease.run else {
                throw .unusable("cannot record the run \(record.id) with the lease of \(lease.run)")
            }
            try state.append(rows, audit: audit, lease: lease, now: now)
            state.runs[lease.run]?.record = record
            if record.status != .running { state.runs[lease.run]?.renewed = nil }
        }
    }

    /// See ``RunStore``.
    public func acquire(
        run id: String, owner: RunOwner, isAlive: @Sendable (RunOwner) -> Bool?
    ) async throws(StoreError) -> RunLease {
        while true {
            let seen = try access { state throws(StoreError) in try Self.run(id, in: state) }
            // Asked here, not within the lock: it may take its time.
            let isSeenAlive = seen.renewed == nil ? false : isAlive(seen.owner)
            if isSeenAlive == true { throw .owned(run: seen.record.id, by: seen.owner) }
            let now = now()
            let lease = try access { state throws(StoreError) -> RunLease? in
                let id = seen.record.id
                guard var run = state.runs[id] else { throw .unknown(id) }
                // Another was quicker: that one may be alive.
                guard run.epoch == seen.epoch else { return nil }
                if let renewed = run.renewed, isSeenAlive == nil, !StoreRules.hasRunOut(renewed: renewed, now: now) {
                    throw .owned(run: id, by: run.owner)
                }
                run.epoch += 1
                run.renewed = now
                run.owner = owner
                state.runs[id] = run
                return RunLease(run: id, epoch: run.epoch)
            }
            if let lease { return lease }
        }
    }

    /// See ``RunStore``.
    public func run(_ id: String) async throws(StoreError) -> RunRecord {
        try access { state throws(StoreError) in Self.record(of: try Self.run(id, in: state)) }
    }

    /// See ``RunStore``.
    public func runs(_ filter: RunFilter) async throws(StoreError) -> [RunRecord] {
        try access { state throws(StoreError) in
            let found = state.runs.values.filter { run in
                filter.statuses.isEmpty || filter.statuses.contains(run.record.status)
            }.filter { run in
                guard let asked = filter.runbook else { return true }
                return run.record.runbook == asked
                    || StoreRules.name(of: run.record.runbook) == StoreRules.name(asked: asked)
            }.sorted { ($0.record.began, $0.number) > ($1.record.began, $1.number) }
            return found.prefix(max(0, filter.limit ?? Int.max)).map(Self.record(of:))
        }
    }

    /// See ``RunStore``.
    public func journal(of run: String, after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalRow] {
        try access { state throws(StoreError) in
            guard let found = state.runs[run] else { throw .unknown(run) }
            return Self.page(of: found.rows, after: sequence, limit: limit)
        }
    }

    private static func run(_ asked: String, in state: State) throws(StoreError) -> Run {
        let id = try only(state.runs.keys, beginning: asked, kind: "run")
        guard let run = state.runs[id] else { throw .unknown(asked) }
        return run
    }

    private static func record(of run: Run) -> RunRecord {
        var record = run.record
        record.owner = run.owner
        return record
    }

    // MARK: Plans

    /// See ``RunStore``.
    public func keep(plan: StoredPlan, audit: [AuditEvent]) async throws(StoreError) {
        try access { state throws(StoreError) in
            guard state.plans[plan.id] == nil else {
                throw .unusable("cannot keep the plan \(plan.id): there is one of this id")
            }
            state.plans[plan.id] = plan
            state.add(audit)
        }
    }

    /// See ``RunStore``.
    public func plan(_ id: String) async throws(StoreError) -> StoredPlan {
        try access { state throws(StoreError) in try Self.plan(id, in: state) }
    }

    /// See ``RunStore``.
    public func claim(plan id: String, for run: String) async throws(StoreError) {
        try access { state throws(StoreError) in
            var plan = try Self.plan(id, in: state)
            if let other = plan.appliedBy, other != run { throw .planUsed(plan: plan.id, run: other) }
            plan.appliedBy = run
            state.plans[plan.id] = plan
        }
    }

    private static func plan(_ asked: String, in state: State) throws(StoreError) -> StoredPlan {
        let id = try only(state.plans.keys, beginning: asked, kind: "plan")
        guard let plan = state.plans[id] else { throw .unknown(asked) }
        return plan
    }

    // MARK: Audit

    /// See ``RunStore``.
    public func audit(_ events: [AuditEvent]) async throws(StoreError) {
        try access { state throws(StoreError) in state.add(events) }
    }

    /// See ``RunStore``.
    public func auditLines(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditLine] {
        try access { state throws(StoreError) in Self.page(of: state.lines, after: sequence, limit: limit) }
    }

    /// See ``RunStore``.
    public func auditHead() async throws(StoreError) -> AuditHead? {
        try access { state throws(StoreError) in state.head }
    }

    // MARK: Parts

    /// Some elements that are numbered from 1 without gaps.
    private static func page<T>(of all: [T], after sequence: Int64, limit: Int) -> [T] {
        Array(all.dropFirst(Int(clamping: max(0, sequence))).prefix(max(0, limit)))
    }

    private static func only(
        _ ids: some Collection<String>, beginning asked: String, kind: String
    ) throws(StoreError) -> String {
        let found = ids.filter { $0.utf8.starts(with: asked.utf8) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return try StoreRules.only(of: Array(found.prefix(Int(StoreRules.candidates))), for: asked, kind: kind)
    }
}

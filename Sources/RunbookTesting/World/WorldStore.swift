internal import RunbookHost

/// The store of a world's runs. What is not in it when the process dies is lost.
///
/// It takes something in only when the run can do nothing more without it: however long the commits take on the machine
/// where the tests run, the calls of tasks that run beside one another come in the same order.
struct WorldStore: RunStore {
    let world: SimulatedWorld
    let memory: InMemoryStore
    let gate: CommitGate

    private func commit<T: Sendable>(_ body: () async throws(StoreError) -> T) async throws(StoreError) -> T {
        await gate.wait()
        guard !world.isDead else { throw .unusable("the process is gone") }
        // Where nobody waits for the commit, nothing else tells that time can go on.
        defer { gate.wake() }
        return try await body()
    }

    func begin(_ record: RunRecord, audit: [AuditEvent]) async throws(StoreError) -> RunLease {
        try await memory.begin(record, audit: audit)
    }

    func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        try await commit { () throws(StoreError) in
            try await memory.append(rows, audit: audit, lease: lease, isDurable: isDurable)
        }
    }

    func renew(_ lease: RunLease) async throws(StoreError) { try await memory.renew(lease) }

    func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        try await commit { () throws(StoreError) in
            try await memory.update(record, rows: rows, audit: audit, lease: lease)
        }
    }

    func acquire(
        run id: String, owner: RunOwner, isAlive: @Sendable (RunOwner) -> Bool?
    ) async throws(StoreError) -> RunLease { try await memory.acquire(run: id, owner: owner, isAlive: isAlive) }

    func run(_ id: String) async throws(StoreError) -> RunRecord { try await memory.run(id) }
    func runs(_ filter: RunFilter) async throws(StoreError) -> [RunRecord] { try await memory.runs(filter) }
    func journal(of run: String, after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalRow] {
        try await memory.journal(of: run, after: sequence, limit: limit)
    }
    func keep(plan: StoredPlan, audit: [AuditEvent]) async throws(StoreError) {
        try await memory.keep(plan: plan, audit: audit)
    }
    func plan(_ id: String) async throws(StoreError) -> StoredPlan { try await memory.plan(id) }
    func claim(plan id: String, for run: String) async throws(StoreError) {
        try await memory.claim(plan: id, for: run)
    }
    func audit(_ events: [AuditEvent]) async throws(StoreError) { try await memory.audit(events) }
    func auditLines(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditLine] {
        try await memory.auditLines(after: sequence, limit: limit)
    }
    func auditHead() async throws(StoreError) -> AuditHead? { try await memory.auditHead() }
}

internal import RunbookHost

/// The store of a world's runs. What is not in it when the process dies is lost.
///
/// It takes something in only when the run can do nothing more without it: however long the commits take on the machine
/// where the tests run, the calls of tasks that run beside one another come in the same order.
struct WorldStore: ForwardingStore {
    let world: SimulatedWorld
    let next: InMemoryStore
    let gate: CommitGate

    private func commit<T: Sendable>(_ body: () async throws(StoreError) -> T) async throws(StoreError) -> T {
        try await gate.pass { () throws(StoreError) in
            guard !world.isDead else { throw .unusable("the process is gone") }
            return try await body()
        }
    }

    func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        try await commit { () throws(StoreError) in
            try await next.append(rows, audit: audit, lease: lease, isDurable: isDurable)
        }
    }

    func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        try await commit { () throws(StoreError) in
            try await next.update(record, rows: rows, audit: audit, lease: lease)
        }
    }
}

/// A store that has another do what it does not do itself: for one that measures, delays or refuses some of it.
///
/// A type that adopts it names the other store, and implements the functions of ``RunStore`` in which it differs.
package protocol ForwardingStore: RunStore {
    associatedtype Next: RunStore

    /// The store that does the rest.
    var next: Next { get }
}

extension ForwardingStore {
    package func begin(_ record: RunRecord, audit: [AuditEvent]) async throws(StoreError) -> RunLease {
        try await next.begin(record, audit: audit)
    }

    package func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError) {
        try await next.append(rows, audit: audit, lease: lease, isDurable: isDurable)
    }

    package func renew(_ lease: RunLease) async throws(StoreError) { try await next.renew(lease) }

    package func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError) {
        try await next.update(record, rows: rows, audit: audit, lease: lease)
    }

    package func acquire(
        run id: String, owner: RunOwner, isAlive: @Sendable (RunOwner) -> Bool?
    ) async throws(StoreError) -> RunLease { try await next.acquire(run: id, owner: owner, isAlive: isAlive) }

    package func run(_ id: String) async throws(StoreError) -> RunRecord { try await next.run(id) }

    package func runs(_ filter: RunFilter) async throws(StoreError) -> [RunRecord] { try await next.runs(filter) }

    package func journal(of run: String, after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalRow] {
        try await next.journal(of: run, after: sequence, limit: limit)
    }

    package func keep(plan: StoredPlan, audit: [AuditEvent]) async throws(StoreError) {
        try await next.keep(plan: plan, audit: audit)
    }

    package func plan(_ id: String) async throws(StoreError) -> StoredPlan { try await next.plan(id) }

    package func claim(plan id: String, for run: String) async throws(StoreError) {
        try await next.claim(plan: id, for: run)
    }

    package func audit(_ events: [AuditEvent]) async throws(StoreError) { try await next.audit(events) }

    package func auditLines(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditLine] {
        try await next.auditLines(after: sequence, limit: limit)
    }

    package func auditHead() async throws(StoreError) -> AuditHead? { try await next.auditHead() }
}

/// Where runs, their journals, plans and the audit log are kept.
///
/// Several processes may use one store at once. What a function promises to be durable is on the disk when it returns:
/// a machine that loses its power right after has it.
public protocol RunStore: Sendable {
    // MARK: Runs

    /// Records a new run, with the audit lines of its beginning. Whatever must be durable later takes it along.
    ///
    /// - Returns: the right to write to it, epoch 1.
    /// - Throws: ``StoreError/unusable(_:)``.
    func begin(_ record: RunRecord, audit: [AuditEvent]) async throws(StoreError) -> RunLease

    /// Adds rows to the journal of a run, and lines to the audit log, all or nothing; renews the lease.
    ///
    /// - Parameters:
    ///   - rows: with their places and hashes; the first follows the last that is there.
    ///   - audit: the lines, in order; the store gives them their places and hashes.
    ///   - lease: whose the run is.
    ///   - isDurable: whether they must be on the disk when it returns. Rows that are not are never lost alone: those that
    ///     follow are lost with them.
    /// - Throws: ``StoreError/owned(run:by:)`` if the run was taken over, ``StoreError/unusable(_:)``.
    func append(
        _ rows: [JournalRow], audit: [AuditEvent], lease: RunLease, isDurable: Bool
    ) async throws(StoreError)

    /// Says that the owner is still there.
    ///
    /// - Throws: ``StoreError/owned(run:by:)`` if the run was taken over, ``StoreError/unusable(_:)``.
    func renew(_ lease: RunLease) async throws(StoreError)

    /// Records how a run stands now, with its last rows and audit lines. Durable. If it has ended, or waits for a decision,
    /// the lease is given back.
    ///
    /// - Throws: ``StoreError/owned(run:by:)`` if the run was taken over, ``StoreError/unusable(_:)``.
    func update(
        _ record: RunRecord, rows: [JournalRow], audit: [AuditEvent], lease: RunLease
    ) async throws(StoreError)

    /// Takes a run over: its owner has given it back, is known to be dead, or has not renewed its lease in time. Durable.
    ///
    /// - Parameters:
    ///   - id: the run's id.
    ///   - owner: who takes it over.
    ///   - isAlive: whether an owner lives; `nil` if that cannot be told from here, as on another machine.
    /// - Throws: ``StoreError/owned(run:by:)``, ``StoreError/unknown(_:)``, ``StoreError/unusable(_:)``.
    func acquire(
        run id: String, owner: RunOwner, isAlive: @Sendable (RunOwner) -> Bool?
    ) async throws(StoreError) -> RunLease

    /// A run, by its id or by a beginning of it that no other has.
    ///
    /// - Throws: ``StoreError/unknown(_:)``, ``StoreError/unusable(_:)``.
    func run(_ id: String) async throws(StoreError) -> RunRecord

    /// Runs, the newest first.
    func runs(_ filter: RunFilter) async throws(StoreError) -> [RunRecord]

    /// The rows of a run's journal behind `sequence`, in order; so many at most.
    func journal(of run: String, after sequence: Int64, limit: Int) async throws(StoreError) -> [JournalRow]

    // MARK: Plans

    /// Keeps a plan that was made. Durable.
    func keep(plan: StoredPlan, audit: [AuditEvent]) async throws(StoreError)

    /// A plan, by its id or by a beginning of it that no other has.
    func plan(_ id: String) async throws(StoreError) -> StoredPlan

    /// Marks a plan as applied by a run: it works once. Durable.
    ///
    /// - Throws: ``StoreError/planUsed(plan:run:)``, ``StoreError/unknown(_:)``, ``StoreError/unusable(_:)``.
    func claim(plan id: String, for run: String) async throws(StoreError)

    // MARK: Audit

    /// Adds lines to the audit log that belong to no run's row. Durable.
    func audit(_ events: [AuditEvent]) async throws(StoreError)

    /// The audit log's lines behind `sequence`, in order; so many at most.
    func auditLines(after sequence: Int64, limit: Int) async throws(StoreError) -> [AuditLine]

    /// The last line that was written, as the log remembers it beside the lines; `nil` if none was.
    func auditHead() async throws(StoreError) -> AuditHead?
}

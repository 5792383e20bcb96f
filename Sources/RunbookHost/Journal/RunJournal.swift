internal import Operations
internal import Synchronization

/// The journal of a run under way: rows are added at once and in order, and reach the store in shared commits.
///
/// What waits to be durable waits for the next commit, together with everything else that was added meanwhile: many
/// changes in flight cost one commit.
final class RunJournal: Sendable {
    /// Rows, and bytes of them, that are not kept waiting for a change that needs them.
    private static let mostRows = 512
    private static let mostBytes = 1 << 20
    /// Bytes after which a call waits for the store before it is made.
    private static let backlog = 16 << 20
    /// How long rows wait at most when more come, in milliseconds of the run.
    private static let mostMilliseconds: Int64 = 500

    private struct Waiter {
        let sequence: Int64
        let isDurable: Bool
        let continuation: CheckedContinuation<StoreError?, Never>
    }

    private struct State {
        var record: RunRecord
        /// Whether the record has changed since the store has it.
        var isRecordNew = false
        var lease: RunLease?
        /// When the lease was given or last renewed, or a moment before.
        var renewed: Duration = .zero
        var rows: [JournalRow] = []
        var audit: [AuditEvent] = []
        var bytes = 0
        var sequence: Int64
        var hash: [UInt8]
        var kept: Int64
        var durable: Int64
        var lastFlush: Int64 = 0
        var isFlushing = false
        var waiters: [Waiter] = []
        /// Whoever waits until nothing is on its way to the store.
        var idle: [CheckedContinuation<Void, Never>] = []
        var failure: StoreError?

        mutating func takeWaiters() -> [Waiter] {
            let ready = waiters.filter {
                failure != nil || ($0.isDurable ? $0.sequence <= durable : $0.sequence <= kept)
            }
            if !ready.isEmpty {
                waiters.removeAll { failure != nil || ($0.isDurable ? $0.sequence <= durable : $0.sequence <= kept) }
            }
            return ready
        }
    }

    let journaling: Journaling
    let digest: PreparedCall.Digest
    private let known: KnownSecrets
    private let run: String
    private let executor: (any TaskExecutor)?
    /// Time since some fixed moment.
    private let now: @Sendable () -> Duration
    private let state: Mutex<State>
    /// Is told once if the store fails: the run must end.
    private let failed: Mutex<(@Sendable (StoreError) -> Void)?> = Mutex(nil)

    /// A new run's journal; nothing is written yet.
    ///
    /// - Parameters:
    ///   - known: what never gets there in clear.
    ///   - now: the time since some fixed moment, which counts on while the machine sleeps.
    init(
        _ journaling: Journaling, record: RunRecord, known: KnownSecrets, executor: (any TaskExecutor)?,
        now: @escaping @Sendable () -> Duration
    ) {
        self.now = now
        self.journaling = journaling
        self.known = known
        run = record.id
        self.executor = executor
        digest = PreparedCall.Digest(sealer: journaling.sealer)
        state = Mutex(State(record: record, sequence: 0, hash: [], kept: 0, durable: 0))
    }

    /// The journal of a run that was taken over, which goes on behind its last row.
    init(
        _ journaling: Journaling, record: RunRecord, known: KnownSecrets, lease: RunLease, sequence: Int64,
        hash: [UInt8], executor: (any TaskExecutor)?, now: @escaping @Sendable () -> Duration
    ) {
        self.now = now
        self.journaling = journaling
        self.known = known
        run = record.id
        self.executor = executor
        digest = PreparedCall.Digest(sealer: journaling.sealer)
        state = Mutex(
            State(record: record, lease: lease, sequence: sequence, hash: hash, kept: sequence, durable: sequence))
    }

    var record: RunRecord { state.withLock(\.record) }

    func whenFailed(_ action: @escaping @Sendable (StoreError) -> Void) { failed.withLock { $0 = action } }

    // MARK: Writing

    /// Records that the run begins. Durable.
    func begin(audit: [AuditEvent]) async throws(StoreError) {
        let (lease, record) = state.withLock { ($0.lease, $0.record) }
        guard lease == nil else { return add(nil, audit: audit) }
        do throws(StoreError) {
            let moment = now()
            let lease = try await journaling.store.begin(record, audit: audit)
            state.withLock { state in
                state.lease = lease
                state.renewed = moment
            }
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    /// Adds a row behind the others, and lines for the audit log. It reaches the store with what waits for it, or soon.
    ///
    /// - Parameter isPressing: whether it is not kept waiting for others. Default: it is.
    func add(_ row: JournalRow?, audit: [AuditEvent] = [], isPressing: Bool = false) {
        let redactor = known.redactor
        let row = row?.closed(by: journaling.sealer, run: run, redactor)
        let audit = audit.map { $0.closed(redactor) }
        let mustFlush = state.withLock { state in
            guard state.failure == nil else { return false }
            if var row {
                state.sequence += 1
                row.sequence = state.sequence
                row.hash = row.chainHash(after: state.hash)
                state.hash = row.hash
                state.bytes += row.content.count + row.facts.count + row.sealed.count
                state.rows.append(row)
            }
            state.audit += audit
            guard !state.isFlushing, state.lease != nil else { return false }
            let now = row?.runMilliseconds ?? 0
            if state.lastFlush == 0 { state.lastFlush = now }
            guard
                isPressing || state.rows.count >= Self.mostRows || state.bytes >= Self.mostBytes
                    || now - state.lastFlush >= Self.mostMilliseconds
            else { return false }
            state.lastFlush = now
            state.isFlushing = true
            return true
        }
        if mustFlush { startFlush() }
    }

    /// Changes what is known of the run; reaches the store with the next rows that must be durable.
    func update(_ change: (inout RunRecord) -> Void) {
        state.withLock { state in
            change(&state.record)
            state.record.close(known.redactor)
            state.isRecordNew = true
        }
    }

    /// Waits until every row that was added is on the disk.
    func durable() async throws(StoreError) { try await wait(isDurable: true) }

    /// Waits if the store is far behind.
    func keepUp() async throws(StoreError) {
        guard state.withLock({ $0.bytes > Self.backlog || $0.failure != nil }) else { return }
        try await wait(isDurable: false)
    }

    private func wait(isDurable: Bool) async throws(StoreError) {
        let failure = await withCheckedContinuation { (continuation: CheckedContinuation<StoreError?, Never>) in
            let (mustFlush, answer) = state.withLock { state -> (Bool, StoreError??) in
                if let failure = state.failure { return (false, .some(failure)) }
                if state.sequence <= (isDurable ? state.durable : state.kept) { return (false, .some(nil)) }
                state.waiters.append(
                    Waiter(sequence: state.sequence, isDurable: isDurable, continuation: continuation))
                guard !state.isFlushing else { return (false, nil) }
                state.isFlushing = true
                return (true, nil)
            }
            if let answer { continuation.resume(returning: answer) }
            if mustFlush { startFlush() }
        }
        if let failure { throw failure }
    }

    private func startFlush() {
        Task(executorPreference: executor) { await self.flush() }
    }

    private struct Batch {
        let rows: [JournalRow]
        let audit: [AuditEvent]
        let record: RunRecord?
        let isDurable: Bool
        let lease: RunLease
        let last: Int64
    }

    private func takeBatch() -> Batch? {
        var idle: [CheckedContinuation<Void, Never>] = []
        defer { for continuation in idle { continuation.resume() } }
        return state.withLock { state in
            let isDurable = state.waiters.contains(where: \.isDurable)
            guard let lease = state.lease, isDurable || !state.rows.isEmpty || !state.audit.isEmpty else {
                state.isFlushing = false
                idle = state.idle
                state.idle = []
                return nil
            }
            defer {
                state.rows = []
                state.audit = []
                state.bytes = 0
                if isDurable { state.isRecordNew = false }
            }
            return Batch(
                rows: state.rows, audit: state.audit, record: isDurable && state.isRecordNew ? state.record : nil,
                isDurable: isDurable, lease: lease, last: state.sequence)
        }
    }

    private func flush() async {
        while let batch = takeBatch() {
            let moment = now()
            do throws(StoreError) {
                if let record = batch.record {
                    try await journaling.store.update(
                        record, rows: batch.rows, audit: batch.audit, lease: batch.lease)
                } else {
                    try await journaling.store.append(
                        batch.rows, audit: batch.audit, lease: batch.lease, isDurable: batch.isDurable)
                }
                if batch.isDurable { journaling.committed?(now() - moment) }
                let waiters = state.withLock { state in
                    state.renewed = moment
                    state.kept = batch.last
                    if batch.isDurable { state.durable = batch.last }
                    return state.takeWaiters()
                }
                for waiter in waiters { waiter.continuation.resume(returning: nil) }
            } catch { return fail(error) }
        }
    }

    private func fail(_ error: StoreError) {
        let (waiters, idle) = state.withLock { state in
            state.failure = error
            state.isFlushing = false
            defer { state.idle = [] }
            return (state.takeWaiters(), state.idle)
        }
        for waiter in waiters { waiter.continuation.resume(returning: error) }
        for continuation in idle { continuation.resume() }
        failed.withLock { $0.take() }?(error)
    }

    // MARK: The end

    /// Records how the run stands now, with all rows before. Durable.
    func end(audit: [AuditEvent], _ change: (inout RunRecord) -> Void) async throws(StoreError) {
        add(nil, audit: audit)
        update(change)
        // What a flush under way has taken comes first: afterwards the run may be another's.
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLock { state in
                if state.isFlushing { state.idle.append(continuation) }
                return !state.isFlushing
            }
            if isIdle { continuation.resume() }
        }
        let (record, rows, audit, lease, failure) = state.withLock { state in
            defer {
                state.rows = []
                state.audit = []
                state.isRecordNew = false
            }
            return (state.record, state.rows, state.audit, state.lease, state.failure)
        }
        if let failure { throw failure }
        guard let lease else { return }
        try await journaling.store.update(record, rows: rows, audit: audit, lease: lease)
    }

    // MARK: The lease

    /// Whether surely nobody else has taken the run over: the lease was renewed not so long ago that it can have run out.
    var holdsLease: Bool {
        let now = now()
        return state.withLock { $0.failure == nil && now - $0.renewed < .milliseconds(RunLease.milliseconds) }
    }

    /// Whether somebody else has taken the run over, as far as the store can tell.
    func isTakenOver() async -> Bool {
        do throws(StoreError) { try await renew() } catch { return true }
        if case .owned? = state.withLock(\.failure) { return true }
        return false
    }

    /// Says from time to time that the run is still carried.
    func renew() async throws(StoreError) {
        guard let lease = state.withLock(\.lease) else { return }
        let moment = now()
        do throws(StoreError) {
            try await journaling.store.renew(lease)
            state.withLock { $0.renewed = max($0.renewed, moment) }
        } catch {
            // A store that is busy for a while is no reason to end a run; another owner is.
            guard case .owned = error else { return }
            fail(error)
            throw error
        }
    }
}

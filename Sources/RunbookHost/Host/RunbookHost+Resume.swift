internal import Operations

extension RunbookHost {
    /// Takes up a run that was cut short: goes through its journal with a fresh machine, sends nothing before all of it
    /// fitted, and goes on where it stopped.
    ///
    /// - Parameters:
    ///   - id: the run's id.
    ///   - source: another source than the run began with; if it does differently what was done already, the run is
    ///     `diverged`. One of the same bytes is no other one: it brings a signature, which counts where that of the
    ///     beginning does not. Default: the one that it began with.
    ///   - options: who answers questions and is told of what happens; all else is as the run began.
    /// - Throws: ``ResumeError``.
    public func resume(
        _ id: String, source: Runbook? = nil, options: RunOptions = RunOptions()
    ) async throws(ResumeError) -> Run {
        do { return try await resumed(id, source: source, options: options) } catch let error as ResumeError {
            throw error
        } catch let error as StoreError {
            throw .store(error)
        } catch let fault as Replay.Divergence {
            throw .diverged(fault.message)
        } catch { throw .refused("\(error)") }
    }

    private func resumed(_ id: String, source: Runbook?, options: RunOptions) async throws -> Run {
        guard let journaling else { throw ResumeError.refused("this host keeps no journals") }
        let store = journaling.store
        var record = try await store.run(id)
        if let reason = record.whyNotResumed { throw ResumeError.refused(reason) }
        let origin = try RunOrigin(record.sealed, by: journaling.sealer, run: record.id, name: record.runbook)
        if let source, record.mode == .apply, source.sha256 != origin.runbook.sha256 {
            throw ResumeError.refused(
                "the run \(record.id) applies a plan, which is bound to its source: resume it without --source")
        }
        var options = options
        options.mode = record.mode
        options.origin = record.origin
        options.limits = record.limits
        options.requiresManifest = record.requiresManifest
        options.parameters = origin.parameters
        if record.mode == .apply {
            options.plan = try PlanDocument.read(try await store.plan(record.plan).document, sealer: journaling.sealer)
        }
        let runbook = self.runbook(source, instead: origin.runbook, options)
        try await refuseUnsigned(runbook, record, options, journaling)
        let lease = try await store.acquire(run: record.id, owner: journaling.owner, isAlive: journaling.isAlive)
        // Its last owner may have written something since.
        record = try await store.run(record.id)
        record.owner = journaling.owner
        do {
            let replay = try await replay(of: record.id, in: store)
            let undecided = undecided(of: replay)
            guard undecided.isEmpty else {
                throw ResumeError.undecided(
                    .undecided(
                        record.id, undecided.map { ($0.row.call, $0.row.name, $0.row.line) }, "", record.runbook))
            }
            record.status = .running
            record.ended = nil
            let sealed = RunOrigin(runbook, parameters: origin.parameters).sealed(
                by: journaling.sealer, run: record.id)
            return Run(
                runbook, id: record.id, host: self, options: options,
                past: RunExecution.Past(record: record, lease: lease, replay: replay, origin: sealed))
        } catch {
            if case .undecided? = error as? ResumeError { record.status = .needsDecision }
            if error is Replay.Divergence { record.status = .diverged }
            // The next one need not wait for this process to end.
            if record.status == .running { record.status = .cancelled }
            try await store.update(record, rows: [], audit: [], lease: lease)
            throw error
        }
    }

    /// What a run goes on with: another source, or the one that it began with. If that was signed since, or signed anew
    /// with another key, it is the one with the signature that counts.
    private func runbook(_ source: Runbook?, instead first: Runbook, _ options: RunOptions) -> Runbook {
        guard let source else { return first }
        guard source.sha256 == first.sha256 else { return source }
        return refusal(of: first, options: options) == nil ? first : source
    }

    /// Leaves a run as it is whose runbook is not signed as the policy demands: it can still be taken up once it is.
    private func refuseUnsigned(
        _ runbook: Runbook, _ record: RunRecord, _ options: RunOptions, _ journaling: Journaling
    ) async throws {
        guard let refusal = refusal(of: runbook, options: options) else { return }
        var record = record
        record.actor = options.actor
        // What the line tells of is the source that was refused.
        record.runbook = runbook.name
        record.sha256 = runbook.sha256
        record.version = journaling.version
        record.signedBy = policy.signatures.signer(of: runbook)
        let auditor = Auditor(record, sealer: journaling.sealer)
        try await journaling.store.audit([auditor.refused(refusal, at: clock.unixMilliseconds())])
        throw ResumeError.denied(refusal)
    }

    /// The calls that a person must decide on: nothing else can tell what became of them, and they may not be sent again.
    func undecided(of replay: Replay) -> [Replay.Entry] {
        replay.unknown.filter { (catalogue[$0.row.name]?.effect ?? .unsafe) == .unsafe }
    }

    private static let page = 5_000

    func replay(of run: String, in store: any RunStore) async throws -> Replay {
        var replay = Replay()
        while true {
            let rows = try await store.journal(of: run, after: replay.sequence, limit: Self.page)
            try replay.read(rows)
            if rows.count < Self.page { return replay }
        }
    }
}

extension RunRecord {
    /// Whether the run can be taken up again once its owner is gone.
    public var canBeResumed: Bool { whyNotResumed == nil }

    /// Why nothing can follow, in a sentence; `nil` if the run can be taken up again.
    var whyNotResumed: String? {
        if mode == .plan { return "the run \(id) only made a plan and changed nothing: make another one" }
        if isStatement {
            return
                "the run \(id) is a statement of an interactive session, whose variables are gone: type it again, or see what it "
                + "did with 'runbook show \(id)' and take that back with 'runbook undo \(id)'"
        }
        switch status {
        case .running, .cancelled, .needsDecision, .diverged: return nil
        case .succeeded: return "the run \(id) has succeeded: there is nothing left of it to be done"
        case .failed:
            // The worker died, or the store failed: neither is the script's doing.
            let kind = error["kind"]?.stringValue.flatMap { RunError.Kind(rawValue: $0) }
            if let kind, [.machine, .store, .unsettled].contains(kind) { return nil }
            return
                "the run \(id) has failed by itself and would fail again: see 'runbook show \(id)', then start it anew"
        case .stopped:
            return
                "the run \(id) was stopped by a limit or a denial, which would stop it again: see 'runbook show \(id)', "
                + "then start it anew"
        }
    }
}

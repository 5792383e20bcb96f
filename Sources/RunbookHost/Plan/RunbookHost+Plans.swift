internal import Operations

extension RunbookHost {
    /// Keeps a plan that a run has made in the store, where it can be applied from, once.
    ///
    /// - Parameters:
    ///   - plan: the plan.
    ///   - actor: who asked for it.
    /// - Throws: ``StoreError``.
    public func keep(_ plan: Plan, actor: String) async throws(StoreError) {
        guard let journaling else { throw .unusable("cannot keep a plan: this host has no store") }
        let event = AuditEvent(
            .planMade, unixMilliseconds: plan.made,
            [
                "plan": .string(plan.id), "runbook": .string(plan.runbook.name), "sha256": .string(plan.runbook.sha256),
                "actor": .string(actor), "host": .string(journaling.owner.host),
                "pid": .integer(Int64(journaling.owner.process)), "version": .string(journaling.version),
                "changes": .integer(Int64(plan.changes.count)),
            ])
        let document = PlanDocument.write(plan, sealer: journaling.sealer)
        try await journaling.store.keep(
            plan: StoredPlan(id: plan.id, made: plan.made, document: document), audit: [event])
    }
}

internal import Operations

extension RunExecution {
    /// Ends a run whose runbook is not signed as the policy demands: no machine is started for it.
    ///
    /// - Parameter failure: why it cannot be recorded, if so.
    func refused(_ refusal: RunError, _ failure: StoreError?) async -> RunOutcome {
        if let failure { return notBegun(failure) }
        var refusal = refusal
        if options.mode == .apply, runbook.maker == .somebody {
            refusal = RunError(
                kind: refusal.kind,
                message:
                    "\(refusal.message). The plan is bound to the source that it was made of: if the file was changed since, "
                    + "make a new plan then")
        }
        let ended = await recordEnd(outcome((.stopped, .null, refusal, 0)))
        options.observer?(.ended)
        return ended
    }

    /// Refuses what was typed a change, where all that changes something must be signed. What is only planned is not sent.
    func permit(typed operation: Operation) throws(APIError) {
        guard options.isTyped, options.mode != .plan, operation.effect.isChange,
            host.policy.signatures.requirement == .all
        else { return }
        throw APIError(
            .denied, operation: operation.name,
            message:
                "the operator's policy (signatures.require: all) lets only signed runbooks change anything, and this was "
                + "typed: write it to a runbook, let somebody sign that with 'runbook sign', and run it. Nothing was sent."
        )
    }
}

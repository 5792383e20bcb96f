extension RunbookHost {
    /// Why a run of a runbook would be refused for want of a signature; `nil` if it would not. ``start(_:options:)`` asks
    /// the same, so that nobody has to; this is for those who want to know before they do something else.
    public func refusal(of runbook: Runbook, options: RunOptions = RunOptions()) -> RunError? {
        // It may change nothing then: see ``RunExecution/permit(typed:)``.
        guard !options.isTyped else { return nil }
        return policy.signatures.refusal(of: runbook, isScheduled: options.isScheduled)
            .map { RunError(kind: "denied", message: $0) }
    }
}

extension RunOptions {
    /// Whether a schedule has asked for the run: see ``origin``.
    var isScheduled: Bool { origin.hasPrefix("schedule:") }
}

/// What came of telling a hook once.
struct HookReport: Sendable, Hashable {
    let outcome: HookOutcome
    /// The end of what its program printed, on both streams, as a person may be shown it; empty for a webhook.
    var printed = ""
}

/// How a run stands.
public enum RunStatus: String, Sendable, Hashable, CaseIterable {
    /// It is under way.
    case running
    /// The script returned.
    case succeeded
    /// The script raised an error, or could not be run.
    case failed
    /// A limit or a denial ended it.
    case stopped
    /// Somebody ended it.
    case cancelled
    /// The outcome of a call is unknown and a person must decide.
    case needsDecision = "needs_decision"
    /// The journal does not fit the script.
    case diverged
}

/// What a run does with the changes of its script.
public enum RunMode: String, Sendable, Hashable, CaseIterable {
    /// They are sent.
    case run
    /// They are shown and not sent.
    case plan
    /// Those that a plan lists are sent; any other ends the run.
    case apply
}

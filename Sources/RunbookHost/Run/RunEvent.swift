/// What a program may show while a run is under way.
public enum RunEvent: Sendable, Hashable {
    /// The manifest was accepted: the title, and whether the script may change anything.
    case began(title: String)
    /// A call was begun: calls and changes so far, and the operation.
    case call(calls: Int, changes: Int, operation: String)
    /// The run has ended; see ``Run/outcome``.
    case ended
}

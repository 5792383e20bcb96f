/// What became of telling a hook.
enum HookOutcome: Sendable, Hashable {
    /// It took it.
    case delivered
    /// It did not, and may later: a time that it asked to wait, or `nil`, and why, as a sentence for people.
    case tryLater(after: Duration?, reason: String)
    /// It never will; why, as a sentence for people.
    case refused(reason: String)
}

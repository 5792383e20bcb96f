/// What an editor wants done that it cannot do itself.
public enum EditorEffect: Hashable, Sendable {
    /// The text is complete.
    case submit(String)
    /// The person abandoned the text.
    case interrupt
    /// The person wants to leave.
    case end
    /// Candidates are wanted; hand them to `receive(_:for:)` when they are there.
    case complete(CompletionRequest)
    /// The screen is to be emptied.
    case clearScreen
    /// The program is to be stopped until the shell continues it.
    case suspend
    /// Nothing could be done.
    case bell
}

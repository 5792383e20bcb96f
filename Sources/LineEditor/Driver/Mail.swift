/// What is told to a line that is being edited.
enum Mail: Sendable {
    /// Text to be shown above the line.
    case above(String)
    /// An answer to a request; nil when there is none.
    case completions(Completions?, CompletionRequest)
    /// The reading with this number is not wanted any more.
    case cancel(Int)
}

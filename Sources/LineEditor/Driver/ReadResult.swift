/// How the reading of a line ended.
public enum ReadResult: Hashable, Sendable {
    /// A complete text, without a line end at its end.
    case line(String)
    /// The line was abandoned with Control-C, or the task that read it was cancelled.
    case interrupted
    /// There is no more input: Control-D on an empty line, the end of a file, or a terminal that is gone.
    case end
}

/// How lines are read.
public struct LineReaderSettings: Sendable {
    /// How texts are edited.
    public var editor = EditorSettings()
    /// Finds candidates when the Tab key is pressed; typing goes on meanwhile, and a late answer is dropped. It is
    /// cancelled when another is asked for. Nil when there is nothing to offer. Default: none.
    public var completer: (@Sendable (CompletionRequest) async -> Completions?)?
    /// Whether styles are used. Without them there are no hints either. Default: `true`.
    public var usesColour = true
    /// Milliseconds after which an Escape is taken for the key. Default: 50.
    public var escapeDelay = 50
    /// Milliseconds after which a broken sequence is given up. Default: 500.
    public var sequenceDelay = 500
    /// Told when an entry of the history could not be kept in its file. Default: nothing is done.
    public var onHistoryFault: @Sendable (HistoryFault) -> Void = { _ in }

    /// The defaults.
    public init() {}
}

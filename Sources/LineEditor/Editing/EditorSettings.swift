/// What an editor asks its host. The functions are called often and from a thread of the editor: they must be quick,
/// must not block, and depend on their arguments alone.
public struct EditorSettings: Sendable {
    /// Whether Enter ends the text (true) or begins another line of it (false). Default: always true.
    public var isComplete: @Sendable (String) -> Bool = { _ in true }
    /// What a new line begins with, given the text before it. Default: what the line before begins with.
    public var indentation: @Sendable (String) -> String = { text in
        String(text.slice(text.lineStart(before: text.utf8.count)..<text.utf8.count).prefix { $0 == " " || $0 == "\t" })
    }
    /// How parts of the text look: in the order of their offsets, not overlapping. Default: all plain.
    public var highlight: (@Sendable (String) -> [StyledSpan])?
    /// What would probably follow the text, or nil. Asked before the history is. Default: nothing.
    public var hint: (@Sendable (String) -> String?)?
    /// Whether entries of the history that begin as the text are hinted at. Default: `true`.
    public var hintsFromHistory = true
    /// Whether the Tab key asks for candidates; else it indents. Default: `false`.
    public var completes = false
    /// What the Tab key puts at the beginning of a line. Default: four blanks.
    public var indentUnit = "    "
    /// Whether a bracket at the cursor and its counterpart are shown. Default: `true`.
    public var matchesBrackets = true
    /// Bytes of a text up to which `highlight` is asked. Default: 32 KiB.
    public var highlightLimit = 32_768
    /// Bytes of a text up to which hints are given. Default: 4 KiB.
    public var hintLimit = 4_096
    /// How the editor's own parts look.
    public var theme = EditorTheme()

    /// The defaults: every Enter ends the text.
    public init() {}

    /// Gives up hints, which cannot be told from text without colours and must not be taken unseen.
    mutating func withoutHints() {
        hint = nil
        hintsFromHistory = false
    }
}

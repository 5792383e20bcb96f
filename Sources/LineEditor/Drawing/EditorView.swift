/// What is to be seen of an editor.
public struct EditorView: Sendable {
    /// What stands before the lines.
    public var prompt: Prompt
    /// The edited text.
    public var text: String
    /// The cursor's offset in the text's UTF-8.
    public var cursor: Int
    /// How parts of the text look, in the order of their offsets and not overlapping.
    public var spans: [StyledSpan]
    /// A few that lie over those, such as matching brackets.
    public var overlays: [StyledSpan]
    /// What is shown after the text without being part of it.
    public var trailer: StyledText
    /// A line below the text, such as what is searched for.
    public var message: StyledText?
    /// Candidates below the text.
    public var menu: CompletionMenu?

    /// Makes a view of text alone.
    public init(prompt: Prompt, text: String, cursor: Int) {
        self.prompt = prompt
        self.text = text
        self.cursor = cursor
        spans = []
        overlays = []
        trailer = StyledText()
    }
}

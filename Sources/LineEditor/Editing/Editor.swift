/// Edits a text of one or more lines as keys come in. It does no I/O: what it shows is a view for a `Screen` to draw,
/// and what is to be done outside it are effects.
public struct Editor: Sendable {
    /// What the last key did, for what the next one makes of it.
    enum LastAction: Sendable {
        case other
        case typing(endsInBlank: Bool)
        case erasing
        case kill
        case yank(start: Int)
        case vertical(column: Int)
    }

    let settings: EditorSettings
    var buffer = TextBuffer()
    var killRing = KillRing()
    var undoHistory = UndoHistory()
    var last = LastAction.other
    var revision = 0
    var browsing = HistoryBrowsing([])
    var search: HistorySearch?
    var completing: CompletionState?
    var isQuoting = false
    /// What was searched for last.
    var lastQuery = ""
    /// What would follow the text, for the revision it was found for.
    var hint: String?
    var spans: [StyledSpan] = []
    var spansRevision = -1
    /// The revision of the text alone, which the cursor does not change.
    var textRevision = 0

    /// Starts with an empty text.
    public init(settings: EditorSettings = EditorSettings()) { self.settings = settings }

    /// The edited text.
    public var text: String { buffer.text }
    /// The cursor's offset in the text's UTF-8, always between two characters.
    public var cursor: Int { buffer.cursor }
    /// Whether candidates are shown.
    public var showsMenu: Bool { completing != nil }
    /// What is shown after the text as its probable end.
    public var hintText: String? { hint }

    /// Begins a new text; what was cut before can still be put back.
    ///
    /// - Parameters:
    ///   - history: entries to recall, the oldest first.
    ///   - text: what stands there to be edited. Default: nothing.
    public mutating func begin(history: [String] = [], text: String = "") {
        buffer = TextBuffer(Array(text.utf8).textWithPlainLineEnds())
        undoHistory = UndoHistory()
        last = .other
        browsing = HistoryBrowsing(history)
        search = nil
        completing = nil
        isQuoting = false
        changed(text: true)
        updateHint()
    }

    /// Takes a key.
    public mutating func handle(_ key: Key) -> [EditorEffect] {
        let before = textRevision
        let cursorBefore = buffer.cursor
        let effects = dispatch(key)
        if before != textRevision || cursorBefore != buffer.cursor || hint != nil { updateHint() }
        return effects
    }

    private mutating func dispatch(_ key: Key) -> [EditorEffect] {
        if isQuoting {
            isQuoting = false
            if let literal = key.literal {
                insert(literal)
                return []
            }
        }
        if completing != nil, let effects = handleInMenu(key) { return effects }
        if search != nil, let effects = handleInSearch(key) { return effects }
        switch key {
        case .text(let text):
            type(text)
            return []
        case .paste(let text):
            insert(text)
            return []
        case .press(let code, let modifiers):
            guard let command = EditorCommand.bound(to: code, modifiers) else { return [] }
            return perform(command)
        }
    }

    // MARK: Changing the text

    /// Puts a text in the place of a part and keeps how to undo it.
    mutating func replace(_ range: Range<Int>, with new: String, isContinued: Bool = false) {
        guard !range.isEmpty || !new.isEmpty else { return }
        let edit = buffer.replace(range, with: new)
        undoHistory.add(edit, isContinued: isContinued)
        changed(text: true)
    }

    /// Inserts at the cursor.
    mutating func insert(_ text: String) {
        replace(buffer.cursor..<buffer.cursor, with: text)
        last = .other
    }

    /// Inserts what was typed; a word is undone at once.
    mutating func type(_ text: String) {
        let startsInBlank = text.first?.isWhitespace ?? true
        var isContinued = false
        if case .typing(let endsInBlank) = last { isContinued = startsInBlank || !endsInBlank }
        replace(buffer.cursor..<buffer.cursor, with: text, isContinued: isContinued)
        last = .typing(endsInBlank: text.last?.isWhitespace ?? true)
    }

    /// Moves the cursor.
    mutating func move(to offset: Int) {
        buffer.move(to: offset)
        changed(text: false)
    }

    /// Takes another text for the edited one, such as an entry of the history.
    mutating func show(_ text: String, cursor: Int? = nil) {
        replace(0..<buffer.count, with: text)
        if let cursor { move(to: cursor) }
    }

    mutating func changed(text: Bool) {
        revision += 1
        if text { textRevision += 1 }
    }
}

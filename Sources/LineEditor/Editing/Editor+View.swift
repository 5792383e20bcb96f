extension Editor {
    /// What is to be seen now.
    ///
    /// - Parameter showsHint: whether the hint is shown; it cannot be told from text without colours. Default: `true`.
    public mutating func view(prompt: Prompt, showsHint: Bool = true) -> EditorView {
        var view = EditorView(prompt: prompt, text: buffer.text, cursor: buffer.cursor)
        view.spans = highlighted()
        if let match = search?.now.match { view.overlays.append(StyledSpan(match, settings.theme.match)) }
        if search == nil, settings.matchesBrackets, let pair = BracketMatcher(spans: spans).pair(in: buffer) {
            for offset in [pair.lower, pair.upper] {
                view.overlays.append(StyledSpan(offset..<offset + 1, settings.theme.bracket))
            }
        }
        if showsHint, let shownHint { view.trailer = StyledText(shownHint, settings.theme.hint) }
        view.message = searchMessage
        view.menu = completing?.menu
        return view
    }

    /// What stays on the screen of a text that is done with: no hint, no brackets at a cursor.
    public mutating func finalView(prompt: Prompt, mark: String = "") -> EditorView {
        var view = EditorView(prompt: prompt, text: buffer.text, cursor: buffer.count)
        view.spans = highlighted()
        view.trailer = StyledText(mark, settings.theme.abandoned)
        return view
    }

    private mutating func highlighted() -> [StyledSpan] {
        guard spansRevision != textRevision else { return spans }
        spansRevision = textRevision
        spans = []
        guard let highlight = settings.highlight, buffer.count <= settings.highlightLimit else { return [] }
        spans = highlight(buffer.text)
        return spans
    }
}

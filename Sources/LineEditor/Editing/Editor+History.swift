extension Editor {
    /// Shows an entry of the history, or begins to search in it.
    mutating func recall(_ command: EditorCommand) -> [EditorEffect] {
        switch command {
        case .historyPrevious: return recallPrevious(withPrefix: false)
        case .historyNext: return recallNext(withPrefix: false)
        case .historyFirst:
            guard !browsing.entries.isEmpty else { return [.bell] }
            go(to: 0)
        case .historyLast: go(to: browsing.entries.count)
        case .searchBackward: startSearch(backward: true)
        case .searchForward: startSearch(backward: false)
        default: break
        }
        return []
    }

    /// Shows the entry before.
    mutating func recallPrevious(withPrefix: Bool) -> [EditorEffect] {
        if !browsing.isBrowsing {
            browsing.look(for: withPrefix && !buffer.isEmpty ? buffer.text : nil)
        } else if !withPrefix {
            browsing.look(for: nil)
        }
        guard let index = browsing.next(older: true, than: buffer.text) else { return [.bell] }
        go(to: index)
        return []
    }

    /// Shows the entry after, and after the last the text that was begun.
    mutating func recallNext(withPrefix: Bool) -> [EditorEffect] {
        if !withPrefix { browsing.look(for: nil) }
        guard let index = browsing.next(older: false, than: buffer.text) else { return [.bell] }
        go(to: index)
        if withPrefix { move(to: buffer.lineEnd(0)) }
        return []
    }

    private mutating func go(to index: Int) {
        show(browsing.go(to: index, leaving: buffer.text))
        last = .other
    }

    // MARK: Searching

    private mutating func startSearch(backward: Bool) {
        search = HistorySearch(
            entries: browsing.entries, original: buffer.text, cursor: buffer.cursor, isBackward: backward)
    }

    /// Takes a key while searching; nil ends the search and leaves the key to what it does otherwise.
    mutating func handleInSearch(_ key: Key) -> [EditorEffect]? {
        guard var search else { return nil }
        switch key {
        case .text(let text): search.add(text)
        case .paste(let text): search.add(String(text.prefix { $0 != "\n" }.prefix(200)))
        case .control("r"): search.again(backward: true, lastQuery: lastQuery)
        case .control("s"): search.again(backward: false, lastQuery: lastQuery)
        case .plain(.backspace), .control("h"):
            guard search.removeLast() else { return [.bell] }
        case .control("g"):
            let original = search.original
            let cursor = search.originalCursor
            endSearch(search)
            if buffer.text != original { show(original) }
            move(to: cursor)
            return []
        case .plain(.escape):
            endSearch(search)
            return []
        default:
            endSearch(search)
            return nil
        }
        self.search = search
        if buffer.text != search.text { show(search.text) }
        if let match = search.now.match { move(to: match.lowerBound) }
        return search.now.isFailing ? [.bell] : []
    }

    private mutating func endSearch(_ search: HistorySearch) {
        if !search.now.query.isEmpty { lastQuery = search.now.query }
        self.search = nil
        changed(text: false)
    }

    /// The line that says what is searched for.
    var searchMessage: StyledText? {
        guard let search else { return nil }
        let direction = search.isBackward ? "search back" : "search forward"
        let state = search.now.isFailing ? "\(direction), not found" : direction
        return StyledText("\(state): ", settings.theme.message).adding(search.now.query)
    }
}

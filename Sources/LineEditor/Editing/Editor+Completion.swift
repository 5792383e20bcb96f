extension Editor {
    /// Asks for candidates, or indents at the beginning of a line.
    mutating func complete() -> [EditorEffect] {
        let start = buffer.lineStart(buffer.cursor)
        let isBlank = buffer.text.slice(start..<buffer.cursor).allSatisfy { $0 == " " || $0 == "\t" }
        guard settings.completes, !isBlank || buffer.isEmpty else {
            insert(settings.indentUnit)
            return []
        }
        return [.complete(CompletionRequest(text: buffer.text, cursor: buffer.cursor, revision: revision))]
    }

    /// Takes the answer to a request. One for a text or a cursor that has changed since is dropped.
    public mutating func receive(_ completions: Completions, for request: CompletionRequest) -> [EditorEffect] {
        guard request.revision == revision, search == nil, completing == nil else { return [] }
        let range = completions.range
        guard range.upperBound <= buffer.count, buffer.text.characterStart(at: range.lowerBound) == range.lowerBound,
            buffer.text.characterStart(at: range.upperBound) == range.upperBound,
            let first = completions.candidates.first
        else { return [.bell] }
        defer { updateHint() }
        let typed = String(buffer.text.slice(range))
        if completions.candidates.count == 1 {
            let text = first.text + first.ending
            if text != typed { replace(range, with: text) }
            last = .other
            return []
        }
        var place = range
        let common = Self.commonPrefix(completions.candidates)
        if common.utf8.count > typed.utf8.count, common.utf8.starts(with: typed.utf8) {
            replace(range, with: common)
            place = range.lowerBound..<buffer.cursor
        }
        last = .other
        completing = CompletionState(
            menu: CompletionMenu(completions.candidates, theme: settings.theme), range: place,
            typed: String(buffer.text.slice(place)))
        return []
    }

    /// Takes a key while candidates are shown; nil closes them and leaves the key to what it does otherwise.
    mutating func handleInMenu(_ key: Key) -> [EditorEffect]? {
        guard var state = completing else { return nil }
        switch key {
        case .plain(.tab), .control("i"): state.menu.step(by: 1)
        case .press(.tab, .shift): state.menu.step(by: -1)
        case .plain(.escape), .control("g"):
            completing = nil
            if state.menu.selection != nil { put(state.typed, for: &state) }
            return []
        case .plain(.enter):
            completing = nil
            return state.menu.selection == nil ? nil : []
        default:
            completing = nil
            return nil
        }
        if let selection = state.menu.selection { put(state.menu.candidates[selection].text, for: &state) }
        completing = state
        return []
    }

    private mutating func put(_ text: String, for state: inout CompletionState) {
        replace(state.range, with: text)
        state.range = state.range.lowerBound..<buffer.cursor
        last = .other
    }

    private static func commonPrefix(_ candidates: [Candidate]) -> String {
        guard var prefix = candidates.first.map({ Substring($0.text) }) else { return "" }
        for candidate in candidates.dropFirst() {
            let count = zip(prefix, candidate.text).prefix { $0 == $1 }.count
            prefix = prefix.prefix(count)
        }
        return String(prefix)
    }
}

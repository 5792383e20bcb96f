extension Editor {
    /// Does what a key is bound to.
    mutating func perform(_ command: EditorCommand) -> [EditorEffect] {
        let before = last
        switch command {
        case .yankPop, .up, .down, .pageUp, .pageDown: break
        case .killToLineEnd, .killToLineStart, .killBlankWord, .killWordLeft, .killWordRight: break
        default: last = .other
        }
        switch command {
        case .enter: return enter()
        case .newline: newline()
        case .interrupt: return [.interrupt]
        case .deleteOrEnd:
            guard !buffer.isEmpty else { return [.end] }
            return erase(buffer.cursor..<buffer.after(buffer.cursor), after: before)
        case .complete, .completeBackward: return complete()
        case .clearScreen: return [.clearScreen]
        case .suspend: return [.suspend]
        case .cancel: break
        case .quotedInsert: isQuoting = true
        case .backspace: return erase(buffer.before(buffer.cursor)..<buffer.cursor, after: before)
        case .delete: return erase(buffer.cursor..<buffer.after(buffer.cursor), after: before)
        case .transpose: return transpose()
        case .undo:
            guard let edit = undoHistory.undo() else { return [.bell] }
            buffer.undo(edit)
            changed(text: true)
        case .redo:
            guard let edit = undoHistory.redo() else { return [.bell] }
            buffer.redo(edit)
            changed(text: true)
        case .upcaseWord: changeWord { $0.uppercased() }
        case .downcaseWord: changeWord { $0.lowercased() }
        case .capitaliseWord: changeWord { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
        case .killToLineEnd, .killToLineStart, .killBlankWord, .killWordLeft, .killWordRight, .yank, .yankPop:
            return cut(command)
        case .historyPrevious, .historyNext, .historyFirst, .historyLast, .searchBackward, .searchForward:
            return recall(command)
        default: return travel(command)
        }
        return []
    }

    // MARK: Ending lines

    private mutating func enter() -> [EditorEffect] {
        if settings.isComplete(buffer.text) { return [.submit(buffer.text)] }
        newline()
        return []
    }

    private mutating func newline() {
        let indent = settings.indentation(String(buffer.text.slice(0..<buffer.cursor)))
        insert("\n" + indent)
    }

    // MARK: Erasing

    private mutating func erase(_ range: Range<Int>, after before: LastAction) -> [EditorEffect] {
        guard !range.isEmpty else { return [.bell] }
        var isContinued = false
        if case .erasing = before { isContinued = true }
        replace(range, with: "", isContinued: isContinued)
        last = .erasing
        return []
    }

    // MARK: Changing words and characters

    private mutating func transpose() -> [EditorEffect] {
        let start = buffer.lineStart(buffer.cursor)
        var middle = buffer.cursor
        // At a line's end the two characters before it change places.
        if middle == buffer.lineEnd(middle), middle > start { middle = buffer.before(middle) }
        guard middle > start, middle < buffer.count else { return [.bell] }
        let left = buffer.before(middle)
        let right = buffer.after(middle)
        let swapped = String(buffer.text.slice(middle..<right)) + String(buffer.text.slice(left..<middle))
        replace(left..<right, with: swapped)
        return []
    }

    private mutating func changeWord(_ change: (Substring) -> String) {
        let end = buffer.wordEnd(after: buffer.cursor)
        var start = buffer.cursor
        while let character = buffer.character(at: start), start < end, !TextBuffer.isWord(character) {
            start = buffer.after(start)
        }
        guard start < end else { return }
        replace(start..<end, with: change(buffer.text.slice(start..<end)))
    }
}

extension Editor {
    /// Cuts a part of the text, or puts one back.
    mutating func cut(_ command: EditorCommand) -> [EditorEffect] {
        let cursor = buffer.cursor
        switch command {
        case .killToLineEnd:
            let end = buffer.lineEnd(cursor)
            // At a line's end the line end itself goes.
            return kill(cursor..<(end == cursor ? buffer.after(cursor) : end), isBefore: false)
        case .killToLineStart:
            let start = buffer.lineStart(cursor)
            return kill((start == cursor ? buffer.before(cursor) : start)..<cursor, isBefore: true)
        case .killBlankWord:
            return kill(buffer.wordStart(before: cursor, where: TextBuffer.isNoBlank)..<cursor, isBefore: true)
        case .killWordLeft: return kill(buffer.wordStart(before: cursor)..<cursor, isBefore: true)
        case .killWordRight: return kill(cursor..<buffer.wordEnd(after: cursor), isBefore: false)
        case .yank:
            killRing.turnToLast()
            return yank(cursor..<cursor)
        case .yankPop:
            guard case .yank(let start) = last, start <= cursor else { return [.bell] }
            killRing.turn()
            return yank(start..<cursor)
        default: return []
        }
    }

    private mutating func kill(_ range: Range<Int>, isBefore: Bool) -> [EditorEffect] {
        guard !range.isEmpty else {
            last = .other
            return [.bell]
        }
        var joins = false
        if case .kill = last { joins = true }
        killRing.add(String(buffer.text.slice(range)), joining: joins, before: isBefore)
        replace(range, with: "")
        last = .kill
        return []
    }

    private mutating func yank(_ range: Range<Int>) -> [EditorEffect] {
        guard let text = killRing.current else { return [.bell] }
        replace(range, with: text)
        last = .yank(start: range.lowerBound)
        return []
    }
}

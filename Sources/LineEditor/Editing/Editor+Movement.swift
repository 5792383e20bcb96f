extension Editor {
    /// Lines that a page key moves by.
    private static let pageLines = 10

    /// Moves the cursor. At the end of the text moves to the right take the hint.
    mutating func travel(_ command: EditorCommand) -> [EditorEffect] {
        let cursor = buffer.cursor
        switch command {
        case .left: move(to: buffer.before(cursor))
        case .right:
            if acceptHint() { return [] }
            move(to: buffer.after(cursor))
        case .lineStart: move(to: buffer.lineStart(cursor))
        case .lineEnd:
            if acceptHint() { return [] }
            move(to: buffer.lineEnd(cursor))
        case .wordLeft: move(to: buffer.wordStart(before: cursor))
        case .wordRight:
            if acceptHintWord() { return [] }
            move(to: buffer.wordEnd(after: cursor))
        case .textStart: move(to: 0)
        case .textEnd:
            if acceptHint() { return [] }
            move(to: buffer.count)
        case .up: return moveLine(up: true) ? [] : recallPrevious(withPrefix: true)
        case .down: return moveLine(up: false) ? [] : recallNext(withPrefix: true)
        case .pageUp: for _ in 0..<Self.pageLines where !moveLine(up: true) { break }
        case .pageDown: for _ in 0..<Self.pageLines where !moveLine(up: false) { break }
        default: break
        }
        return []
    }

    /// Moves to the line above or below, to the column that the first such move began at.
    private mutating func moveLine(up: Bool) -> Bool {
        let cursor = buffer.cursor
        let start = buffer.lineStart(cursor)
        let column: Int
        if case .vertical(let kept) = last { column = kept } else { column = width(start..<cursor) }
        if up {
            guard start > 0 else { return false }
            let line = buffer.lineStart(start - 1)
            move(to: place(at: column, in: line..<start - 1))
        } else {
            let end = buffer.lineEnd(cursor)
            guard end < buffer.count else { return false }
            move(to: place(at: column, in: end + 1..<buffer.lineEnd(end + 1)))
        }
        last = .vertical(column: column)
        return true
    }

    /// The cells that a part of a line takes; a long part's are counted in bytes.
    private func width(_ range: Range<Int>) -> Int {
        guard range.count <= TextLayout.greatestLine else { return range.count }
        return CellRun.width(of: String(buffer.text.slice(range)))
    }

    private func place(at column: Int, in line: Range<Int>) -> Int {
        guard column <= TextLayout.greatestLine else { return min(line.upperBound, line.lowerBound + column) }
        var place = line.lowerBound
        var width = 0
        while place < line.upperBound, let character = buffer.character(at: place) {
            width += CellRun.width(of: String(character))
            guard width <= column else { break }
            place = buffer.after(place)
        }
        return place
    }
}

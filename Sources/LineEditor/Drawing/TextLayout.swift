/// Breaks a text with its prompts into rows of a width.
///
/// A row depends on where it begins alone, so rows can be laid out from any row's start, and only those that are seen
/// are. In a line longer than `greatestLine` rows are counted from places so far apart that they fall, in a text of
/// narrow characters, where rows from the line's beginning would begin.
struct TextLayout {
    /// Bytes of one line that are laid out to find where the cursor's row begins.
    static let greatestLine = 8_192

    private let text: String
    private let size: Int
    private let cursor: Int
    private let width: Int
    private let firstPrompt: [Cell]
    private let otherPrompt: [Cell]
    private var styles: StyleMap

    init(_ view: EditorView, width: Int) {
        let trailer = view.trailer
        size = view.text.utf8.count
        // What is shown after the text flows on as if it were part of it.
        text = trailer.runs.isEmpty ? view.text : view.text + trailer.text
        cursor = view.cursor
        self.width = max(1, width)
        firstPrompt = CellRun.cells(of: view.prompt.first)
        otherPrompt = CellRun.cells(of: view.prompt.others)
        var overlays = view.overlays
        var offset = size
        for run in trailer.runs {
            overlays.append(StyledSpan(offset..<offset + run.text.utf8.count, run.style))
            offset += run.text.utf8.count
        }
        styles = StyleMap(base: view.spans, overlays: overlays)
    }

    /// Up to a count of rows from a start on.
    mutating func rows(from start: RowStart, count: Int) -> [Row] {
        var rows: [Row] = []
        var next: RowStart? = start
        while let start = next, rows.count < count {
            let row = row(from: start)
            rows.append(row)
            next = row.next
        }
        return rows
    }

    /// Where the rows up to the cursor's begin, at most a count of them; the last is the cursor's.
    mutating func starts(upToCursor count: Int) -> [RowStart] {
        var starts = startsInLine(of: cursor, count: count)
        while starts.count < count, let first = starts.first, first.promptSkip == 0, first.offset > 0 {
            starts = startsInLine(of: first.offset - 1, count: count - starts.count) + starts
        }
        return starts
    }

    /// The starts of a line's rows up to the one with the place of an offset, the last `count` of them.
    private mutating func startsInLine(of offset: Int, count: Int) -> [RowStart] {
        var starts: [RowStart] = []
        var next: RowStart? = base(for: offset, rows: count)
        while let start = next {
            starts.append(start)
            let row = row(from: start)
            guard let following = row.next, following.promptSkip != 0, following.offset <= offset else { break }
            next = following
        }
        return Array(starts.suffix(count))
    }

    /// Where rows are counted from to find the row of an offset.
    private func base(for offset: Int, rows: Int) -> RowStart {
        let line = text.lineStart(before: offset)
        let step = width * 64
        let reach = Self.greatestLine + rows * width
        guard offset - line > reach + step else { return RowStart(offset: line, promptSkip: 0) }
        let prompt = (line == 0 ? firstPrompt : otherPrompt)
        let promptRest = prompt.count - (prompt.lastIndex(of: .lineBreak).map { $0 + 1 } ?? 0)
        let steps = (offset - line - reach) / step
        let place = line + max(0, (steps + 1) * step - promptRest % width)
        return RowStart(offset: text.characterStart(at: place), promptSkip: RowStart.noPrompt)
    }

    // MARK: One row

    private mutating func row(from start: RowStart) -> Row {
        var row = Row(start: start)
        let prompt = start.offset == 0 ? firstPrompt : otherPrompt
        if start.promptSkip < prompt.count, !place(prompt, from: start.promptSkip, in: &row) { return row }
        var index = text.index(atOffset: start.offset)
        var offset = start.offset
        while index < text.endIndex {
            let character = text[index]
            let glyph = Glyph(character)
            if glyph == .newline {
                // The end of a line has a cell of its own, so that the cursor can stand there.
                guard row.cells.count < width else { return ended(row, at: offset) }
                if offset == cursor { row.cursorColumn = row.cells.count }
                row.next = RowStart(offset: offset + 1, promptSkip: 0)
                return row
            }
            let cells = cells(for: glyph, at: row.cells.count, style: styles.style(at: offset))
            guard row.cells.count + cells.count <= width else { return ended(row, at: offset) }
            if offset == cursor { row.cursorColumn = row.cells.count }
            row.cells.append(contentsOf: cells)
            index = text.index(after: index)
            offset = text.offset(of: index)
        }
        guard row.cells.count < width else { return ended(row, at: offset) }
        if offset == cursor { row.cursorColumn = row.cells.count }
        return row
    }

    /// A full row whose line goes on.
    private func ended(_ row: Row, at offset: Int) -> Row {
        var row = row
        row.next = RowStart(offset: offset, promptSkip: RowStart.noPrompt)
        return row
    }

    /// Puts a prompt's cells into a row; false when the prompt goes on in the next one.
    private func place(_ prompt: [Cell], from skip: Int, in row: inout Row) -> Bool {
        var position = skip
        while position < prompt.count {
            let cell = prompt[position]
            if cell == .lineBreak {
                row.next = RowStart(offset: row.start.offset, promptSkip: position + 1)
                return false
            }
            guard row.cells.count + max(1, min(cell.width, width)) <= width else {
                row.next = RowStart(offset: row.start.offset, promptSkip: position)
                return false
            }
            if cell.width > width {
                row.cells.append(Self.substitute(cell.style))
                position += cell.width
            } else {
                row.cells.append(contentsOf: prompt[position..<position + max(1, cell.width)])
                position += max(1, cell.width)
            }
        }
        return true
    }

    /// The cells of a character at a column.
    private func cells(for glyph: Glyph, at column: Int, style: Style) -> [Cell] {
        switch glyph {
        case .newline: return []
        case .tab:
            let count = min(Glyph.tabStop - column % Glyph.tabStop, max(1, width - column))
            return Array(repeating: .blank(style), count: count)
        case .spelled(let text):
            let shown = style.overlaid(by: Style(nil, .reverse))
            return text.prefix(width).map { Cell(text: String($0), width: 1, style: shown) }
        case .drawn(let text, let cellCount, let isDisputed):
            guard cellCount <= width else { return [Self.substitute(style)] }
            guard cellCount > 1 else { return [Cell(text: text, width: 1, style: style, isDisputed: isDisputed)] }
            return [Cell(text: text, width: cellCount, style: style, isDisputed: isDisputed)]
                + Array(repeating: .rest(style), count: cellCount - 1)
        }
    }

    /// What stands for a character that is wider than the screen.
    private static func substitute(_ style: Style) -> Cell { Cell(text: "?", width: 1, style: style) }
}

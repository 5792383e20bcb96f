/// Knows what stands on the terminal and says what to send so that it shows a view: as little as is needed.
///
/// It draws from the row in which the cursor stands at first and only moves relative to it, so what is above stays as
/// it is. A view taller than the screen is scrolled within. It does no I/O: its functions return what is to be written.
public struct Screen: Sendable {
    /// The terminal's size; `resize(to:)` changes it.
    public private(set) var size: TerminalSize
    private let usesColour: Bool
    private var shown: [[Cell]] = []
    private var isDrawn = false
    /// The cursor, in rows from the frame's first.
    private var row = 0
    /// The cursor's column; nil when it is after the last column and the terminal's to say.
    private var column: Int? = 0
    /// The last row that was reached: rows below do not exist on the screen yet.
    private var reach = 0
    private var top = RowStart.beginning

    /// Starts at the beginning of an empty row.
    ///
    /// - Parameter usesColour: whether text may have styles. Default: `true`.
    public init(size: TerminalSize, usesColour: Bool = true) {
        self.size = size
        self.usesColour = usesColour
    }

    // MARK: What to write

    /// Shows a view.
    public mutating func draw(_ view: EditorView) -> String {
        let frame = frame(of: view)
        var output = ""
        for index in frame.rows.indices {
            drawRow(index, frame.rows[index], into: &output)
        }
        if shown.count > frame.rows.count {
            move(toRow: frame.rows.count, column: 0, into: &output)
            output += "\u{1B}[J"
        }
        shown = frame.rows
        isDrawn = true
        move(toRow: frame.cursorRow, column: frame.cursorColumn, into: &output)
        return output
    }

    /// Shows a view for the last time and goes to the beginning of the row after it.
    public mutating func finish(_ view: EditorView) -> String {
        var last = view
        last.cursor = view.text.utf8.count
        last.menu = nil
        last.message = nil
        var output = draw(last)
        let end = shown.count - 1
        // A full last row has an empty one after it already.
        if shown[end].isEmpty, end > 0, shown[end - 1].count == size.columns {
            move(toRow: end, column: 0, into: &output)
        } else {
            move(toRow: end, column: shown[end].count, into: &output)
            output += "\r\n"
        }
        forget()
        return output
    }

    /// Takes everything drawn off the screen and leaves the cursor where the first row began.
    public mutating func erase() -> String {
        guard isDrawn else { return "" }
        var output = ""
        move(toRow: 0, column: 0, into: &output)
        output += "\u{1B}[J"
        let place = top
        forget()
        top = place
        return output
    }

    /// Empties the whole screen; the next drawing begins at its top.
    public mutating func clear() -> String {
        forget()
        return "\u{1B}[H\u{1B}[2J"
    }

    /// Takes a new size of the terminal; what was drawn is taken off, as well as can be known, to be drawn anew.
    ///
    /// Terminals break rows that have become too long into several. One that cuts them off instead loses a row above.
    public mutating func resize(to newSize: TerminalSize) -> String {
        guard newSize != size else { return "" }
        guard isDrawn else {
            size = newSize
            return ""
        }
        var above = (column ?? 0) / newSize.columns
        for cells in shown.prefix(row) { above += max(1, (cells.count + newSize.columns - 1) / newSize.columns) }
        above = min(above, max(0, newSize.rows - 1))
        size = newSize
        let place = top
        forget()
        top = place
        return "\r" + (above > 0 ? "\u{1B}[\(above)A" : "") + "\u{1B}[J"
    }

    /// Forgets what was drawn: the cursor is at the beginning of an empty row.
    public mutating func forget() {
        shown = []
        isDrawn = false
        row = 0
        column = 0
        reach = 0
        top = .beginning
    }

    // MARK: Making a frame

    private mutating func frame(of view: EditorView) -> Frame {
        var below: [[Cell]] = []
        if let message = view.message { below.append(CellRun.line(message, width: size.columns)) }
        if let menu = view.menu {
            // The line being edited and one above it stay visible; a tall screen is not filled.
            let room = max(0, min(size.rows - 2 - below.count, max(5, size.rows / 2)))
            below += menu.rows(width: size.columns, count: room, usesColour: usesColour)
        }
        below = Array(below.prefix(max(0, size.rows - 1)))
        let height = size.rows - below.count
        var layout = TextLayout(view, width: size.columns)
        let rows = visibleRows(&layout, height: height)
        var frame = Frame(rows: rows.map(\.cells) + below, cursorRow: 0, cursorColumn: 0)
        for (index, row) in rows.enumerated() {
            guard let column = row.cursorColumn else { continue }
            frame.cursorRow = index
            frame.cursorColumn = column
        }
        if !usesColour {
            for index in frame.rows.indices {
                for position in frame.rows[index].indices { frame.rows[index][position].style = .plain }
            }
        }
        return frame
    }

    /// The rows to show: as many as fit, with the cursor's among them, scrolled as little as possible.
    private mutating func visibleRows(_ layout: inout TextLayout, height: Int) -> [Row] {
        let starts = layout.starts(upToCursor: height)
        guard let cursorStart = starts.last else { return [] }
        let fromCursor = layout.rows(from: cursorStart, count: height).count
        var first = starts.lastIndex { $0 <= top } ?? 0
        // What is seen fills the screen where there is text enough.
        if starts.count - 1 - first + fromCursor < height {
            first = min(first, max(0, starts.count - 1 + fromCursor - height))
        }
        top = starts[first]
        return layout.rows(from: top, count: height)
    }

    // MARK: Writing a row

    private mutating func drawRow(_ index: Int, _ cells: [Cell], into output: inout String) {
        let old = index < shown.count ? shown[index] : []
        guard old != cells || index > reach else { return }
        var start = 0
        while start < min(old.count, cells.count), old[start] == cells[start] { start += 1 }
        while start > 0, (start < cells.count && cells[start].isRest) || (start < old.count && old[start].isRest) {
            start -= 1
        }
        var end = cells.count
        if old.count == cells.count {
            while end > start, old[end - 1] == cells[end - 1] { end -= 1 }
            while end < cells.count, cells[end].isRest || old[end].isRest { end += 1 }
        }
        move(toRow: index, column: start, into: &output)
        write(cells[start..<end], from: start, into: &output)
        if old.count > cells.count { output += "\u{1B}[K" }
    }

    private mutating func write(_ cells: ArraySlice<Cell>, from start: Int, into output: inout String) {
        var style = Style.plain
        var position = start
        for cell in cells {
            if cell.isRest { continue }
            if cell.style != style {
                style = cell.style
                output += style.sequence
            }
            output += cell.text
            position += cell.width
            if cell.isDisputed, position < size.columns { output += "\u{1B}[\(position + 1)G" }
        }
        if style != .plain { output += Style.plain.sequence }
        column = position < size.columns ? position : nil
    }

    private mutating func move(toRow target: Int, column targetColumn: Int, into output: inout String) {
        if target > reach {
            if row < reach { output += "\u{1B}[\(reach - row)B" }
            output += "\r" + String(repeating: "\n", count: target - reach)
            reach = target
            column = 0
        } else if target > row {
            output += "\u{1B}[\(target - row)B"
        } else if target < row {
            output += "\u{1B}[\(row - target)A"
        }
        row = target
        guard column != targetColumn else { return }
        output += targetColumn == 0 ? "\r" : "\u{1B}[\(targetColumn + 1)G"
        column = targetColumn
    }
}

/// A row of the screen as it is put together.
struct CellRow {
    private static let reset = "\u{1b}[0m"
    private static let reverse = "\u{1b}[7m"
    private static let notReverse = "\u{1b}[27m"

    private let layout: PagedText.Layout
    private let match: Range<Int>?
    private var cells: [(text: String, width: Int)] = []
    /// Columns that are taken on the screen.
    private var used = 0
    private var style = ""
    private var isMarked = false
    private var isStyled = false
    /// The column of the line at which it stands.
    private(set) var column = 0

    init(layout: PagedText.Layout, match: Range<Int>?) {
        self.layout = layout
        self.match = match
    }

    /// Takes what comes next; false if there is no room for it.
    mutating func take(_ step: RowWalk.Step) -> Bool {
        if step.isStyle {
            style = step.text == Self.reset ? "" : step.text
            isStyled = true
            if column >= layout.left { put(step.text, width: 0) }
            // A change of colours ends what is shown in reverse.
            isMarked = isMarked && step.text != Self.reset
            return true
        }
        let start = column
        column += step.width
        guard column > layout.left else { return true }
        if start <= layout.left, layout.left > 0, !style.isEmpty { put(style, width: 0) }
        // Of a wide character that stands half outside a blank is seen.
        let shown = start < layout.left ? String(repeating: " ", count: column - layout.left) : step.text
        let width = column - max(start, layout.left)
        guard used + width <= layout.width else { return false }
        mark(at: step.offset)
        put(shown, width: width)
        return true
    }

    private mutating func mark(at offset: Int) {
        let mustMark = match?.contains(offset) ?? false
        guard mustMark != isMarked else { return }
        isMarked = mustMark
        isStyled = true
        put(mustMark ? Self.reverse : Self.notReverse, width: 0)
    }

    private mutating func put(_ text: String, width: Int) {
        cells.append((text, width))
        used += width
    }

    /// The row, all of which was taken.
    var whole: PagedText.Row { PagedText.Row(text: text(of: cells), goesOn: false) }

    /// The row of a line that goes on.
    var cut: PagedText.Row {
        var kept = cells
        var width = used
        while width > layout.width - 1, let last = kept.popLast() { width -= last.width }
        let blanks = String(repeating: " ", count: max(0, layout.width - 1 - width))
        return PagedText.Row(text: text(of: kept) + blanks + Self.reverse + "→" + Self.reset, goesOn: true)
    }

    private func text(of cells: [(text: String, width: Int)]) -> String {
        cells.map(\.text).joined() + (isStyled ? Self.reset : "")
    }
}

/// Rows in columns that fit a width.
struct ColumnTable {
    /// A column.
    struct Column {
        let title: String
        /// Whether its texts stand at its right edge.
        var isNumber = false
        /// How narrow it may become if the width does not suffice; `nil` if it is never cut.
        var least: Int?
        /// Whether the end of a text that is cut tells more than its beginning, as of a path.
        var keepsEnd = false
    }

    /// A text and the colour it is shown in.
    struct Cell {
        let text: String
        var color: Terminal.Color?
    }

    let columns: [Column]
    let rows: [[Cell]]

    /// The lines, the titles first. Columns in which no row has a text are left out.
    ///
    /// - Parameters:
    ///   - width: how many columns the terminal has; `nil` for no limit.
    ///   - paint: a text in a colour.
    func lines(width: Int?, paint: (String, Terminal.Color) -> String) -> [String] {
        let used = columns.indices.filter { index in rows.contains { !$0[index].text.isEmpty } }
        var widths = used.map { index in
            max(columns[index].title.columns, rows.map { $0[index].text.columns }.max() ?? 0)
        }
        if let width {
            var excess = widths.reduce(0, +) + 2 * max(0, used.count - 1) - width
            // The widest that may shrink gives first.
            while excess > 0 {
                let shrinkable = widths.indices.filter { place in
                    columns[used[place]].least.map { widths[place] > $0 } ?? false
                }
                guard let place = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
                widths[place] -= 1
                excess -= 1
            }
        }
        func line(_ cells: [Cell]) -> String {
            let texts = used.enumerated().map { place, index in
                let cell = cells[index]
                let text = cell.text.fitted(widths[place], keepingEnd: columns[index].keepsEnd)
                let space = String(repeating: " ", count: max(0, widths[place] - text.columns))
                let shown = cell.color.map { text.isEmpty ? text : paint(text, $0) } ?? text
                if columns[index].isNumber { return space + shown }
                return place == used.count - 1 ? shown : shown + space
            }
            var line = texts.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
        let titles = columns.map { Cell(text: $0.title, color: .dim) }
        return [line(titles)] + rows.map(line)
    }
}

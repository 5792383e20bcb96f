/// Rows in columns that fit a width, if that can be.
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
        /// Where the width does not suffice even so, columns are left out, the lowest number first; `nil` if it stays.
        var leavesAs: Int?
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
        var used = columns.indices.filter { index in rows.contains { !$0[index].text.isEmpty } }
        var widths = natural(used)
        if let width {
            while !fit(&widths, of: used, to: width) {
                let optional = used.filter { columns[$0].leavesAs != nil }
                guard let first = optional.min(by: { (columns[$0].leavesAs ?? 0) < (columns[$1].leavesAs ?? 0) }) else {
                    break
                }
                used.removeAll { $0 == first }
                widths = natural(used)
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

    /// How wide columns are with nothing cut.
    private func natural(_ used: [Int]) -> [Int] {
        used.map { index in max(columns[index].title.columns, rows.map { $0[index].text.columns }.max() ?? 0) }
    }

    /// Makes columns narrower, the widest that may be first.
    ///
    /// - Returns: whether they fit now.
    private func fit(_ widths: inout [Int], of used: [Int], to width: Int) -> Bool {
        var excess = widths.reduce(0, +) + 2 * max(0, used.count - 1) - width
        while excess > 0 {
            let shrinkable = widths.indices.filter { place in
                columns[used[place]].least.map { widths[place] > $0 } ?? false
            }
            guard let place = shrinkable.max(by: { widths[$0] < widths[$1] }) else { return false }
            widths[place] -= 1
            excess -= 1
        }
        return true
    }
}

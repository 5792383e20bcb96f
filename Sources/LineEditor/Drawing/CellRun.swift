/// Makes cells of text.
enum CellRun {
    /// The cells of a text in a row of its own, without a limit to its length.
    static func cells(of text: StyledText) -> [Cell] {
        var cells: [Cell] = []
        for run in text.runs {
            for character in run.text {
                append(Glyph(character), style: run.style, to: &cells)
            }
        }
        return cells
    }

    /// The cells of a text of one line cut to a width, with an ellipsis where something is left out.
    static func line(_ text: StyledText, width: Int) -> [Cell] {
        let cells = cells(of: text).map { $0 == .lineBreak ? .blank() : $0 }
        guard cells.count > width else { return cells }
        guard width > 0 else { return [] }
        var end = width - 1
        while end > 0, cells[end].isRest { end -= 1 }
        return cells[..<end] + [Cell(text: "…", width: 1, style: cells[end].style)]
    }

    /// The width of a text's last line.
    static func width(of text: String) -> Int {
        let cells = cells(of: StyledText(text))
        return cells.count - (cells.lastIndex(of: .lineBreak).map { $0 + 1 } ?? 0)
    }

    private static func append(_ glyph: Glyph, style: Style, to cells: inout [Cell]) {
        switch glyph {
        case .newline: cells.append(.lineBreak)
        case .tab: cells.append(contentsOf: Array(repeating: .blank(style), count: Glyph.tabStop))
        case .spelled(let text):
            cells.append(contentsOf: text.map { Cell(text: String($0), width: 1, style: style) })
        case .drawn(let text, let width, let isDisputed):
            cells.append(Cell(text: text, width: width, style: style, isDisputed: isDisputed))
            cells.append(contentsOf: Array(repeating: .rest(style), count: width - 1))
        }
    }
}

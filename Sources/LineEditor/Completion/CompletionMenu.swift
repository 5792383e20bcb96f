/// Candidates shown below the text, one of which may be chosen.
public struct CompletionMenu: Sendable {
    /// The candidates.
    public let candidates: [Candidate]
    /// The one that stands in the text.
    public internal(set) var selection: Int?
    /// How parts of it look.
    let theme: EditorTheme

    /// Cells between columns.
    private static let gap = 2
    /// The least a description is cut to before there are fewer columns.
    private static let leastDetail = 24

    init(_ candidates: [Candidate], theme: EditorTheme) {
        self.candidates = candidates
        self.theme = theme
    }

    /// Chooses the next candidate, or the one before; after the last comes the first.
    mutating func step(by step: Int) {
        guard let selection else {
            self.selection = step > 0 ? 0 : candidates.count - 1
            return
        }
        self.selection = (selection + step + candidates.count) % candidates.count
    }

    /// The rows to show: columns filled from top to bottom, with the chosen one among what is seen.
    func rows(width: Int, count: Int, usesColour: Bool) -> [[Cell]] {
        guard count > 0, width > 0, !candidates.isEmpty else { return [] }
        let measured = measure(width: width)
        let columns = measured.columns
        let height = (candidates.count + columns - 1) / columns
        let isCut = height > count
        let visible = isCut ? max(1, count - 1) : height
        var first = 0
        if let selection { first = min(max(0, selection % height - visible / 2), height - visible) }
        var rows = (first..<first + visible).map { row in
            self.row(row, height: height, measured: measured, width: width, usesColour: usesColour)
        }
        if isCut, rows.count < count {
            let shown = (0..<columns).reduce(0) { sum, column in
                sum + (first..<first + visible).filter { column * height + $0 < candidates.count }.count
            }
            let text = StyledText("\(shown) of \(candidates.count) shown", theme.detail)
            rows.append(CellRun.line(text, width: width))
        }
        return rows
    }

    private struct Measures {
        var columns: Int
        var label: Int
        var detail: Int
        var cell: Int
    }

    private func measure(width: Int) -> Measures {
        // The mark of the chosen one takes a cell where colours do not tell it.
        let longestLabel = candidates.reduce(1) { max($0, CellRun.width(of: $1.label)) }
        let longestDetail = candidates.reduce(0) { max($0, CellRun.width(of: $1.detail)) }
        let label = min(longestLabel + 1, width)
        var detail = longestDetail == 0 ? 0 : longestDetail + Self.gap
        if detail > 0, label + detail > width || candidates.count > 5 {
            detail = min(detail, max(Self.leastDetail + Self.gap, width / 2 - label - Self.gap))
        }
        detail = max(0, min(detail, width - label))
        let cell = label + detail
        let fitting = (width + Self.gap) / (cell + Self.gap)
        let columns = max(1, min(fitting, candidates.count))
        // One column leaves its descriptions all the room.
        if columns == 1 { detail = max(0, min(longestDetail == 0 ? 0 : longestDetail + Self.gap, width - label)) }
        return Measures(columns: columns, label: label, detail: detail, cell: label + detail)
    }

    private func row(_ row: Int, height: Int, measured: Measures, width: Int, usesColour: Bool) -> [Cell] {
        var cells: [Cell] = []
        for column in 0..<measured.columns {
            let index = column * height + row
            guard index < candidates.count else { break }
            let isSelected = index == selection
            if column > 0 {
                let place = column * (measured.cell + Self.gap)
                cells += Array(repeating: .blank(), count: max(0, place - cells.count))
            }
            let mark = isSelected && !usesColour ? ">" : " "
            let labelStyle = isSelected ? theme.selection : theme.candidate
            let detailStyle = isSelected ? theme.selection : theme.detail
            var part = CellRun.line(
                StyledText(mark, labelStyle).adding(candidates[index].label, labelStyle), width: measured.label)
            if measured.detail > 0, isSelected || !candidates[index].detail.isEmpty {
                part += Array(
                    repeating: .blank(isSelected ? labelStyle : .plain),
                    count: measured.label + Self.gap - part.count)
                part += CellRun.line(
                    StyledText(candidates[index].detail, detailStyle), width: max(0, measured.detail - Self.gap))
            }
            if isSelected { part += Array(repeating: .blank(labelStyle), count: max(0, measured.cell - part.count)) }
            cells += part
        }
        return Array(cells.prefix(width))
    }
}

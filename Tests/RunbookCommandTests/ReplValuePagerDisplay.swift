import LineEditor

@testable import runbook

/// What a person sees of what was written to a terminal: the few sequences that a pager needs.
struct ReplValuePagerDisplay {
    private(set) var size: TerminalSize
    /// Cells; the second one of a wide character is empty.
    private var grid: [[String]]
    private var row = 0
    private var column = 0
    private var isReverse = false
    /// Rows that left the screen at its top.
    private(set) var scrolledOut: [String] = []
    /// What was written in reverse since the beginning.
    private(set) var reversed: [String] = []
    /// What was sent that this terminal does not know.
    private(set) var unknown: [String] = []

    init(size: TerminalSize) {
        self.size = size
        grid = Array(repeating: Array(repeating: " ", count: size.columns), count: size.rows)
    }

    /// The rows without blanks at their ends, and without empty rows at the end.
    var rows: [String] {
        var rows = grid.map(Self.text)
        while rows.last == "" { rows.removeLast() }
        return rows
    }

    private static func text(_ cells: [String]) -> String {
        var text = cells.joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    mutating func resize(to size: TerminalSize) {
        let rows = grid.prefix(size.rows).map { row in
            Array((row + Array(repeating: " ", count: size.columns)).prefix(size.columns))
        }
        let blank = Array(repeating: " ", count: size.columns)
        grid = rows + Array(repeating: blank, count: max(0, size.rows - rows.count))
        self.size = size
        row = min(row, size.rows - 1)
        column = min(column, size.columns - 1)
    }

    mutating func feed(_ text: String) {
        var rest = text[...]
        while let character = rest.popFirst() {
            switch character {
            case "\u{1b}":
                guard rest.popFirst() == "[" else {
                    unknown.append("ESC")
                    continue
                }
                var parameters = ""
                while let next = rest.first, next.isNumber || next == ";" { parameters.append(rest.removeFirst()) }
                run(parameters, rest.popFirst() ?? " ")
            case "\r": column = 0
            // A terminal that processes output begins new lines at the left.
            case "\n", "\r\n": lineFeed()
            default:
                if character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
                    unknown.append("control")
                }
                draw(character)
            }
        }
    }

    private mutating func lineFeed() {
        column = 0
        guard row == size.rows - 1 else {
            row += 1
            return
        }
        scrolledOut.append(Self.text(grid.removeFirst()))
        grid.append(Array(repeating: " ", count: size.columns))
    }

    private mutating func draw(_ character: Character) {
        let width = String(character).columns
        if column + width > size.columns { lineFeed() }
        grid[row][column] = String(character)
        for place in column + 1..<max(column + 1, min(column + width, size.columns)) { grid[row][place] = "" }
        column += width
        if isReverse { reversed[reversed.count - 1].append(character) }
    }

    private mutating func run(_ parameters: String, _ final: Character) {
        switch (parameters, final) {
        case ("", "H"): (row, column) = (0, 0)
        case ("", "K"): erase(row, from: column)
        case ("", "J"):
            erase(row, from: column)
            for below in row + 1..<max(row + 1, size.rows) { erase(below, from: 0) }
        case ("7", "m"):
            if !isReverse { reversed.append("") }
            isReverse = true
        case ("0", "m"), ("27", "m"): isReverse = false
        case (_, "m"): break
        default: unknown.append("CSI \(parameters)\(final)")
        }
    }

    private mutating func erase(_ row: Int, from column: Int) {
        for place in column..<max(column, size.columns) { grid[row][place] = " " }
    }
}

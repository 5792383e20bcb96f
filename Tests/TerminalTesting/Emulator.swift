internal import LineEditor

/// A small terminal: what a person would see of what was written to it.
package struct Emulator: Sendable {
    package struct Glyph: Equatable, Sendable {
        package var text: String
        /// 0 in the second cell of a wide character.
        var width: Int
        package var style: String

        static let blank = Glyph(text: " ", width: 1, style: "")
    }

    package private(set) var columns: Int
    package private(set) var height: Int
    package private(set) var grid: [[Glyph]]
    /// Rows that left the screen at its top.
    package private(set) var scrolledOut: [String] = []
    package private(set) var row = 0
    package private(set) var column = 0
    package private(set) var bells = 0
    package private(set) var takesPastes = false
    /// What was sent that this terminal does not know: nothing, if all is well.
    package private(set) var unknown: [String] = []
    /// Whether it draws a character of several code points as one, as only some terminals do.
    private let joinsClusters: Bool
    private var isWrapPending = false
    private var style = ""
    private var sequence: String?

    package init(columns: Int, rows: Int, joinsClusters: Bool = true) {
        self.columns = columns
        height = rows
        self.joinsClusters = joinsClusters
        grid = Array(repeating: Array(repeating: .blank, count: columns), count: rows)
    }

    /// The rows as text without blanks at their ends, and without empty rows at the end.
    package var rows: [String] {
        var rows = grid.map(Self.text)
        while rows.last == "" { rows.removeLast() }
        return rows
    }

    /// All that was shown, also what has scrolled out.
    package var everything: [String] { scrolledOut + rows }

    package static func text(_ row: [Glyph]) -> String {
        var text = row.map(\.text).joined()
        while text.last == " " { text.removeLast() }
        return text
    }

    /// The text drawn with styles other than plain.
    package func styled(row: Int) -> String { grid[row].filter { !$0.style.isEmpty }.map(\.text).joined() }

    package mutating func feed(_ output: String) {
        for scalar in output.unicodeScalars { take(scalar) }
    }

    private mutating func take(_ scalar: Unicode.Scalar) {
        if let begun = sequence {
            sequence = begun + String(scalar)
            guard begun != "", (0x40...0x7E).contains(scalar.value) else {
                if begun == "", scalar != "[" {
                    unknown.append("ESC " + String(scalar))
                    sequence = nil
                }
                return
            }
            sequence = nil
            run(parameters: String(begun.dropFirst()), final: Character(scalar))
            return
        }
        switch scalar.value {
        case 0x1B: sequence = ""
        case 0x07: bells += 1
        case 0x0A:
            isWrapPending = false
            lineFeed()
        case 0x0D:
            isWrapPending = false
            column = 0
        case 0..<0x20, 0x7F..<0xA0: unknown.append("control \(scalar.value)")
        default: draw(scalar)
        }
    }

    private mutating func lineFeed() {
        guard row == height - 1 else {
            row += 1
            return
        }
        scrolledOut.append(Self.text(grid.removeFirst()))
        grid.append(Array(repeating: .blank, count: columns))
    }

    private mutating func draw(_ scalar: Unicode.Scalar) {
        if extend(by: scalar) { return }
        let width = max(1, CellWidth.of(scalar))
        if isWrapPending || column + width > columns {
            column = 0
            isWrapPending = false
            lineFeed()
        }
        put(Glyph(text: String(scalar), width: width, style: style))
    }

    /// Puts a glyph at the cursor. What was half covered is gone.
    private mutating func put(_ glyph: Glyph) {
        for place in column..<min(columns, column + glyph.width) { clear(row, place) }
        grid[row][column] = glyph
        for place in column + 1..<max(column + 1, min(columns, column + glyph.width)) {
            grid[row][place] = Glyph(text: "", width: 0, style: glyph.style)
        }
        column += glyph.width
        if column >= columns {
            column = columns - 1
            isWrapPending = true
        }
    }

    private mutating func clear(_ row: Int, _ place: Int) {
        var start = place
        while start > 0, grid[row][start].width == 0 { start -= 1 }
        let end = start + max(1, grid[row][start].width)
        for place in start..<min(columns, end) { grid[row][place] = .blank }
    }

    /// Adds a mark to the character before the cursor.
    private mutating func extend(by scalar: Unicode.Scalar) -> Bool {
        var place = isWrapPending ? column : column - 1
        guard place >= 0 else { return false }
        while place > 0, grid[row][place].width == 0 { place -= 1 }
        let old = grid[row][place]
        let joined = old.text + String(scalar)
        guard joinsClusters else {
            guard CellWidth.of(scalar) == 0 else { return false }
            grid[row][place].text = joined
            return true
        }
        guard joined.count == 1, let character = joined.first, old.text != " " || CellWidth.of(scalar) == 0 else {
            return false
        }
        let width = max(1, CellWidth.of(character))
        if width == old.width {
            grid[row][place].text = joined
        } else {
            isWrapPending = false
            column = place
            let kept = style
            style = old.style
            put(Glyph(text: joined, width: width, style: old.style))
            style = kept
        }
        return true
    }

    private mutating func run(parameters: String, final: Character) {
        let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
        let count = max(1, numbers.first ?? 1)
        switch final {
        case "A": row = max(0, row - count)
        case "B": row = min(height - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "G": column = min(columns - 1, count - 1)
        case "H": (row, column) = (0, 0)
        case "J" where parameters == "2":
            grid = Array(repeating: Array(repeating: .blank, count: columns), count: height)
        case "J":
            eraseLine()
            for below in row + 1..<max(row + 1, height) { grid[below] = Array(repeating: .blank, count: columns) }
        case "K": eraseLine()
        case "m":
            style = parameters == "0" || parameters.isEmpty ? "" : parameters
            return
        case "h" where parameters == "?2004": takesPastes = true
        case "l" where parameters == "?2004": takesPastes = false
        default: unknown.append("CSI \(parameters) \(final)")
        }
        if final != "h", final != "l" { isWrapPending = false }
    }

    private mutating func eraseLine() {
        // A terminal whose cursor waits after the last column erases the character there.
        for place in column..<columns { clear(row, place) }
    }

    /// Takes another size as terminals do that break rows anew: what is too long goes on in further rows.
    package mutating func resize(columns newColumns: Int, rows newHeight: Int) {
        var lines: [[Glyph]] = []
        var cursor = (row: 0, column: 0)
        var used = grid.count
        while used > row + 1, Self.text(grid[used - 1]).isEmpty { used -= 1 }
        for index in 0..<used {
            var content = grid[index]
            while let last = content.last, last == .blank { content.removeLast() }
            if index == row { cursor = (lines.count + column / newColumns, column % newColumns) }
            var pieces: [[Glyph]] = [[]]
            for glyph in content {
                if pieces[pieces.count - 1].count == newColumns { pieces.append([]) }
                pieces[pieces.count - 1].append(glyph)
            }
            if index == row { while pieces.count <= column / newColumns { pieces.append([]) } }
            lines += pieces
        }
        columns = newColumns
        height = newHeight
        while lines.count > newHeight, cursor.row > 0 || lines.count > newHeight {
            if cursor.row < newHeight, lines.count > newHeight, cursor.row == 0 { break }
            scrolledOut.append(Self.text(lines.removeFirst()))
            cursor.row -= 1
        }
        lines = Array(lines.prefix(newHeight))
        grid = lines.map { Array(($0 + Array(repeating: .blank, count: newColumns)).prefix(newColumns)) }
        while grid.count < newHeight { grid.append(Array(repeating: .blank, count: newColumns)) }
        (row, column) = (max(0, cursor.row), cursor.column)
        isWrapPending = false
    }
}

import RunbookHost

/// A list of objects as rows and columns that fit the width.
struct ValueTable {
    fileprivate struct Column {
        /// The field; `nil` for what is no field of the elements.
        let key: ShownValue?
        let title: String
        /// One for each row; `nil` where the row has no such field.
        var values: [ShownValue?]
        var width = 0
        /// How wide it is with nothing cut.
        var natural = 0
        var isNumber = false
        var number: Int
    }

    /// A wider cell is cut, whatever room there is.
    private static let widestCell = 200
    /// How wide a column is at least, or as wide as it needs to be, before another one is shown: a fifth of the width in
    /// these bounds.
    private static let comfortable = 10...20
    private static let space = 2
    /// What shows the columns that are left out, where there is little room to say so.
    private static let shortTail = ": .expand"
    /// Columns that are looked at to find those there is room for.
    private static let mostTried = 100

    let style: ScreenStyle
    /// The rows shown.
    let rows: [ShownValue]
    /// How many rows there are.
    let count: Int
    /// What the rows are called by, where that is not a number; one for each.
    var names: [ShownValue]?
    /// Whether rows begin with their number.
    var isNumbered = false

    /// The lines, the titles first, and last how much of the list that is; `nil` if the rows have no fields.
    var lines: [String]? {
        let all = columns
        guard !all.isEmpty else { return nil }
        let used = fitted(all)
        var lines = [line(used.map { ($0, InkedText($0.title, .dim).fitted($0.width)) })]
        for row in rows.indices {
            lines.append(line(used.map { ($0, cell($0.values[row], in: $0, room: $0.width)) }))
        }
        lines += notes(leavingOut: all.filter { column in !used.contains { $0.number == column.number } })
        return lines
    }

    // MARK: Columns

    /// The columns in the order in which they are shown.
    private var columns: [Column] {
        var columns: [Column] = []
        var places: [ShownValue: Int] = [:]
        let none = [ShownValue?](repeating: nil, count: rows.count)
        var others: [ShownValue?]?
        for (row, value) in rows.enumerated() {
            switch value {
            case .table(let entries, _):
                for entry in entries {
                    let place = places[entry.key] ?? columns.count
                    if place == columns.count {
                        places[entry.key] = place
                        let title = ValueWording.key(entry.key, room: Self.widestCell)
                        columns.append(Column(key: entry.key, title: title, values: none, number: place))
                    }
                    columns[place].values[row] = entry.value
                }
            case .list([], 0): break
            default: others = (others ?? none).with(value, at: row)
            }
        }
        columns = columns.enumerated().sorted { one, other in
            (one.element.place, one.offset) < (other.element.place, other.offset)
        }.map(\.element)
        if let others { columns.insert(Column(key: nil, title: "value", values: others, number: -1), at: 0) }
        guard !columns.isEmpty else { return [] }
        if let names {
            columns.insert(Column(key: nil, title: "key", values: names, number: -2), at: 0)
        } else if isNumbered {
            let numbers = rows.indices.map { ShownValue.integer(Int64($0) + 1) }
            columns.insert(Column(key: nil, title: "#", values: numbers, number: -2), at: 0)
        }
        return columns
    }

    /// The columns that there is room for, each with its width: the most needed first, and whole rather than many.
    private func fitted(_ all: [Column]) -> [Column] {
        let room = style.width ?? Int.max
        let comfortable = min(max(room / 5, Self.comfortable.lowerBound), Self.comfortable.upperBound)
        var left = room
        var used: [Column] = []
        let byNeed = all.enumerated().sorted { ($0.element.need, $0.offset) < ($1.element.need, $1.offset) }
        for (_, column) in style.width == nil ? byNeed : Array(byNeed.prefix(Self.mostTried)) {
            var column = measured(column)
            let space = used.isEmpty ? 0 : Self.space
            let wanted = column.isNumber ? column.natural : min(column.natural, comfortable)
            column.width = used.isEmpty ? min(wanted, left) : wanted
            guard space + column.width <= left else { continue }
            left -= space + column.width
            used.append(column)
        }
        let order = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.number, $0) })
        used.sort { (order[$0.number] ?? 0) < (order[$1.number] ?? 0) }
        while left > 0, used.contains(where: { $0.width < $0.natural }) {
            for place in used.indices where left > 0 && used[place].width < used[place].natural {
                used[place].width += 1
                left -= 1
            }
        }
        return used
    }

    private func measured(_ column: Column) -> Column {
        var column = column
        let room = min(style.width ?? Self.widestCell, Self.widestCell)
        var natural = column.title.columns
        var isNumber = true
        for value in column.values {
            guard let value, value != .null else { continue }
            isNumber = isNumber && value.isNumber
            natural = max(natural, cell(value, in: column, room: room).columns)
        }
        column.natural = natural
        column.isNumber = isNumber && column.values.contains { $0?.isNumber ?? false }
        return column
    }

    // MARK: Rows

    private func cell(_ value: ShownValue?, in column: Column, room: Int) -> InkedText {
        guard let value, value != .null, value != .nothing else { return InkedText() }
        if column.number == -2, names != nil { return InkedText(ValueWording.key(value, room: room)) }
        let text = InlineText(key: column.key?.fieldName ?? "")
        return text.text(of: column.key == nil ? value : value.summary ?? value, room: max(1, room))
    }

    private func line(_ cells: [(column: Column, text: InkedText)]) -> String {
        var line = ""
        for (place, cell) in cells.enumerated() {
            if place > 0 { line += String(repeating: " ", count: Self.space) }
            line += cell.text.rendered(style, width: cell.column.width, atEnd: cell.column.isNumber)
        }
        while line.utf8.last == UInt8(ascii: " ") { line.removeLast() }
        return line
    }

    /// How many rows there are, and which columns are not shown; on two lines where one has no room for both.
    private func notes(leavingOut columns: [Column]) -> [String] {
        var notes = [ValueWording.count(shown: rows.count, of: count, "row")]
        if !columns.isEmpty {
            let head = Wording.count(columns.count, "more column")
            let tail = "; .expand shows everything"
            let room = (style.width ?? Int.max) - notes[0].columns - 2 - head.columns
            if room >= tail.columns {
                notes[0] += "; " + head + Self.listed(columns.map(\.title), room: room - tail.columns) + tail
            } else if room >= Self.shortTail.columns {
                notes[0] += "; " + head + Self.shortTail
            } else {
                notes.append(head + Self.shortTail)
            }
        }
        return notes.map { ValueInk.dim.painted(style.fitted($0), style) }
    }

    /// `: email, locale, …`, as many as there is room for.
    private static func listed(_ names: [String], room: Int) -> String {
        var text = ""
        for (place, name) in names.enumerated() {
            let next = (place == 0 ? ": " : ", ") + name
            let isLast = place == names.count - 1
            guard text.columns + next.columns + (isLast ? 0 : 3) <= room else {
                return text.isEmpty ? "" : text + ", …"
            }
            text += next
        }
        return text
    }
}

extension ValueTable.Column {
    fileprivate var place: Int { key.map { FieldOrder.place(of: $0) } ?? -1 }
    fileprivate var need: Int { key.map { FieldOrder.need(of: $0) } ?? -1 }
}

extension [ShownValue?] {
    fileprivate func with(_ value: ShownValue, at place: Int) -> [ShownValue?] {
        var copy = self
        copy[place] = value
        return copy
    }
}

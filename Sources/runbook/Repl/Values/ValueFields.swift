import RunbookHost

/// A table field by field: what it is called, and beside it what it is.
struct ValueFields {
    /// How an entry is shown.
    private enum Shape {
        case line(InkedText)
        /// Lines of a text.
        case text([String])
        /// The fields of a table.
        case nested(ShownValue)
        /// The rows of a list of objects.
        case table([String])

        var isNested: Bool {
            switch self {
            case .nested, .table: true
            case .line, .text: false
            }
        }
    }

    private static let space = 2
    private static let widestKey = 28
    /// The least room that fields beside their key need; they stand below it otherwise.
    private static let roomBeside = 36
    private static let leastRoom = 16
    /// Without a width, a table that takes more than this is shown field by field.
    private static let longestInline = 100
    /// Lines of a text, where not all is wanted.
    private static let mostTextLines = 10
    /// Rows of a list of objects, where not all is wanted.
    private static let mostRows = 10
    /// Lines of a list, where not all is wanted.
    private static let mostListLines = 4

    let style: ScreenStyle
    /// Whether everything is shown.
    let isWhole: Bool

    /// The lines of a table or list.
    ///
    /// - Parameters:
    ///   - indent: blanks before each line; they are written by whoever asks, and only counted here.
    ///   - depth: how many tables it stands in.
    func lines(of value: ShownValue, indent: Int = 0, depth: Int = 0) -> [String] {
        let (fields, count) = entries(of: value)
        let room = style.width.map { max(Self.leastRoom, $0 - indent) }
        let keyRoom = min(Self.widestKey, room.map { max(8, $0 / 2) } ?? Self.widestKey)
        let keys = fields.map { ValueWording.key($0.key, room: keyRoom) }
        let keyWidth = keys.reduce(0) { max($0, $1.columns) }
        let valueRoom = room.map { max(Self.leastRoom, $0 - keyWidth - Self.space) }
        var shapes = fields.enumerated().map { index, field in
            (key: keys[index], shape: shape(of: field, room: valueRoom, indent: indent, depth: depth))
        }
        // What takes one line comes first; the order of a list means something.
        if case .table = value {
            shapes = shapes.filter { !$0.shape.isNested } + shapes.filter { $0.shape.isNested }
        }
        var lines: [String] = []
        for (key, shape) in shapes {
            let start = keyWidth + Self.space
            let title = InkedText(key, .dim).rendered(style, width: start)
            switch shape {
            case .line(let text):
                lines.append(text.isEmpty ? InkedText(key, .dim).rendered(style) : title + text.rendered(style))
            case .text(let texts): lines += Self.beside(title, texts, start: start)
            case .nested(let value) where !isWhole && (valueRoom ?? Int.max) >= Self.roomBeside:
                let nested = self.lines(of: value, indent: indent + start, depth: depth + 1)
                lines += Self.beside(title, nested, start: start)
            case .table(let rows):
                lines.append(InkedText(key, .dim).rendered(style))
                lines += rows.map { String(repeating: " ", count: Self.space) + $0 }
            case .nested(let value):
                lines.append(InkedText(key, .dim).rendered(style))
                let nested = self.lines(of: value, indent: indent + Self.space, depth: depth + 1)
                lines += nested.map { String(repeating: " ", count: Self.space) + $0 }
            }
        }
        if count > fields.count {
            lines.append(ValueInk.dim.painted(ValueWording.more(count - fields.count), style))
        }
        return lines
    }

    private func entries(of value: ShownValue) -> (shown: [ShownValue.Entry], count: Int) {
        let count: Int
        switch value {
        case .list(_, let all), .table(_, let all): count = all
        default: count = 0
        }
        let fields = value.fields
        return (isWhole ? fields : Array(fields.prefix(ValuePrinter.mostRows)), max(count, fields.count))
    }

    private static func beside(_ title: String, _ lines: [String], start: Int) -> [String] {
        lines.enumerated().map { $0 == 0 ? title + $1 : String(repeating: " ", count: start) + $1 }
    }

    // MARK: Shapes

    private func shape(of field: ShownValue.Entry, room: Int?, indent: Int, depth: Int) -> Shape {
        let text = InlineText(key: field.key.fieldName)
        let lineRoom = room ?? ValuePrinter.widestLine
        switch field.value {
        case .string(let string, let bytes):
            return textBlock(string, bytes: bytes, room: room).map { .text($0) }
                ?? .line(text.text(of: field.value, room: lineRoom))
        case .list, .table:
            let whole = text.text(of: field.value, room: room ?? Self.longestInline)
            let isNested: Bool
            if case .table = field.value { isNested = isWhole || depth == 0 } else { isNested = isWhole }
            let isShort = !whole.isCut && (!isWhole || isFlatList(field.value))
            if isNested, !isShort, field.value.hasParts { return .nested(field.value) }
            if isShort { return .line(whole) }
            if depth == 0, !isWhole, let rows = rows(of: field.value, indent: indent + Self.space) {
                return .table(rows)
            }
            guard let room, case .list(let elements, let count) = field.value, elements.allSatisfy(\.isScalar) else {
                return .line(text.text(of: field.value, room: lineRoom))
            }
            return .text(wrapped(elements, of: count, room: room))
        default:
            return .line(text.text(of: field.value, room: lineRoom))
        }
    }

    /// A list of objects as a table; `nil` if it is none.
    private func rows(of value: ShownValue, indent: Int) -> [String]? {
        guard case .list(let elements, let count) = value else { return nil }
        let shown = Array(elements.prefix(Self.mostRows))
        let areObjects = shown.allSatisfy { element in
            if case .table = element { element.hasParts } else { false }
        }
        guard areObjects, !shown.isEmpty else { return nil }
        var style = style
        style.width = style.width.map { max(Self.leastRoom, $0 - indent) }
        return ValueTable(style: style, rows: shown, count: max(count, elements.count)).lines
    }

    private func isFlatList(_ value: ShownValue) -> Bool {
        switch value {
        case .list(let elements, let count): count <= elements.count && elements.allSatisfy(\.isScalar)
        case .table(let entries, let count): entries.isEmpty && count == 0
        default: false
        }
    }

    /// A list over several lines, each begun by as many blanks as the brace takes.
    private func wrapped(_ elements: [ShownValue], of count: Int, room: Int) -> [String] {
        var lines: [String] = []
        var line = InkedText("{", .dim)
        for (place, element) in elements.enumerated() {
            let rest = max(count, elements.count) - place
            let text = InlineText(isInside: true).text(of: element, room: room - 2)
            if place > 0, line.columns + text.columns + 2 > room {
                lines.append(line.rendered(style))
                line = InkedText(" ")
            } else if place > 0 {
                line.append(" ")
            }
            if lines.count == Self.mostListLines - 1,
                line.columns + text.columns + 2 + ValueWording.more(rest).columns + 1 > room, rest > 1
            {
                line.append("\(ValueWording.more(rest))}", .dim)
                return lines + [line.rendered(style)]
            }
            line.append(text)
            line.append(rest > 1 ? "," : "}", .dim)
        }
        if count > elements.count { line.append(" \(ValueWording.more(count - elements.count))}", .dim) }
        return lines + [line.rendered(style)]
    }

    /// A text of several lines, or one that is too long for one, with a bar before each line so that no field can be
    /// mistaken for a part of it; `nil` if it takes one line.
    private func textBlock(_ text: String, bytes: Int, room: Int?) -> [String]? {
        let most = (room ?? ValuePrinter.widestLine) * Self.mostTextLines
        let (head, isHeadWhole) = isWhole ? (text, true) : text.beginning(columns: most)
        let isBlock = HarmlessText.isBlock(head)
        if !isBlock || !head.utf8.contains(UInt8(ascii: "\n")) {
            guard let room else { return nil }
            let line = InlineText().text(of: .string(text, bytes: text.utf8.count), room: room)
            if !line.isCut, text.utf8.count >= bytes { return nil }
        }
        let shown = isBlock ? head : HarmlessText.literal(head)
        var lines = TextWrap(columns: room.map { $0 - 2 }).lines(of: shown)
        var isCut = !isHeadWhole || text.utf8.count < bytes
        if !isWhole, lines.count > Self.mostTextLines {
            lines = Array(lines.prefix(Self.mostTextLines))
            isCut = true
        }
        let bar = ValueInk.dim.painted("│", style)
        var block = lines.map { $0.isEmpty ? bar : bar + " " + $0 }
        if isCut { block.append(ValueInk.dim.painted("… (\(Wording.number(bytes)) bytes)", style)) }
        return block
    }
}

import RunbookHost

/// Shows values to a person: pure text, fitted to a width.
///
/// The values come from a script, and nothing in them reaches a terminal as a control. How long it takes depends on what
/// is shown, not on how large a value is.
struct ValuePrinter: Sendable {
    /// Of more rows, elements or fields the first are shown.
    static let mostRows = 1_000
    /// Of a longer text, in bytes, the beginning is shown.
    static let longestText = 65_536
    /// Columns of a line where there is no width to fit.
    static let widestLine = 4_096

    let style: ScreenStyle

    /// - Parameter style: colours and the width.
    init(style: ScreenStyle) { self.style = style }

    /// The values one after the other, with a line end after each; empty if there are none.
    func text(of values: [ShownValue], as form: ValueForm) -> String {
        var text = ""
        for value in values {
            switch form {
            case .json: text += ValueJSON.text(of: value, style: style) + "\n"
            case .natural, .table, .expanded:
                for line in lines(of: value, as: form) {
                    text += line
                    text += "\n"
                }
            }
        }
        return text
    }

    private func lines(of value: ShownValue, as form: ValueForm) -> [String] {
        switch value {
        case .string(let text, let bytes): return [self.text(text, bytes: bytes, isWhole: form == .expanded)]
        case .bytes(let text, let bytes):
            let isWhole = form == .expanded
            let (head, _) = isWhole ? (text, true) : text.beginning(columns: Self.longestText)
            let note = " (\(Wording.count(bytes, "byte")), not UTF-8)"
            let isCut = head.utf8.count < text.utf8.count || ValueWording.bytes(escaped: head) < bytes
            let rest = isCut ? "…" : ""
            return ["\"\(HarmlessText.line(head))\(rest)\"" + ValueInk.dim.painted(note, style)]
        case .list where !value.hasParts: return [ValueInk.dim.painted("(empty list)", style)]
        case .table where !value.hasParts: return [ValueInk.dim.painted("(empty table)", style)]
        case .list(let elements, let count):
            if form == .expanded { return ValueFields(style: style, isWhole: true).lines(of: value) }
            return list(elements, count: count, as: form)
        case .table(let entries, let count):
            if form == .table { return table(entries, count: count) }
            return ValueFields(style: style, isWhole: form == .expanded).lines(of: value)
        default:
            return [InlineText().text(of: value, room: style.width ?? Self.widestLine).rendered(style)]
        }
    }

    private func text(_ text: String, bytes: Int, isWhole: Bool) -> String {
        var head = text
        if !isWhole, text.utf8.count > Self.longestText {
            var end = text.utf8.index(text.startIndex, offsetBy: Self.longestText)
            while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
            head = String(text[..<end])
        }
        let shown = HarmlessText.lines(head)
        guard head.utf8.count < bytes else { return shown }
        return shown + ValueInk.dim.painted("… (\(Wording.number(bytes)) bytes)", style)
    }

    // MARK: Lists

    private func list(_ elements: [ShownValue], count: Int, as form: ValueForm) -> [String] {
        let shown = Array(elements.prefix(Self.mostRows))
        let count = max(count, elements.count)
        let areObjects = shown.allSatisfy { element in
            switch element {
            case .table, .list([], 0), .omitted, .null: true
            default: false
            }
        }
        if areObjects || form == .table {
            let isNumbered = form == .table && !areObjects
            if let lines = ValueTable(style: style, rows: shown, count: count, isNumbered: isNumbered).lines {
                return lines
            }
        }
        return ScalarList(style: style, elements: shown, count: count).lines
    }

    /// One object as a row; one whose fields are all objects as a row for each of them.
    private func table(_ entries: [ShownValue.Entry], count: Int) -> [String] {
        let shown = Array(entries.prefix(Self.mostRows))
        let areObjects = shown.allSatisfy { entry in
            if case .table = entry.value { entry.value.hasParts } else { false }
        }
        let table =
            areObjects && !shown.isEmpty
            ? ValueTable(
                style: style, rows: shown.map(\.value), count: max(count, entries.count), names: shown.map(\.key))
            : ValueTable(style: style, rows: [.table(shown, count: count)], count: 1)
        return table.lines ?? ValueFields(style: style, isWhole: false).lines(of: .table(entries, count: count))
    }
}

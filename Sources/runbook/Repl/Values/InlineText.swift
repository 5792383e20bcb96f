import RunbookHost

/// A value on one line, in no more columns than there are.
struct InlineText {
    /// How much room an entry needs to be begun at all.
    private static let leastRoom = 3
    /// Numbers are no longer than this.
    private static let longestNumber = 40
    /// How much of a long text is to be seen before it is said how long it is.
    private static let leastBeforeNote = 8
    /// Tables with more entries are no objects, and are shown as they come.
    private static let mostSorted = 64

    /// The name of the field whose value it is; empty if there is none.
    var key = ""
    /// Whether it stands between the braces of another one, where more strings need quotes.
    var isInside = false

    /// A value.
    ///
    /// Strings have quotes only where they could be taken for something else.
    ///
    /// - Parameter room: columns there are, at least 1.
    func text(of value: ShownValue, room: Int) -> InkedText {
        switch value {
        case .nothing: InkedText("nil", .dim).fitted(room)
        case .null: InkedText("null", .dim).fitted(room)
        case .bool(let value): InkedText(value ? "true" : "false", ink(of: value)).fitted(room)
        case .integer(let number): InkedText(String(number), .fact).fitted(room)
        case .float(let text): InkedText(HarmlessText.line(text), .fact).fitted(room)
        case .string(let text, let bytes): string(text, bytes: bytes, room: room)
        case .bytes(let text, let bytes): self.bytes(text, bytes: bytes, room: room)
        case .secret: InkedText(ValueWording.secret, .dim).fitted(room)
        case .list(let elements, let count):
            container(elements.count, of: count, room: room) { index, room in
                InlineText(isInside: true).text(of: elements[index], room: room)
            }
        case .table(let entries, let count):
            table(entries.count > Self.mostSorted ? entries : FieldOrder.sorted(entries), count: count, room: room)
        case .opaque(let text): InkedText(HarmlessText.line(text), .dim).fitted(room)
        case .cycle: InkedText(ValueWording.cycle, .dim).fitted(room)
        case .omitted(let count): InkedText(ValueWording.omitted(count), .dim).fitted(room)
        }
    }

    private func ink(of value: Bool) -> ValueInk {
        (key == "locked" && value) || (key == "enabled" && !value) ? .notable : .fact
    }

    // MARK: Strings

    private func string(_ text: String, bytes: Int, room: Int) -> InkedText {
        let (head, isSeen) = text.beginning(columns: room)
        let isWhole = isSeen && text.utf8.count >= bytes
        let mustQuote = needsQuotes(head, isWhole: isWhole)
        return cut(mustQuote ? HarmlessText.literal(head) : head, isWhole: isWhole, of: bytes, room: room)
    }

    private func bytes(_ text: String, bytes: Int, room: Int) -> InkedText {
        let (head, isSeen) = text.beginning(columns: room)
        let isWhole = isSeen && ValueWording.bytes(escaped: head) >= bytes
        // The escapes of the bytes are there already.
        return cut("\"\(HarmlessText.line(head))" + (isWhole ? "\"" : ""), isWhole: isWhole, of: bytes, room: room)
    }

    /// A text as it fits.
    ///
    /// - Parameters:
    ///   - isWhole: whether it is not only the beginning.
    ///   - bytes: the length of the whole.
    private func cut(_ shown: String, isWhole: Bool, of bytes: Int, room: Int) -> InkedText {
        let line = InkedText(shown)
        if isWhole, line.columns <= room { return line }
        // What is a few columns too long is cut without a word; of what is long, how long it is tells something.
        let note = " (\(Wording.number(bytes)) bytes)"
        let isLong = bytes >= ValueWording.longText && room >= note.columns + Self.leastBeforeNote
        let left = isLong ? room - note.columns : room
        var result = InkedText(line.columns < left ? shown + "…" : (shown + " ").fitted(left))
        if isLong { result.append(note, .dim) }
        result.isCut = true
        return result
    }

    /// Whether a string would be taken for something else, or shows what is no character.
    private func needsQuotes(_ text: String, isWhole: Bool) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return isWhole }
        if first == UInt8(ascii: " ") || last == UInt8(ascii: " ") || !HarmlessText.isLine(text) { return true }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "\"") { return true }
        if isInside, text.utf8.contains(where: { Self.marks.contains($0) }) { return true }
        guard isWhole else { return false }
        switch text {
        case "nil", "null", "true", "false", ValueWording.secret, ValueWording.cycle: return true
        default: return text.utf8.count <= Self.longestNumber && Double(text) != nil
        }
    }

    private static let marks = Set("{},=\"".utf8)

    // MARK: Tables

    private func table(_ entries: [ShownValue.Entry], count: Int, room: Int) -> InkedText {
        container(entries.count, of: count, room: room) { index, room in entry(entries[index], room: room) }
    }

    private func entry(_ entry: ShownValue.Entry, room: Int) -> InkedText {
        var text = InkedText(ValueWording.key(entry.key, room: room), .dim)
        text.append("=", .dim)
        guard text.columns < room else {
            // A key without its value would say that there is none.
            text = InkedText()
            text.isCut = true
            return text
        }
        let key = entry.key.fieldName
        let value = InlineText(key: key, isInside: true).text(of: entry.value, room: room - text.columns)
        text.append(value)
        text.isCut = value.isCut
        return text
    }

    /// Entries between braces, as many as there is room for, and how many more there are.
    private func container(_ shown: Int, of count: Int, room: Int, _ entry: (Int, Int) -> InkedText) -> InkedText {
        let count = max(count, shown)
        guard count > 0 else { return InkedText("{}").fitted(room) }
        var text = InkedText("{", .dim)
        // As much as leaves room to say how much more there is.
        var fitting = (text: text, entries: 0)
        var taken = 0
        while taken < shown {
            let left = room - text.columns - (taken == 0 ? 1 : 3)
            guard left > 0, case let part = entry(taken, left), !part.isCut else { break }
            if taken > 0 { text.append(", ", .dim) }
            text.append(part)
            taken += 1
            if text.columns + Self.rest(count - taken).columns <= room { fitting = (text, taken) }
        }
        if taken == count {
            text.append("}", .dim)
            return text
        }
        let left = room - 1 - Self.rest(count - 1).columns
        if fitting.entries == 0, shown > 0, left >= Self.leastRoom {
            let part = entry(0, left)
            fitting.text.append(part)
            fitting.entries = part.isEmpty ? 0 : 1
        }
        let rest = Self.rest(count - fitting.entries)
        fitting.text.append(fitting.entries == 0 ? String(rest.dropFirst(2)) : rest, .dim)
        let isShort = fitting.text.columns <= room
        var result = isShort ? fitting.text : InkedText("{…}", .dim).fitted(room)
        result.isCut = true
        return result
    }

    /// What ends a table of which so many entries are not shown.
    private static func rest(_ count: Int) -> String { count > 0 ? ", \(ValueWording.more(count))}" : "}" }
}

/// Goes through a part of a line and tells what there is to show, one character after the other.
struct RowWalk {
    /// A character, or what sets colours.
    struct Step {
        /// What is written.
        let text: String
        /// Columns it takes; 0 for what sets colours.
        let width: Int
        /// Where it begins in the whole text, in bytes.
        let offset: Int
        /// Whether it sets colours.
        var isStyle = false
    }

    /// Columns to a tab stop.
    private static let tab = 8
    /// Bytes of a sequence that sets colours.
    private static let longestSequence = 32
    /// Code points of one character that are written; more are marks upon marks.
    private static let mostScalars = 12

    private var rest: Substring
    /// Where it stands, in bytes of the whole text.
    private(set) var offset: Int

    /// - Parameter offset: where the part begins in the whole text, in bytes.
    init(_ part: Substring, from offset: Int) {
        rest = part
        self.offset = offset
    }

    /// What comes next; `nil` at the end.
    ///
    /// - Parameter column: the column at which it stands, for tabs.
    mutating func next(column: Int) -> Step? {
        guard let character = rest.first else { return nil }
        let start = offset
        if character == "\u{1b}", let style = style() {
            advance(by: style.utf8.count)
            return Step(text: style, width: 0, offset: start, isStyle: true)
        }
        // The end of a line made on another system.
        if character == "\r", rest.utf8.count == 1 {
            advance(by: 1)
            return nil
        }
        let scalars = character.unicodeScalars
        advance(by: character.utf8.count)
        if character == "\t" {
            let width = Self.tab - column % Self.tab
            return Step(text: String(repeating: " ", count: width), width: width, offset: start)
        }
        if let first = scalars.first, scalars.count == 1, first.isASCII {
            let isControl = first.value < 0x20 || first.value == 0x7f
            return Step(text: isControl ? String(ScalarJudge.sign(of: first)) : String(first), width: 1, offset: start)
        }
        let text = HarmlessText.line(String(String.UnicodeScalarView(scalars.prefix(Self.mostScalars))))
        return Step(text: text, width: text.columns, offset: start)
    }

    private mutating func advance(by bytes: Int) {
        rest = rest[rest.utf8.index(rest.startIndex, offsetBy: bytes)...]
        offset += bytes
    }

    /// The sequence that sets colours here, if there is one.
    private func style() -> String? {
        let bytes = rest.utf8.prefix(Self.longestSequence)
        guard bytes.dropFirst().first == UInt8(ascii: "[") else { return nil }
        let body = bytes.dropFirst(2)
        guard let end = body.firstIndex(where: { !(0x30...0x3b).contains($0) }), body[end] == UInt8(ascii: "m") else {
            return nil
        }
        return String(rest[rest.startIndex...end])
    }
}

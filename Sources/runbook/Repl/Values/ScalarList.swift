import RunbookHost

/// A list of values that are shown on a line or less each: one a line, or side by side where they are many.
struct ScalarList {
    /// More than this stand side by side.
    private static let longestColumn = 8
    private static let space = 2

    let style: ScreenStyle
    /// The elements shown.
    let elements: [ShownValue]
    /// How many there are.
    let count: Int

    /// The lines, and last how many elements there are.
    var lines: [String] {
        let room = style.width ?? ValuePrinter.widestLine
        let texts = elements.map { InlineText().text(of: $0, room: room) }
        let note = ValueWording.count(shown: elements.count, of: count, "value")
        return (columns(texts) ?? texts.map { $0.rendered(style) })
            + [ValueInk.dim.painted(style.fitted(note), style)]
    }

    /// Side by side, from the top down; `nil` if there is no room for that.
    private func columns(_ texts: [InkedText]) -> [String]? {
        guard let width = style.width, texts.count > Self.longestColumn, elements.allSatisfy(\.isScalar) else {
            return nil
        }
        let widest = texts.map(\.columns).max() ?? 0
        let across = (width + Self.space) / (widest + Self.space)
        guard across > 1 else { return nil }
        let down = (texts.count + across - 1) / across
        let areNumbers = elements.allSatisfy(\.isNumber)
        return (0..<down).map { row in
            var line = ""
            for place in stride(from: row, to: texts.count, by: down) {
                let isLast = place + down >= texts.count
                if !line.isEmpty { line += String(repeating: " ", count: Self.space) }
                line += texts[place].rendered(style, width: isLast && !areNumbers ? 0 : widest, atEnd: areNumbers)
            }
            return line
        }
    }
}

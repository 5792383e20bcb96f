/// Breaks text into lines of a width, at blanks where that can be.
struct TextWrap {
    /// Columns to a tab stop.
    private static let tab = 4

    /// The width; `nil` if lines are only broken where they end.
    let columns: Int?

    /// The lines of a text in which nothing is harmful.
    func lines(of text: String) -> [String] {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) { wrap(line, into: &lines) }
        // The end of the last line begins no other.
        if lines.count > 1, lines.last == "" { lines.removeLast() }
        return lines
    }

    private func wrap(_ line: Substring, into lines: inout [String]) {
        var current = ""
        var width = 0
        // Where the line may be broken: what is before, and what is after.
        var before: String?
        var after = ""
        var afterWidth = 0
        for character in line {
            let text =
                character == "\t" ? String(repeating: " ", count: Self.tab - width % Self.tab) : String(character)
            let wide = text.columns
            if let columns, width + wide > max(columns, 2) {
                if let head = before {
                    lines.append(head)
                    (current, width) = (after, afterWidth)
                } else {
                    lines.append(current)
                    (current, width) = ("", 0)
                }
                before = nil
                // A blank at which the line is broken is not seen.
                if width == 0, text == " " { continue }
            }
            current += text
            width += wide
            if text == " " {
                before = String(current.dropLast())
                (after, afterWidth) = ("", 0)
            } else if before != nil {
                after += text
                afterWidth += wide
            }
        }
        lines.append(current)
    }
}

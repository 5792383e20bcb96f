/// A text on one line whose parts may have colours.
struct InkedText: Sendable {
    private struct Part: Sendable {
        var text: String
        let ink: ValueInk
    }

    private var parts: [Part] = []
    /// How many columns of a terminal it takes.
    private(set) var columns = 0
    /// Whether something of the value is missing.
    var isCut = false

    /// A text in one ink.
    init(_ text: String = "", _ ink: ValueInk = .plain) {
        guard !text.isEmpty else { return }
        parts = [Part(text: text, ink: ink)]
        columns = text.measuredColumns
    }

    var isEmpty: Bool { parts.isEmpty }

    mutating func append(_ text: String, _ ink: ValueInk = .plain) { append(InkedText(text, ink)) }

    mutating func append(_ other: InkedText) {
        for part in other.parts {
            if let last = parts.indices.last, parts[last].ink == part.ink {
                parts[last].text += part.text
            } else {
                parts.append(part)
            }
        }
        columns += other.columns
    }

    /// Cut to so many columns, with `…` in place of what is missing.
    func fitted(_ width: Int) -> InkedText {
        guard columns > width else { return self }
        var fitted = InkedText()
        for part in parts {
            let left = width - fitted.columns
            let text = InkedText(part.text, part.ink)
            // The sign needs a column of its own, also where a part ends at the last one.
            if text.columns < left {
                fitted.append(text)
            } else {
                fitted.append((part.text + " ").fitted(left), part.ink)
                break
            }
        }
        fitted.isCut = true
        return fitted
    }

    /// As it is written, with blanks up to a width.
    ///
    /// - Parameters:
    ///   - width: the least number of columns. Default: no blanks.
    ///   - atEnd: whether blanks come before it. Default: after it.
    func rendered(_ style: ScreenStyle, width: Int = 0, atEnd: Bool = false) -> String {
        let text = parts.map { $0.ink.painted($0.text, style) }.joined()
        guard columns < width else { return text }
        let blanks = String(repeating: " ", count: width - columns)
        return atEnd ? blanks + text : text + blanks
    }
}

/// How one character of a text is shown.
///
/// Nothing of a text reaches the terminal as a control: what is no printable character is spelled out, so that pasted
/// text can neither run a terminal's commands nor hide or reorder what a person reads.
enum Glyph: Equatable {
    /// A character that the terminal draws, and the cells it takes.
    case drawn(String, width: Int, isDisputed: Bool)
    /// ASCII that stands for a character with no form of its own, such as `^[` or `<U+202E>`.
    case spelled(String)
    /// Blanks up to the next tab stop.
    case tab
    /// The end of a line.
    case newline

    /// Cells between tab stops.
    static let tabStop = 4
    /// Code points of one character that are drawn; more are marks upon marks.
    private static let greatestScalarCount = 12

    init(_ character: Character) {
        let scalars = character.unicodeScalars
        guard let first = scalars.first else {
            self = .spelled("")
            return
        }
        if scalars.count == 1, first.isASCII {
            self = Self.ascii(first)
        } else if let spelling = Self.spelling(scalars) {
            self = .spelled(spelling)
        } else {
            let width = CellWidth.of(character)
            if width == 0 {
                // Marks alone stand on a dotted circle, as in Unicode's charts.
                self = .drawn("\u{25CC}" + Self.cut(character), width: 1, isDisputed: true)
            } else {
                self = .drawn(Self.cut(character), width: width, isDisputed: CellWidth.isDisputed(character))
            }
        }
    }

    private static func ascii(_ scalar: Unicode.Scalar) -> Glyph {
        switch scalar.value {
        case 0x09: .tab
        case 0x0A: .newline
        case 0x7F: .spelled("^?")
        case 0..<0x20: .spelled("^" + String(Unicode.Scalar(UInt8(scalar.value) + 0x40)))
        default: .drawn(String(scalar), width: 1, isDisputed: false)
        }
    }

    /// The spelling of a character that has a control, or nothing to see, in the place of its base.
    private static func spelling(_ scalars: Character.UnicodeScalarView) -> String? {
        let mustSpell = scalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
            default: scalar.properties.isBidiControl
            }
        }
        let isInvisible = scalars.allSatisfy { $0.properties.isDefaultIgnorableCodePoint || CellWidth.isFormat($0) }
        guard mustSpell || isInvisible else { return nil }
        return scalars.prefix(greatestScalarCount).map { scalar in
            if scalar.value < 0x20 || scalar.value == 0x7F {
                return "^" + String(Unicode.Scalar(UInt8(scalar.value) ^ 0x40))
            }
            let number = String(scalar.value, radix: 16, uppercase: true)
            return "<U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number + ">"
        }.joined()
    }

    private static func cut(_ character: Character) -> String {
        guard character.unicodeScalars.count > greatestScalarCount else { return String(character) }
        var text = ""
        text.unicodeScalars.append(contentsOf: character.unicodeScalars.prefix(greatestScalarCount))
        return text
    }
}

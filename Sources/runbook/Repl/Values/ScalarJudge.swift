/// Tells of a text's code points, one after the other, which may be sent to a terminal.
struct ScalarJudge {
    enum Verdict {
        case harmless
        /// A control character, or what ends a line.
        case control
        /// What turns the direction of text, cannot be seen, or is a mark too many.
        case hidden
    }

    /// Marks on one character; more of them cover the lines above and below.
    private static let mostMarks = 6

    private var isAfterASCII = true
    private var marks = 0

    /// Judges the next code point.
    mutating func verdict(on scalar: Unicode.Scalar) -> Verdict {
        guard !scalar.isASCII else {
            isAfterASCII = true
            marks = 0
            return scalar.value < 0x20 || scalar.value == 0x7f ? .control : .harmless
        }
        let wasAfterASCII = isAfterASCII
        isAfterASCII = false
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return .control
        case .nonspacingMark, .enclosingMark:
            marks += 1
            if wasAfterASCII, Self.isInvisibleMark(scalar.value) { return .hidden }
            return marks > Self.mostMarks ? .hidden : .harmless
        case .format:
            // What joins pictures, and letters of scripts that need it, hides only between Latin letters.
            if scalar.value == 0x200c || scalar.value == 0x200d { return wasAfterASCII ? .hidden : .harmless }
            return Self.isVisibleFormat(scalar.value) ? .harmless : .hidden
        default:
            marks = 0
            return Self.isBlank(scalar.value) ? .hidden : .harmless
        }
    }

    /// A sign for a control character: `␛`.
    static func sign(of control: Unicode.Scalar) -> Unicode.Scalar {
        switch control.value {
        case 0x7f: "\u{2421}"
        case 0x2028, 0x2029: "\u{2424}"
        default: control.value < 0x20 ? Unicode.Scalar(0x2400 + control.value) ?? "\u{fffd}" : "\u{fffd}"
        }
    }

    /// Signs before numbers in scripts that have such.
    private static func isVisibleFormat(_ value: UInt32) -> Bool {
        switch value {
        case 0x600...0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd: true
        default: false
        }
    }

    /// What chooses another form of the character before it, of which Latin letters have none.
    private static func isInvisibleMark(_ value: UInt32) -> Bool {
        value == 0x34f || (0xfe00...0xfe0f).contains(value) || (0xe0100...0xe01ef).contains(value)
    }

    /// Letters that have no form.
    private static func isBlank(_ value: UInt32) -> Bool {
        switch value {
        case 0x115f, 0x1160, 0x3164, 0xffa0: true
        default: false
        }
    }
}

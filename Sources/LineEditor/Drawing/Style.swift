/// How text looks.
public struct Style: Hashable, Sendable {
    /// What is done to text besides its colours.
    public struct Attributes: OptionSet, Hashable, Sendable {
        /// One bit for each.
        public let rawValue: UInt8

        /// Makes a set of its bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Bold.
        public static let bold = Attributes(rawValue: 1)
        /// Less than normal.
        public static let dim = Attributes(rawValue: 2)
        /// Italic.
        public static let italic = Attributes(rawValue: 4)
        /// Underlined.
        public static let underline = Attributes(rawValue: 8)
        /// Foreground and background exchanged.
        public static let reverse = Attributes(rawValue: 16)
    }

    /// The colour of the letters. Default: the terminal's.
    public var foreground: Colour?
    /// The colour behind the letters. Default: the terminal's.
    public var background: Colour?
    /// What else. Default: nothing.
    public var attributes: Attributes

    /// Makes a style; nothing said is the terminal's own.
    public init(_ foreground: Colour? = nil, on background: Colour? = nil, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// As the terminal draws by itself.
    public static let plain = Style()

    /// This style with another's choices over it.
    func overlaid(by other: Style) -> Style {
        Style(
            other.foreground ?? foreground, on: other.background ?? background, attributes.union(other.attributes))
    }

    /// The sequence that makes a terminal draw so, whatever it did before.
    var sequence: String {
        var parameters = "0"
        for (attribute, code) in [(Attributes.bold, 1), (.dim, 2), (.italic, 3), (.underline, 4), (.reverse, 7)]
        where attributes.contains(attribute) {
            parameters += ";\(code)"
        }
        if let foreground { parameters += ";" + foreground.parameters(base: 30) }
        if let background { parameters += ";" + background.parameters(base: 40) }
        return "\u{1B}[\(parameters)m"
    }
}

/// Text of several styles, such as a prompt.
public struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// A run of one style.
    public struct Run: Hashable, Sendable {
        /// The text; control characters in it are spelled out when shown.
        public var text: String
        /// Its style.
        public var style: Style
    }

    /// The runs, from left to right.
    public private(set) var runs: [Run]

    /// Makes text of one style.
    public init(_ text: String = "", _ style: Style = .plain) {
        runs = text.isEmpty ? [] : [Run(text: text, style: style)]
    }

    /// Makes plain text.
    public init(stringLiteral text: String) { self.init(text) }

    /// This text with more at its end.
    public func adding(_ text: String, _ style: Style = .plain) -> StyledText {
        var sum = self
        if !text.isEmpty { sum.runs.append(Run(text: text, style: style)) }
        return sum
    }

    /// The text alone.
    public var text: String { runs.map(\.text).joined() }
}

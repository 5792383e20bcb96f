/// A part of the edited text and how it looks.
public struct StyledSpan: Hashable, Sendable {
    /// The part, as offsets in the text's UTF-8.
    public var range: Range<Int>
    /// How it looks.
    public var style: Style
    /// Whether brackets in it match others. False for strings and comments. Default: `true`.
    public var isCode: Bool

    /// Makes a span.
    public init(_ range: Range<Int>, _ style: Style, isCode: Bool = true) {
        self.range = range
        self.style = style
        self.isCode = isCode
    }
}

/// The right to one kind of action, `table:action`, as a manifest's `needs` and an operator's policy name it.
public struct Capability: RawRepresentable, Sendable, Hashable, Comparable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The text, such as `users:unlock`.
    public let rawValue: String

    /// A capability by its text. Any text will do: an embedding program names its own.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// A capability by its text.
    public init(stringLiteral value: String) { rawValue = value }

    /// The text.
    public var description: String { rawValue }
    /// In the order of the texts.
    public static func < (left: Capability, right: Capability) -> Bool { left.rawValue < right.rawValue }
}

/// A password, two-factor seed or API key: a value that no log, error or plan ever shows.
///
/// Its text leaves only through ``reveal()``, a name that is easy to find in a review. Two secrets are equal when
/// their texts are.
public struct SecretValue: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// What every secret prints as.
    public static let redacted = "‹secret›"

    private let value: String

    /// Closes `value`.
    public init(_ value: String) { self.value = value }

    /// The text itself, for the one place that must send or show it.
    public func reveal() -> String { value }

    /// Always ``redacted``.
    public var description: String { Self.redacted }
    /// Always ``redacted``.
    public var debugDescription: String { Self.redacted }
    /// Without children, so that `dump` and test failures show nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

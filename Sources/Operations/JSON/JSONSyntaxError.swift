/// Why a text is not JSON.
public struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Offset of the offending byte, from 0.
    public let offset: Int
    /// What was wrong there, without quoting the text: it may hold a secret.
    public let reason: String

    /// An error at a byte.
    public init(offset: Int, reason: String) {
        self.offset = offset
        self.reason = reason
    }

    /// `not JSON at byte 12: expected a value`
    public var description: String { "not JSON at byte \(offset): \(reason)" }
}

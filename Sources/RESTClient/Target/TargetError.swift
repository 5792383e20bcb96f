/// A target that cannot be right: found before anything is sent.
public struct TargetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do, in a sentence or two, without any secret.
    public let message: String

    /// An error.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }
}

/// One call that restores something.
public struct InverseStep: Sendable, Hashable {
    /// The operation's name: `users.update`.
    public let operation: String
    /// The arguments as a script would pass them, one after the other.
    public let arguments: [JSONValue]
    /// One line for a person: `restore user ada (7)`.
    public let summary: String

    /// A step.
    public init(operation: String, arguments: [JSONValue], summary: String) {
        self.operation = operation
        self.arguments = arguments
        self.summary = summary
    }
}

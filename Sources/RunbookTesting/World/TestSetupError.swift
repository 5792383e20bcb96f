/// Why tests cannot be run at all: what is wrong and what to do.
public struct TestSetupError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One paragraph for a person.
    public let description: String

    init(_ description: String) { self.description = description }
}

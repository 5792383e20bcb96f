public import Operations
public import Testing

extension Operation: CustomTestStringConvertible {
    /// The name: the whole entry would drown a test's output.
    public var testDescription: String { name }
}

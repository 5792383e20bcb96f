/// One call of an operation, its arguments checked against the catalogue.
public struct OperationCall: Sendable, Hashable {
    /// What is called.
    public let operation: Operation
    /// The arguments by the parameters' Lua names; optional ones that were not given are absent.
    public let arguments: [String: JSONValue]
    /// How long one attempt may take. Default: the transport's own.
    public var timeout: Duration?

    /// A call whose arguments were checked before.
    public init(checked operation: Operation, arguments: [String: JSONValue], timeout: Duration? = nil) {
        self.operation = operation
        self.arguments = arguments
        self.timeout = timeout
    }
}

internal import Operations

/// A request that changes something, as the server has carried it out.
struct SentChange: Sendable, Hashable {
    /// The operation's name.
    let operation: String
    /// The arguments as a script writes them: one after the other, or one table.
    let arguments: [JSONValue]

    init(operation: String, arguments: [JSONValue]) {
        self.operation = operation
        self.arguments = arguments
    }

    init(_ call: OperationCall) {
        operation = call.operation.name
        switch call.operation.convention {
        case .named: arguments = [.object(call.arguments)]
        case .positional:
            let values = call.operation.parameters.map { call.arguments[$0.name] ?? .null }
            let count = values.lastIndex { !$0.isNull }.map { $0 + 1 } ?? 0
            arguments = Array(values.prefix(count))
        }
    }

    /// `["users.unlock", 7]`.
    var json: JSONValue { .array([.string(operation)] + arguments) }
}

extension SentChange: CustomStringConvertible {
    /// `users.unlock(7)`, secrets closed.
    var description: String { ShownJSON.call(operation, arguments) }
}

import Operations
import Testing

extension Catalogue {
    /// The request for a call as a script would make it.
    func request(_ name: String, _ values: JSONValue...) throws -> OperationRequest {
        let operation = try #require(self[name])
        let call = OperationCall(checked: operation, arguments: try operation.bind(values))
        return try #require(OperationRequest(call))
    }

    /// What a call as a script would make it is bound to.
    func bind(_ name: String, _ values: JSONValue...) throws -> [String: JSONValue] {
        try #require(self[name]).bind(values)
    }

    /// Why a call as a script would make it is refused.
    func refusal(_ name: String, _ values: JSONValue...) throws -> APIError {
        let operation = try #require(self[name])
        return try #require(throws: APIError.self) { try operation.bind(values) }
    }
}

extension OperationRequest {
    /// The body as text, or `nil` for none.
    var bodyText: String? { body.map { String(decoding: $0, as: UTF8.self) } }
}

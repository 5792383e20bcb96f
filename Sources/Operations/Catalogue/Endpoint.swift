/// The HTTP request that an operation becomes.
public struct Endpoint: Sendable, Hashable {
    /// The methods that the two APIs use.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Reads.
        case get = "GET"
        /// Creates, regenerates, and everything at Xpanse.
        case post = "POST"
        /// Replaces.
        case put = "PUT"
        /// Removes.
        case delete = "DELETE"
    }

    /// How the parameters that go in the body make it.
    public enum Body: Sendable, Hashable {
        /// No body.
        case none
        /// The one body parameter's value is the body.
        case value
        /// An object under the key `envelope` with one member for each body parameter, and the constants.
        case envelope(String, constants: [String: JSONValue])
    }

    /// Who is asked.
    public let service: Service
    /// The method.
    public let method: Method
    /// The path, with parameters in braces: `/api/3/users/{id}/lock`.
    public let path: String
    /// How the body is made.
    public let body: Body

    /// An endpoint.
    ///
    /// - Parameters:
    ///   - service: see ``service``.
    ///   - method: see ``method``.
    ///   - path: see ``path``.
    ///   - body: Default: none.
    public init(_ service: Service, _ method: Method, _ path: String, body: Body = .none) {
        self.service = service
        self.method = method
        self.path = path
        self.body = body
    }
}

/// A call that failed, as a script sees it and as a person reads it.
public struct APIError: Error, Sendable, Hashable {
    /// What kind of failure it is: the `kind` of the error table in Lua.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// 404: no such thing, or the account may not see it.
        case notFound = "not_found"
        /// 400 and 422: the server refused the values.
        case badRequest = "bad_request"
        /// 401: wrong or missing credentials, or a missing permission on the console.
        case unauthorized
        /// 403: the key may not do this.
        case forbidden
        /// 402: the licence does not include this.
        case license
        /// 409: the state does not allow it.
        case conflict
        /// 429: too many requests, after the retries.
        case rateLimited = "rate_limited"
        /// 5xx: the server failed or is not ready.
        case unavailable
        /// No answer in time.
        case timeout
        /// No connection, an untrusted certificate, or a reply that is not the protocol.
        case network
        /// The policy does not allow it; nothing was sent.
        case denied
        /// The arguments are wrong; nothing was sent.
        case invalidArgument = "invalid_argument"
    }

    /// Whether the request reached the server.
    public enum Delivery: String, Sendable, Hashable {
        /// Surely not: nothing can have changed.
        case notSent = "not_sent"
        /// It may have, without an answer: the outcome is unknown.
        case unknown
        /// The server answered.
        case answered
    }

    /// What kind of failure.
    public var kind: Kind
    /// The HTTP status, if the server answered.
    public var status: Int?
    /// What went wrong and what to do, in a sentence or two, without any secret.
    public var message: String
    /// The operation's name in Lua.
    public var operation: String
    /// What the server said besides; `null` if nothing.
    public var details: JSONValue
    /// Whether the request reached the server. Default: `notSent`.
    public var delivery: Delivery

    /// A failure.
    public init(
        _ kind: Kind, status: Int? = nil, operation: String, message: String, details: JSONValue = .null,
        delivery: Delivery = .notSent
    ) {
        self.kind = kind
        self.status = status
        self.operation = operation
        self.message = message
        self.details = details
        self.delivery = delivery
    }
}

extension APIError: CustomStringConvertible {
    /// One readable line: `users.get: not_found (404): no user has the id 99`.
    public var description: String {
        let status = self.status.map { " (\($0))" } ?? ""
        return "\(operation): \(kind.rawValue)\(status): \(message)"
    }
}

/// What the simulation answers: JSON, or nothing.
package struct SimulatedReply: Sendable, Hashable {
    package var status: Int
    /// The methods that a 405 says are allowed.
    package var allow: String?
    /// What a 401 asks for in a `WWW-Authenticate` header.
    package var challenge: String?
    /// Seconds for a `Retry-After` header.
    package var retryAfter: Int?
    package var body: [UInt8]

    package init(
        status: Int, allow: String? = nil, challenge: String? = nil, retryAfter: Int? = nil, body: [UInt8] = []
    ) {
        self.status = status
        self.allow = allow
        self.challenge = challenge
        self.retryAfter = retryAfter
        self.body = body
    }
}

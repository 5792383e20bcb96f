/// What the simulation answers: JSON, or nothing.
struct SimulatedReply: Sendable, Hashable {
    var status: Int
    /// The methods that a 405 says are allowed.
    var allow: String?
    /// What a 401 asks for in a `WWW-Authenticate` header.
    var challenge: String?
    /// Seconds for a `Retry-After` header.
    var retryAfter: Int?
    var body: [UInt8]

    init(status: Int, allow: String? = nil, challenge: String? = nil, retryAfter: Int? = nil, body: [UInt8] = []) {
        self.status = status
        self.allow = allow
        self.challenge = challenge
        self.retryAfter = retryAfter
        self.body = body
    }
}

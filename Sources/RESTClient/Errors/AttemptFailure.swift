import Operations

/// One attempt that failed, and whether another one may follow.
struct AttemptFailure: Error {
    var kind: APIError.Kind
    var status: Int?
    /// What went wrong and what to do, without any secret.
    var message: String
    var details: JSONValue = .null
    var delivery: APIError.Delivery
    var repetition: Repetition
    /// What the server asked for.
    var retryAfter: Duration?

    init(
        _ kind: APIError.Kind, status: Int? = nil, _ message: String, details: JSONValue = .null,
        delivery: APIError.Delivery, repetition: Repetition, retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.status = status
        self.message = message
        self.details = details
        self.delivery = delivery
        self.repetition = repetition
        self.retryAfter = retryAfter
    }
}

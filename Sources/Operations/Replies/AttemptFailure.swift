/// One attempt that failed, and whether another one may follow.
package struct AttemptFailure: Error {
    package var kind: APIError.Kind
    package var status: Int?
    /// What went wrong and what to do, without any secret.
    package var message: String
    package var details: JSONValue = .null
    package var delivery: APIError.Delivery
    package var repetition: Repetition
    /// What the server asked for.
    package var retryAfter: Duration?

    package init(
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

/// Something that goes wrong with one request.
public enum Fault: Sendable, Hashable {
    /// Nothing: the request is answered.
    case none
    /// The connection is reset before the request has any effect.
    case resetBefore
    /// The request takes effect and is noted in the ledger; then the connection is reset instead of an answer.
    case resetAfter
    /// 429 with `Retry-After`, without effect.
    case tooMany
    /// This status, with the body of a refusal, without effect. 503 has a `Retry-After` too.
    case status(Int)
    /// The request takes effect; half of the answer's body is sent, then the connection is closed.
    case truncate
    /// The request takes effect; the answer's body arrives in small pieces.
    case slow
}

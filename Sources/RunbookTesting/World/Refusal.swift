internal import Operations

/// Calls that the server refuses.
struct Refusal: Sendable, Hashable {
    let pattern: CallPattern
    let status: Int
    let message: String
    /// How many of them; `nil` for all.
    let times: Int?
}

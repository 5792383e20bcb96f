/// A change that was carried out.
struct LedgerEntry: Sendable, Hashable {
    let moment: Timestamp
    let method: String
    /// The path as it was sent, without the query.
    let path: String
    /// The name in Lua, such as `users.unlock`.
    let operation: String
    /// The status that was answered, even if the answer never arrived.
    let status: Int
}

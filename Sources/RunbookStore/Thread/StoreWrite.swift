internal import RunbookHost

/// One change of the store that waits for its commit, which it shares with others.
struct StoreWrite: Sendable {
    /// Whether it must be on the disk when it is answered.
    let isDurable: Bool
    /// What is tried, as in "cannot …".
    let purpose: String
    /// Does it within a transaction. May be done again if that fails.
    ///
    /// - Returns: what tells the caller once the transaction is committed.
    /// - Throws: ``StoreError`` if it must not be done, ``SQLiteError``.
    let attempt: @Sendable (Database) throws -> @Sendable () -> Void
    /// Tells the caller that nothing of it is there.
    let fail: @Sendable (StoreError) -> Void
}

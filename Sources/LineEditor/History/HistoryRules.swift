/// What a history keeps.
public struct HistoryRules: Sendable {
    /// Entries kept; the oldest go first. Default: 10,000.
    public var limit = 10_000
    /// Bytes of an entry that is kept in a file; longer ones are kept in memory only. Default: 64 KiB.
    public var entryLimit = 65_536
    /// Whether a text must not be kept, not even in memory. Default: none is a secret.
    public var isSecret: @Sendable (String) -> Bool = { _ in false }

    /// The defaults.
    public init() {}
}

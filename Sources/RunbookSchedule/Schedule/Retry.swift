/// How often a failed slot is tried again.
public struct Retry: Sendable, Hashable {
    /// So many times at most. Default: never.
    public var count: Int
    /// How long after each failure, in milliseconds. Default: a minute.
    public var delay: Int64

    /// A rule; see the members for the defaults.
    public init(count: Int = 0, delay: Int64 = 60_000) {
        self.count = count
        self.delay = delay
    }
}

/// Slots that were missed one after the other.
public struct MissedSlots: Sendable, Hashable {
    /// How many.
    public var count: Int
    /// The planned time of the first, milliseconds since 1970.
    public var first: Int64
    /// The planned time of the last, milliseconds since 1970.
    public var last: Int64
    /// Why the last was missed.
    public var reason: String

    /// Slots; see the members.
    public init(count: Int, first: Int64, last: Int64, reason: String) {
        self.count = count
        self.first = first
        self.last = last
        self.reason = reason
    }
}

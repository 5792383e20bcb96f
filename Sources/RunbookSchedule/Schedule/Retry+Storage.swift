public import Operations

extension Retry {
    /// `{"count","delay"}`.
    public var json: JSONValue { ["count": .integer(Int64(count)), "delay": .integer(delay)] }

    /// Reads ``json``; `nil` if something is missing, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let stored = try? StoredMembers(json), let count = try? stored.count("count"),
            let delay = try? stored.integer("delay")
        else { return nil }
        self.init(count: count, delay: delay)
    }
}

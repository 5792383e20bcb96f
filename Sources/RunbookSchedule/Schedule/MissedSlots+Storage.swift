public import Operations

extension MissedSlots {
    /// `{"count","first","last","reason"}`.
    public var json: JSONValue {
        [
            "count": .integer(Int64(count)), "first": .integer(first), "last": .integer(last),
            "reason": .string(reason),
        ]
    }

    /// Reads ``json``; `nil` if something is missing, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let stored = try? StoredMembers(json), let count = try? stored.count("count"),
            let first = try? stored.integer("first"), let last = try? stored.integer("last"),
            let reason = try? stored.text("reason")
        else { return nil }
        self.init(count: count, first: first, last: last, reason: reason)
    }
}

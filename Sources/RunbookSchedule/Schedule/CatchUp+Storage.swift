public import Operations

extension CatchUp {
    /// `{"mode","window","maximum"}`.
    public var json: JSONValue {
        ["mode": .string(mode.rawValue), "window": .integer(window), "maximum": .integer(Int64(maximum))]
    }

    /// Reads ``json``; `nil` if something is missing, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let stored = try? StoredMembers(json), let mode: Mode = try? stored.word("mode"),
            let window = try? stored.integer("window"), let maximum = try? stored.count("maximum")
        else { return nil }
        self.init(mode, window: window, maximum: maximum)
    }
}

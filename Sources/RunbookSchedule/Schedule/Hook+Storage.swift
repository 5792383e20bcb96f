public import Operations

extension Hook {
    /// `{"destination","kinds"}`, the kinds in the order of their names.
    public var json: JSONValue {
        [
            "destination": .string(destination),
            "kinds": .array(kinds.map(\.rawValue).sorted().map { .string($0) }),
        ]
    }

    /// Reads ``json``; `nil` if something is missing, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let stored = try? StoredMembers(json), let destination = try? stored.text("destination"),
            let kinds = try? stored.list("kinds", { $0.stringValue.flatMap(Notice.Kind.init(rawValue:)) })
        else { return nil }
        self.init(destination, kinds: Set(kinds))
    }
}

public import Operations

extension Notice {
    /// Every member by its name; ``unixMilliseconds`` is `at`.
    public var json: JSONValue {
        [
            "id": .string(id), "schedule": .string(schedule), "kind": .string(kind.rawValue),
            "destination": .string(destination), "at": .integer(unixMilliseconds), "members": .object(members),
            "due": .integer(due),
            "attempts": .integer(Int64(attempts)),
        ]
    }

    /// Reads ``json``; `nil` if something is missing, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let stored = try? StoredMembers(json), let id = try? stored.text("id"),
            let schedule = try? stored.text("schedule"), let kind: Kind = try? stored.word("kind"),
            let destination = try? stored.text("destination"), let unixMilliseconds = try? stored.integer("at"),
            let members = try? stored.value("members", \.objectValue), let due = try? stored.integer("due"),
            let attempts = try? stored.count("attempts")
        else { return nil }
        self.init(
            id: id, schedule: schedule, kind: kind, destination: destination, unixMilliseconds: unixMilliseconds,
            members: members)
        self.due = due
        self.attempts = attempts
    }
}

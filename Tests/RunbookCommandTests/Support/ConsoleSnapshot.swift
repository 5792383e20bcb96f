import Operations

/// All that a console holds and has done, without what differs between two consoles that were treated alike: their
/// addresses, and the ids of users that were created at the same moment.
struct ConsoleSnapshot {
    /// The changes that were carried out, and how often each. The ids of users are replaced by their logins.
    var changes: [String: Int] = [:]
    /// What is known of each user, by login.
    var users: [String: JSONValue] = [:]
    var roles: [JSONValue] = []
    /// The users' logins by their ids.
    private(set) var logins: [Int64: String] = [:]

    init(of console: SimulatedConsole) async throws {
        for user in try await console.users() {
            logins[user.id] = user.login
            var members = Self.withoutLinks(user).objectValue ?? [:]
            members["id"] = nil
            for access in ["users.sites", "users.asset_groups"] {
                members[access] = .array(try await console.references(access, user.id).map { .integer($0) })
            }
            members["hasSeed"] = .bool(try await console.seed(of: user.id) != nil)
            users[user.login] = .object(members)
        }
        roles = (try await console.read("roles.list", [:])["resources"]?.arrayValue ?? []).map(Self.withoutLinks)
        for change in try await console.ledger() {
            changes[self.change(change.operation, path: change.path), default: 0] += 1
        }
    }

    /// A change as ``changes`` has it.
    func change(_ operation: String, path: String) -> String {
        var parts = path.split(separator: "/").map(String.init)
        if let index = parts.firstIndex(of: "users"), index + 1 < parts.count, let id = Int64(parts[index + 1]) {
            parts[index + 1] = logins[id] ?? parts[index + 1]
        }
        return "\(operation) \(parts.joined(separator: "/"))"
    }

    /// The changes that another console has not seen, or not as often.
    func changes(notIn other: ConsoleSnapshot) -> [String: Int] {
        var more = changes
        for (change, count) in other.changes { more[change]? -= count }
        return more.filter { $0.value > 0 }
    }

    /// Whether nothing but what was done to get there differs.
    func holdsTheSame(as other: ConsoleSnapshot) -> Bool { users == other.users && roles == other.roles }

    private static func withoutLinks(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): .array(elements.map(withoutLinks))
        case .object(let members): .object(members.filter { $0.key != "links" }.mapValues(withoutLinks))
        default: value
        }
    }
}

extension SimulatedConsole {
    /// A user's two-factor seed; `nil` if there is none.
    func seed(of user: Int64) async throws -> String? {
        try await read("twofa.key", ["id": .integer(user)])["key"]?.stringValue
    }
}

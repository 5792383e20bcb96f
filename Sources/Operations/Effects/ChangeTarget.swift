/// What a change is about.
public struct ChangeTarget: Sendable, Hashable {
    /// What kind of thing: `user`, `role`, `xpanse_user`.
    public let type: String
    /// Its identifier as text. Of a user who is created it is the login, as the console has not given one yet; of several
    /// users of Xpanse their addresses, joined by commas.
    public let id: String
    /// What people call it: a login, a role's name; `nil` if it is not known.
    public let name: String?

    /// Something to be changed.
    ///
    /// - Parameters:
    ///   - type: see ``type``.
    ///   - id: see ``id``.
    ///   - name: Default: `nil`.
    public init(type: String, id: String, name: String? = nil) {
        self.type = type
        self.id = id
        self.name = name
    }

    /// `{"type":…,"id":…,"name":…}`; a name that is not known is absent.
    public var json: JSONValue {
        var members: [String: JSONValue] = ["type": .string(type), "id": .string(id)]
        if let name { members["name"] = .string(name) }
        return .object(members)
    }
}

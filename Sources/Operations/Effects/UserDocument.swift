/// What of a user, as the console writes it, can be changed or undone: the document without links, names of roles and
/// the like.
enum UserDocument {
    /// The members that count, and those of objects in it, in the order in which people read them.
    private static let shape: [(name: String, inner: [String])] = [
        ("login", []), ("name", []), ("email", []), ("enabled", []), ("locked", []),
        ("role", ["id", "allSites", "allAssetGroups", "superuser"]), ("authentication", ["type", "id"]),
        ("locale", ["default", "reports"]),
    ]

    /// The members that count, without what is `null`; the identifier too.
    static func essence(of user: JSONValue) -> JSONValue {
        var members: [String: JSONValue] = [:]
        if let id = user["id"] { members["id"] = id }
        for (name, inner) in shape {
            guard let value = user[name], !value.isNull else { continue }
            guard !inner.isEmpty else {
                members[name] = value
                continue
            }
            let kept = inner.compactMap { key in value[key].flatMap { $0.isNull ? nil : (key, $0) } }
            if !kept.isEmpty { members[name] = .object(Dictionary(kept, uniquingKeysWith: { $1 })) }
        }
        return .object(members)
    }

    /// The leaves by name, such as `role.id`, in the order in which people read them; `null` where there is none.
    static func leaves(of user: JSONValue?) -> [(field: String, value: JSONValue)] {
        shape.flatMap { name, inner -> [(String, JSONValue)] in
            guard !inner.isEmpty else { return [(name, user?[name] ?? .null)] }
            return inner.map { ("\(name).\($0)", user?[name]?[$0] ?? .null) }
        }
    }

    /// The leaves that differ.
    static func changes(from before: JSONValue?, to after: JSONValue?) -> [FieldChange] {
        zip(leaves(of: before), leaves(of: after)).compactMap { old, new in
            old.value == new.value ? nil : FieldChange(field: old.field, before: old.value, after: new.value)
        }
    }

    /// Whether access to all of this kind comes with the role.
    static func hasAll(_ kind: AccessKind, _ user: JSONValue?) -> Bool? { user?["role"]?[kind.flag]?.boolValue }
}

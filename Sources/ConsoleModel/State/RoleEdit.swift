internal import Operations

/// The body of a request that creates or changes a role, types checked.
struct RoleEdit: Sendable, Hashable {
    var id: String
    var name: String
    var summary: String
    var privileges: [String]

    /// Reads a body. `name` and `description` may be objects with a `defaultValue`, as newer consoles write them.
    init(_ body: JSONValue) throws(ConsoleError) {
        guard body.objectValue != nil else { throw .badRequest("The role must be a JSON object.") }
        let role = Members(body)
        id = try role.required("id")
        name = try Self.text(role, "name")
        summary = try Self.text(role, "description")
        privileges = []
        guard let listed = role.value("privileges") else { return }
        guard let elements = listed.arrayValue else { throw .badRequest("The field privileges must be an array.") }
        for element in elements {
            guard let privilege = element.stringValue, Privilege.all.contains(privilege) else {
                throw .badRequest("The privilege \(element.stringValue ?? element.kindName) is not known.")
            }
            if !privileges.contains(privilege) { privileges.append(privilege) }
        }
    }

    private static func text(_ role: Members, _ key: String) throws(ConsoleError) -> String {
        guard role.value(key)?.objectValue != nil, let member = try role.object(key) else {
            return try role.required(key)
        }
        return try member.required("defaultValue")
    }
}

internal import Operations

extension Simulation {
    /// The start of every path of Xpanse's API.
    package static let xpansePrefix = "/public_api/v1/"

    /// Answers a request to Xpanse.
    mutating func answerXpanse(_ request: SimulatedRequest, at moment: Timestamp) -> SimulatedReply {
        do throws(XpanseError) {
            try xpanseKeys.authenticate(request, at: moment)
            var path = request.path.dropFirst(Self.xpansePrefix.count)
            if path.last == "/" { path.removeLast() }
            let calls = ["rbac/set_user_role", "rbac/get_users", "rbac/get_roles", "rbac/get_user_group"]
            guard calls.contains(String(path)) else { throw XpanseError.noRoute }
            guard request.method == "POST" else {
                throw XpanseError(405, "Method Not Allowed", "Only POST is allowed")
            }
            let data = try Self.requestData(request.body)
            switch path {
            case "rbac/set_user_role": return try setUserRole(data, request, at: moment)
            case "rbac/get_users": return Self.reply(.array(xpanse.users.map(Self.rendered)))
            case "rbac/get_roles":
                let roles = try xpanse.roles(Self.names(data, "role_names"))
                return Self.reply(.array(roles.map { .array([rendered($0)]) }))
            default:
                let groups = try xpanse.groups(Self.names(data, "group_names"))
                return Self.reply(.array(groups.map(rendered)))
            }
        } catch {
            return SimulatedReply(status: error.status, body: error.bytes)
        }
    }

    private mutating func setUserRole(
        _ data: [String: JSONValue], _ request: SimulatedRequest, at moment: Timestamp
    ) throws(XpanseError) -> SimulatedReply {
        let emails = try Self.names(data, "user_emails")
        guard !emails.isEmpty else {
            throw .shape("request_data", "user_emails", problem: "Shorter than minimum length 1.")
        }
        guard let role = data["role_name"] else {
            throw .shape("request_data", "role_name", problem: "Missing data for required field.")
        }
        guard let role = role.stringValue else {
            throw .shape("request_data", "role_name", problem: "Not a valid string.")
        }
        let count = try xpanse.setRole(role, emails: emails)
        record(request, role.isEmpty ? "xpanse.remove_role" : "xpanse.set_role", status: 200, at: moment)
        let number: JSONValue = settings.writesCountsAsText ? .string(String(count)) : .integer(Int64(count))
        return Self.reply(["update_count": number])
    }

    private static func requestData(_ body: [UInt8]) throws(XpanseError) -> [String: JSONValue] {
        guard let value = try? JSONValue(parsing: body) else { throw .invalidJSON }
        guard let object = value.objectValue, let data = object["request_data"] else {
            throw .shape("request_data", problem: "Missing data for required field.")
        }
        guard let members = data.objectValue else { throw .shape("request_data", problem: "Invalid input type.") }
        return members
    }

    private static func names(_ data: [String: JSONValue], _ key: String) throws(XpanseError) -> [String] {
        guard let value = data[key] else {
            throw .shape("request_data", key, problem: "Missing data for required field.")
        }
        guard let elements = value.arrayValue else { throw .shape("request_data", key, problem: "Not a valid list.") }
        var names: [String] = []
        for (index, element) in elements.enumerated() {
            guard let name = element.stringValue else {
                throw .shape("request_data", key, String(index), problem: "Not a valid string.")
            }
            names.append(name)
        }
        return names
    }

    private static func reply(_ value: JSONValue) -> SimulatedReply {
        SimulatedReply(status: 200, body: JSONValue.object(["reply": value]).bytes())
    }

    private static func rendered(_ user: XpanseState.User) -> JSONValue {
        [
            "user_email": .string(user.email), "user_first_name": .string(user.firstName),
            "user_last_name": .string(user.lastName), "role_name": user.role.map { .string($0) } ?? .null,
            "last_logged_in": user.lastLogin.map { .integer($0.milliseconds) } ?? .null,
            "user_type": .string(user.type),
            "groups": .array(user.groups.map { .string($0) }), "scope": [],
        ]
    }

    private func rendered(_ role: XpanseState.Role) -> JSONValue {
        let users = xpanse.users.filter { $0.role == role.name }
        return [
            "pretty_name": .string(role.name), "permissions": .array(role.permissions.map { .string($0) }),
            "insert_time": 1_735_689_600_000, "update_time": 1_735_689_600_000, "created_by": "Palo Alto Networks",
            "description": .string(role.summary), "groups": [], "users": .array(users.map { .string($0.email) }),
        ]
    }

    private func rendered(_ group: XpanseState.Group) -> JSONValue {
        let users = xpanse.users.filter { $0.groups.contains(group.name) }
        return [
            "group_name": .string(group.name), "description": .string(group.summary),
            "pretty_name": .string(group.name), "insert_time": 1_735_689_600_000, "update_time": 1_735_689_600_000,
            "user_email": .array(users.map { .string($0.email) }), "source": "Custom",
        ]
    }
}

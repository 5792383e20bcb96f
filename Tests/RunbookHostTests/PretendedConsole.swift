import Operations

/// What a console of many users says: each id has one, and each change is carried out.
enum PretendedConsole {
    static func user(_ id: Int64) -> JSONValue {
        ["id": .integer(id), "login": .string("user\(id)"), "locked": true, "enabled": true, "role": ["id": "user"]]
    }

    static func answer(_ call: OperationCall) -> JSONValue {
        switch call.operation.name {
        case "users.get": user(call.arguments["id"]?.integerValue ?? 0)
        case "users.page":
            [
                "resources": .array((1...3).map(user)),
                "page": ["number": 0, "size": 500, "totalPages": 1, "totalResources": 3],
            ]
        default: ["resources": []]
        }
    }
}

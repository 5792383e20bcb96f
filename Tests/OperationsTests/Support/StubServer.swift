import Operations
import Testing

/// A server that answers reads from a list, and a shadow over it.
struct StubServer {
    let catalogue: Catalogue
    var shadow = Shadow()
    /// Bodies by what a script would write: `users.get(7)`.
    var bodies: [String: JSONValue] = [:]
    /// Failures, in the same way; what is in neither is not found.
    var failures: [String: APIError] = [:]
    /// What was asked, in order.
    private(set) var asked: [String] = []

    init(_ bodies: [String: JSONValue], catalogue: Catalogue = .standard) {
        self.bodies = bodies
        self.catalogue = catalogue
    }

    /// Ada: enabled, locked, a user with two sites.
    static let ada: JSONValue = [
        "id": 7, "login": "ada", "name": "Ada", "email": "ada@example.com", "enabled": true, "locked": true,
        "locale": ["default": "en-US", "reports": "en-US"],
        "authentication": ["id": 2, "type": "normal", "name": "Builtin Users", "external": false],
        "role": [
            "id": "user", "name": "User", "allSites": false, "allAssetGroups": false, "superuser": false,
            "privileges": ["create-reports"],
        ],
        "links": [["rel": "self", "href": "https://console/api/3/users/7"]],
    ]
    /// The same with access to all.
    static let boss: JSONValue = [
        "id": 8, "login": "boss", "name": "Boss", "enabled": true, "locked": false,
        "authentication": ["id": 2, "type": "normal"],
        "role": ["id": "user", "allSites": true, "allAssetGroups": true, "superuser": false],
    ]

    /// A console with Ada, the boss and a few roles, and Xpanse with three users.
    static let usual = StubServer([
        "users.get(7)": ada, "users.get(8)": boss,
        "users.sites(7)": ["resources": [2, 1]], "users.asset_groups(7)": ["resources": []],
        "users.sites(8)": ["resources": [1, 2, 3]], "users.asset_groups(8)": ["resources": [1]],
        "roles.get(\"user\")": [
            "id": "user", "name": "User", "description": "Reads", "privileges": ["create-reports"],
        ],
        "roles.get(\"auditor\")": [
            "id": "auditor", "name": "Auditor", "description": "Audits",
            "privileges": ["manage-sites", "create-reports"],
            "links": [["rel": "self"]],
        ],
        "roles.users(\"auditor\")": ["resources": []], "roles.users(\"user\")": ["resources": [7, 8]],
        "privileges.list()": ["resources": ["create-reports", "manage-sites"]],
        "auth_sources.list()": [
            "resources": [["id": 1, "type": "admin"], ["id": 2, "type": "normal"], ["id": 3, "type": "ldap"]]
        ],
        "xpanse.users()": [
            "reply": [
                ["user_email": "Ada@example.com", "role_name": "Viewer"],
                ["user_email": "bob@example.com", "role_name": nil],
                ["user_email": "root@example.com", "role_name": "Account Admin"],
            ]
        ],
        "xpanse.roles([\"Viewer\"])": ["reply": [[["pretty_name": "Viewer", "users": ["Ada@example.com"]]]]],
        "xpanse.roles([\"Responder\"])": ["reply": [[["pretty_name": "Responder", "users": []]]]],
    ])

    func call(_ name: String, _ values: [JSONValue]) throws -> OperationCall {
        let operation = try #require(catalogue[name])
        return OperationCall(checked: operation, arguments: try operation.bind(values))
    }

    mutating func answer(_ call: OperationCall) -> Result<OperationReply, APIError> {
        let values = call.operation.parameters.compactMap { call.arguments[$0.name]?.text }
        let key = "\(call.operation.name)(\(values.joined(separator: ", ")))"
        asked.append(key)
        if let failure = failures[key] { return .failure(failure) }
        guard let body = bodies[key] else {
            return .failure(APIError(.notFound, status: 404, operation: call.operation.name, message: "not there"))
        }
        return .success(OperationReply(body: body.bytes()))
    }

    /// Predicts a change.
    @discardableResult
    mutating func change(_ name: String, _ values: JSONValue...) throws -> PredictedChange {
        let call = try call(name, values)
        let reads = shadow.reads(before: call, in: catalogue)
        let answers = reads.map { answer($0) }
        return shadow.apply(call, reads: reads, answers: answers)
    }

    /// What a script would read now.
    mutating func read(_ name: String, _ values: JSONValue...) throws -> JSONValue {
        let call = try call(name, values)
        let reply = try shadow.answer(to: call)?.answer.get() ?? shadow.overlay(call, answer(call).get()).reply
        return call.operation.result.apply(to: try JSONValue(parsing: reply.body)).value
    }
}

extension PredictedChange {
    /// The fields that change, one a line: `locked: true → false`.
    var lines: [String] { changes.map { "\($0.field): \($0.before) → \($0.after)" } }

    /// The body of the answer, or the kind of the refusal.
    var answer: JSONValue {
        get throws {
            switch reply {
            case .success(let reply): try JSONValue(parsing: reply.body)
            case .failure(let error): .string(error.kind.rawValue)
            }
        }
    }
}

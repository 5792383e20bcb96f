/// How a read tells whether a creation has happened whose answer was lost.
public struct Reconciliation: Sendable {
    /// How many users a page has: the console's maximum.
    public static let pageSize: Int64 = 500

    /// The login that the account was to have.
    public let login: String
    private let given: JSONValue

    /// How to find what `call` was to create; `nil` if its operation creates no user.
    public init?(_ call: OperationCall) {
        guard ChangeKind(call.operation) == .createUser, let user = call.arguments["user"],
            let login = user["login"]?.stringValue
        else { return nil }
        self.login = login
        given = user
    }

    /// The call that reads one page of the users, the newest first, so that a new one is mostly found at once; `nil` if
    /// the catalogue has no such operation.
    ///
    /// - Parameters:
    ///   - index: from 0.
    ///   - catalogue: what names the operation.
    public func page(_ index: Int64, in catalogue: Catalogue) -> OperationCall? {
        guard let operation = catalogue["users.page"], operation.name == "users.page" else { return nil }
        return OperationCall(
            checked: operation,
            arguments: ["page": .integer(index), "size": .integer(Self.pageSize), "sort": ["id,DESC"]])
    }

    /// The user of the login on a page, and whether there are more pages to look at.
    public func found(in reply: OperationReply) throws(JSONSyntaxError) -> (user: JSONValue?, hasMore: Bool) {
        let body = try JSONValue(parsing: reply.body)
        let users = body["resources"]?.arrayValue ?? []
        let user = users.first { $0["login"]?.stringValue == login }
        let number = body["page"]?["number"]?.integerValue ?? 0
        let pages = body["page"]?["totalPages"]?.integerValue
        let hasMore = pages.map { number + 1 < $0 } ?? (users.count >= Self.pageSize)
        return (user, user == nil && !users.isEmpty && hasMore)
    }

    /// Whether a user is what the call was to create: in name, email, role and state, as far as they were given.
    ///
    /// `false` means that somebody else has the login: the creation did not happen, and will be refused.
    public func isSame(_ user: JSONValue) -> Bool {
        let email = given["email"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        let theirs = user["email"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        return user["login"]?.stringValue == login && user["name"] == given["name"] && theirs == email
            && user["role"]?["id"] == given["role"]?["id"]
            && user["enabled"]?.boolValue ?? true == given["enabled"]?.boolValue ?? true
    }

    /// What the console would have answered to the creation.
    public func reply(for user: JSONValue) -> OperationReply {
        let body: JSONValue = ["id": user["id"] ?? .null, "links": []]
        return OperationReply(status: 201, body: body.bytes())
    }
}

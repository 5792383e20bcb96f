/// What is known of Xpanse's users, and which roles the plan has given.
///
/// Addresses are the same if they differ in the case of their letters only.
struct XpanseShadow: Sendable {
    /// A user as the server has told it.
    struct User: Sendable, Hashable {
        let email: String
        let role: String?
    }

    /// The users by address in lower case; `nil` before they were read.
    private(set) var live: [String: User]?
    /// The roles that the plan has given, `nil` for none, by address in lower case.
    private(set) var given: [String: String?] = [:]
    /// The names of roles that were found.
    var knownRoles: Set<String> = []

    /// The role that the API cannot give.
    static let accountAdministrator = "Account Admin"

    /// Remembers the users as the server tells them.
    mutating func learn(_ users: [JSONValue]) {
        guard live == nil else { return }
        var live: [String: User] = [:]
        for user in users {
            guard let email = user["user_email"]?.stringValue else { continue }
            let role = user["role_name"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
            live[email.lowercased()] = User(email: email, role: role)
        }
        self.live = live
    }

    /// The user's role after the changes: `nil` if the user is not known.
    func role(of email: String) -> String?? {
        let key = email.lowercased()
        if let role = given[key] { return .some(role) }
        guard let user = live?[key] else { return nil }
        return .some(user.role)
    }

    /// Gives a role, or takes it.
    mutating func give(_ role: String?, to email: String) { given.updateValue(role, forKey: email.lowercased()) }

    /// The roles of all known users after the changes, by the address as the server writes it.
    var rolesByAddress: JSONValue {
        let roles = (live ?? [:]).map { ($0.value.email, JSONValue(role(of: $0.key) ?? nil)) }
        return .object(Dictionary(roles, uniquingKeysWith: { $1 }))
    }

    /// The role that the plan has given to the user of this address.
    func givenRole(_ email: String) -> String?? { given[email.lowercased()] }

    /// The address as the server writes it.
    func spelling(of email: String) -> String { live?[email.lowercased()]?.email ?? email }
}

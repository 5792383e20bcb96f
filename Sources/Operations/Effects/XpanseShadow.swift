/// What is known of Xpanse's users, and which roles the plan has given.
///
/// An address means the user who has it letter by letter; if nobody does, the one whose address differs in the case of
/// letters only.
struct XpanseShadow: Sendable {
    /// A user as the server has told it.
    struct User: Sendable, Hashable {
        let email: String
        let role: String?
    }

    /// The users by address as the server writes it; `nil` before they were read.
    private(set) var live: [String: User]?
    /// Addresses as the server writes them, by the same in lower case.
    private var spellings: [String: String] = [:]
    /// The roles that the plan has given, `nil` for none, by ``key(of:)``.
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
            live[email] = User(email: email, role: role)
            spellings[email.lowercased()] = email
        }
        self.live = live
        // What was given before the users were known.
        given = Dictionary(given.map { (key(of: $0.key), $0.value) }, uniquingKeysWith: { $1 })
    }

    /// Which of the server's addresses an address means: the same one; else the one that differs in the case of letters only.
    ///
    /// - Returns: `nil` if it is none of them, or it cannot be told which.
    static func address(_ email: String, among addresses: [String]) -> String? {
        if addresses.contains(email) { return email }
        let alike = Set(addresses.filter { $0.lowercased() == email.lowercased() })
        return alike.count == 1 ? alike.first : nil
    }

    /// What the user of an address is called here.
    private func key(of email: String) -> String {
        live?[email] == nil ? spellings[email.lowercased()] ?? email.lowercased() : email
    }

    /// The user's role after the changes: `nil` if the user is not known.
    func role(of email: String) -> String?? {
        let key = key(of: email)
        if let role = given[key] { return .some(role) }
        guard let user = live?[key] else { return nil }
        return .some(user.role)
    }

    /// Gives a role, or takes it.
    mutating func give(_ role: String?, to email: String) { given.updateValue(role, forKey: key(of: email)) }

    /// The roles of all known users after the changes, by the address as the server writes it.
    var rolesByAddress: JSONValue {
        .object(Dictionary(uniqueKeysWithValues: (live ?? [:]).keys.map { ($0, JSONValue(role(of: $0) ?? nil)) }))
    }

    /// The role that the plan has given to the user of this address.
    func givenRole(_ email: String) -> String?? { given[key(of: email)] }

    /// The address as the server writes it.
    func spelling(of email: String) -> String { live?[key(of: email)]?.email ?? email }
}

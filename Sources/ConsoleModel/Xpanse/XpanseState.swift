/// Xpanse's memory: users, their direct roles, and groups. It knows nothing of HTTP.
package struct XpanseState: Sendable {
    struct Person: Sendable, Hashable {
        let email: String
        let name: String
    }

    package struct User: Sendable, Hashable {
        package let email: String
        let firstName: String
        let lastName: String
        /// The direct role; `nil` without one.
        package internal(set) var role: String?
        let lastLogin: Timestamp?
        let groups: [String]
        var type = "CSP"
    }

    package struct Role: Sendable, Hashable {
        package let name: String
        let summary: String
        let permissions: [String]
    }

    package struct Group: Sendable, Hashable {
        package let name: String
        let summary: String
    }

    /// The role that the API cannot give.
    package static let accountAdministrator = "Account Admin"

    package static let roles = [
        Role(name: accountAdministrator, summary: "Full access to the account.", permissions: ["ADMIN"]),
        Role(name: "Instance Administrator", summary: "Full access to the instance.", permissions: ["ADMIN"]),
        Role(
            name: "Security Admin", summary: "Manages policies and incidents.",
            permissions: ["INCIDENTS_EDIT", "POLICIES_EDIT", "ASSETS_VIEW"]),
        Role(
            name: "Investigator", summary: "Views and triages incidents.",
            permissions: ["INCIDENTS_EDIT", "ASSETS_VIEW"]),
        Role(name: "Responder", summary: "Acts on incidents.", permissions: ["INCIDENTS_EDIT", "RESPONSE_EDIT"]),
        Role(name: "Viewer", summary: "Views everything and changes nothing.", permissions: ["ASSETS_VIEW"]),
    ]

    package static let groups = [
        Group(name: "Attack Surface Team", summary: "Owns the attack surface rules."),
        Group(name: "Night Shift", summary: "Covers the nights."),
    ]

    /// The roles that there are.
    private(set) var knownRoles = XpanseState.roles
    /// The groups that there are.
    private(set) var knownGroups = XpanseState.groups
    /// The users in the order of the directory.
    package private(set) var users: [User] = []
    private var indexByEmail: [String: Int] = [:]

    /// Made of the console's people, so that both systems can be joined on the email, and of some whom only Xpanse
    /// knows. Some have no role.
    init(people: [Person], random: SplitMix64) {
        var random = random
        add(Person(email: "admin@example.com", name: "Default Administrator"), role: Self.accountAdministrator, &random)
        let only = ["Kim Contractor", "Lou Auditor", "Max Leaver"].map {
            Person(email: "\($0.split(separator: " ")[0].lowercased())@partner.example", name: $0)
        }
        let given = Self.roles.dropFirst().map(\.name)
        for person in people + only {
            let draw = random.next(below: given.count + 2)
            add(person, role: draw < given.count ? given[draw] : draw == given.count ? "Viewer" : nil, &random)
        }
    }

    /// Made of these, no two of one email, unless its letters differ in case; the roles and groups come besides those that always are.
    init(users: [User], roles: [Role] = [], groups: [Group] = []) {
        knownRoles = Self.roles.filter { role in !roles.contains { $0.name == role.name } } + roles
        knownGroups = Self.groups.filter { group in !groups.contains { $0.name == group.name } } + groups
        for user in users {
            indexByEmail[user.email.lowercased()] = self.users.count
            self.users.append(user)
        }
    }

    private mutating func add(_ person: Person, role: String?, _ random: inout SplitMix64) {
        let parts = person.name.split(separator: " ", maxSplits: 1).map(String.init)
        let login: Int64 = 1_767_225_600_000 + Int64(random.next(below: 86_400 * 30)) * 1000
        let user = User(
            email: person.email, firstName: parts.first ?? "", lastName: parts.count > 1 ? parts[1] : "", role: role,
            lastLogin: random.chance(0.9) ? Timestamp(milliseconds: login) : nil,
            groups: Self.groups.map(\.name).filter { _ in random.chance(0.15) })
        indexByEmail[person.email.lowercased()] = users.count
        users.append(user)
    }

    /// Gives the users this role, or none if it is empty, and answers how many have changed.
    ///
    /// Nothing changes if one of the names is unknown.
    mutating func setRole(_ role: String, emails: [String]) throws(XpanseError) -> Int {
        guard role != Self.accountAdministrator else {
            throw XpanseError(403, "Forbidden", "Role '\(role)' cannot be assigned with the API")
        }
        if !role.isEmpty { try check(role, among: knownRoles.map(\.name), "Role") }
        var indices: [Int] = []
        for email in emails {
            guard let index = index(of: email) else { throw .notFound("User", email) }
            if !indices.contains(index) { indices.append(index) }
        }
        let new = role.isEmpty ? nil : role
        var changed = 0
        for index in indices where users[index].role != new {
            users[index].role = new
            changed += 1
        }
        return changed
    }

    /// The user with this email; of several whose letters differ only in case the one that is written so, or else the
    /// last.
    private func index(of email: String) -> Int? {
        guard let index = indexByEmail[email.lowercased()] else { return nil }
        return users[index].email == email ? index : users.firstIndex { $0.email == email } ?? index
    }

    /// The roles of these names, in their order.
    func roles(_ names: [String]) throws(XpanseError) -> [Role] {
        var found: [Role] = []
        for name in names {
            guard let role = knownRoles.first(where: { $0.name == name }) else { throw .notFound("Role", name) }
            found.append(role)
        }
        return found
    }

    /// The groups of these names, in their order.
    func groups(_ names: [String]) throws(XpanseError) -> [Group] {
        var found: [Group] = []
        for name in names {
            guard let group = knownGroups.first(where: { $0.name == name }) else { throw .notFound("Group", name) }
            found.append(group)
        }
        return found
    }

    private func check(_ name: String, among names: [String], _ kind: String) throws(XpanseError) {
        if !names.contains(name) { throw .notFound(kind, name) }
    }
}

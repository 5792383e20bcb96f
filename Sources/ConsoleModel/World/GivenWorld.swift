internal import Operations

/// Reads the description of both systems: their users, roles and groups one by one, or the seed of a data set.
struct GivenWorld {
    private static let highestID: Int64 = 1_000_000

    /// The world that is described.
    static func simulation(_ description: JSONValue) throws(GivenFault) -> Simulation {
        let given = try GivenTable(
            description.isNull ? [:] : description, "given", known: ["users", "roles", "xpanse", "simulated"])
        if let simulated = given.value("simulated") {
            for other in ["users", "roles", "xpanse"] where given.has(other) {
                throw given.fault(other, "cannot stand beside simulated, which makes the whole world")
            }
            return try self.simulated(simulated)
        }
        var world = GivenWorld()
        for (index, role) in (try given.list("roles") ?? []).enumerated() {
            try world.addRole(role, "given.roles[\(index + 1)]")
        }
        try world.addUsers(try given.list("users") ?? [])
        try world.addXpanse(given.value("xpanse") ?? [:])
        return Simulation(
            seed: 1, data: DataSet(console: world.console, xpanse: world.xpanse, administrator: world.administrator))
    }

    private static func simulated(_ description: JSONValue) throws(GivenFault) -> Simulation {
        let given = try GivenTable(
            description, "given.simulated",
            known: ["users", "seed", "locked_fraction", "locked_in_role", "oddities", "xpanse_users"])
        var wishes = DataSet.Wishes()
        if let users = try given.integer("users", in: 0...highestID) { wishes.users = Int(users) }
        if let users = try given.integer("xpanse_users", in: 0...highestID) { wishes.xpanseUsers = Int(users) }
        if let oddities = try given.boolean("oddities") { wishes.oddities = oddities }
        if let fraction = given.value("locked_fraction") {
            guard let share = fraction.doubleValue, (0...1).contains(share) else {
                throw given.fault("locked_fraction", "must be a number from 0 to 1")
            }
            wishes.lockedFraction = share
        }
        if let locked = given.value("locked_in_role") {
            guard let members = locked.objectValue, members.count == 1, let (role, count) = members.first,
                let number = count.integerValue, (0...Int64(wishes.users)).contains(number)
            else {
                throw given.fault(
                    "locked_in_role", "must be one role and how many of it, such as { [\"tier-1-support\"] = 5 }")
            }
            wishes.lockedInRole = DataSet.LockedRole(role: role, count: Int(number))
        }
        let seed = try given.integer("seed", in: 0...Int64.max) ?? 1
        return Simulation(seed: UInt64(seed), wishes: wishes)
    }

    private var console = ConsoleState()
    private var xpanse = XpanseState(users: [])
    private let administrator = DataSet.Administrator(login: "admin", password: "Sim-admin-1!")

    private init() { console.add(DataSet.account(of: administrator)) }

    // MARK: The console

    private mutating func addRole(_ value: JSONValue, _ place: String) throws(GivenFault) {
        let given = try GivenTable(value, place, known: ["id", "name", "description", "privileges"])
        let id = try given.required("id")
        if console.roles[id]?.isBuiltIn == true { throw given.fault("id", "is that of the built-in role \(id)") }
        let privileges = try given.strings("privileges") ?? []
        for privilege in privileges where !Privilege.all.contains(privilege) {
            let advice = privilege.nearest(among: Privilege.all).map { "; did you mean '\($0)'?" } ?? ""
            throw given.fault("privileges", "names '\(privilege)', which is no privilege\(advice)")
        }
        console.put(
            Role(id, try given.string("name") ?? id, try given.string("description") ?? "", privileges))
    }

    private mutating func addUsers(_ values: [JSONValue]) throws(GivenFault) {
        var users: [User] = []
        var places: [Int32: String] = [1: "the administrator"]
        var logins: [String: String] = [administrator.login: "the administrator"]
        var next: Int32 = 2
        for (index, value) in values.enumerated() {
            let place = "given.users[\(index + 1)]"
            let user = try self.user(value, place, next: next)
            if let other = places.updateValue(place, forKey: user.id) {
                throw GivenFault("\(place).id", "is \(user.id), which \(other) has already")
            }
            if let other = logins.updateValue(place, forKey: user.login) {
                throw GivenFault("\(place).login", "is '\(user.login)', which \(other) has already")
            }
            users.append(user)
            next = max(next, user.id + 1)
        }
        for user in users.sorted(by: { $0.id < $1.id }) { console.place(user) }
    }

    private static let userFields = [
        "id", "login", "name", "email", "role", "enabled", "locked", "sites", "asset_groups", "all_sites",
        "all_asset_groups", "superuser", "source", "seed", "locale", "password",
    ]

    private func user(_ value: JSONValue, _ place: String, next: Int32) throws(GivenFault) -> User {
        let given = try GivenTable(value, place, known: Self.userFields)
        let login = try given.required("login")
        let id = try given.integer("id", in: 1...Self.highestID).map { Int32($0) } ?? next
        let role = try self.role(given)
        var user = User(
            id: id, flags: [], source: try source(given, role), role: role.id, login: login,
            name: try given.string("name") ?? login, email: try given.string("email"))
        if !given.has("email") { user.email = "\(login)@example.com" }
        if let email = user.email, !email.contains("@") { throw given.fault("email", "must have an @, or be null") }
        user.sites = try access(given, "sites", console.sites)
        user.assetGroups = try access(given, "asset_groups", console.assetGroups)
        People.grantWhatRoleNeeds(role, to: &user)
        for (name, flag, ordinary) in [
            ("enabled", User.Flags.enabled, true), ("locked", .locked, false), ("all_sites", .allSites, nil),
            ("all_asset_groups", .allAssetGroups, nil), ("superuser", .superuser, nil),
        ] as [(String, User.Flags, Bool?)] {
            guard let isSet = try given.boolean(name) ?? ordinary else { continue }
            if isSet { user.flags.insert(flag) } else { user.flags.remove(flag) }
        }
        user.seed = try given.string("seed")
        if let seed = user.seed, Base32.decode(seed) == nil {
            throw given.fault("seed", "must be a base32 key, such as JBSWY3DPEHPK3PXP")
        }
        if let locale = given.value("locale") {
            let given = try GivenTable(locale, given.path("locale"), known: ["default", "reports"])
            user.locale = User.Locale(
                language: try given.string("default") ?? User.Locale.standard.language,
                reports: try given.string("reports") ?? User.Locale.standard.reports)
        }
        user.password = try given.string("password")
        return user
    }

    private func role(_ given: GivenTable) throws(GivenFault) -> Role {
        let id = try given.string("role") ?? "user"
        guard let role = console.roles[id] else {
            let advice =
                id.nearest(among: console.roleIDs).map { "did you mean '\($0)'?" }
                ?? "there are: \(console.roleIDs.joined(separator: ", "))"
            throw given.fault("role", "is '\(id)', and there is no such role; \(advice)")
        }
        return role
    }

    private func source(_ given: GivenTable, _ role: Role) throws(GivenFault) -> Int32 {
        guard let type = try given.string("source") else {
            return role.needsSuperuser ? AuthenticationSource.administrators : AuthenticationSource.normal
        }
        guard let source = console.sources.first(where: { $0.type == type }) else {
            let types = console.sources.map(\.type).joined(separator: ", ")
            throw given.fault("source", "is '\(type)', and must be one of \(types)")
        }
        return source.id
    }

    private func access(_ given: GivenTable, _ name: String, _ known: [Int32]) throws(GivenFault) -> [Int32] {
        var ids = SortedIDs()
        for value in try given.list(name) ?? [] {
            guard let id = value.integerValue.flatMap({ Int32(exactly: $0) }), known.contains(id) else {
                throw given.fault(name, "must be a list of ids from 1 to \(known.count), and has \(value.text)")
            }
            ids.insert(id)
        }
        return ids.ids
    }

    // MARK: Xpanse

    private mutating func addXpanse(_ value: JSONValue) throws(GivenFault) {
        let given = try GivenTable(value, "given.xpanse", known: ["users", "roles", "groups"])
        let roles = try named(given, "roles").map { XpanseState.Role(name: $0, summary: $1, permissions: $2) }
        let groups = try named(given, "groups").map { XpanseState.Group(name: $0.0, summary: $0.1) }
        // Only for the names that there are.
        let names = XpanseState(users: [], roles: roles, groups: groups)
        var users: [XpanseState.User] = []
        var places: [String: String] = [:]
        for (index, value) in (try given.list("users") ?? []).enumerated() {
            let place = "given.xpanse.users[\(index + 1)]"
            let user = try xpanseUser(value, place, names)
            if let other = places.updateValue(place, forKey: user.email) {
                throw GivenFault("\(place).email", "is '\(user.email)', which \(other) has already")
            }
            users.append(user)
        }
        let own = "admin@example.com"
        if !places.keys.contains(where: { $0.lowercased() == own }) {
            users.insert(
                XpanseState.User(
                    email: own, firstName: "Default", lastName: "Administrator",
                    role: XpanseState.accountAdministrator, lastLogin: nil, groups: []), at: 0)
        }
        xpanse = XpanseState(users: users, roles: roles, groups: groups)
    }

    /// Roles or groups, each as its name alone or as a table.
    private func named(_ given: GivenTable, _ key: String) throws(GivenFault) -> [(String, String, [String])] {
        var found: [(String, String, [String])] = []
        for (index, value) in (try given.list(key) ?? []).enumerated() {
            if let name = value.stringValue {
                found.append((name, "", []))
                continue
            }
            let table = try GivenTable(
                value, "\(given.path(key))[\(index + 1)]", known: ["name", "description", "permissions"])
            found.append(
                (
                    try table.required("name"), try table.string("description") ?? "",
                    try table.strings("permissions") ?? []
                ))
        }
        return found
    }

    private func xpanseUser(
        _ value: JSONValue, _ place: String, _ names: XpanseState
    ) throws(GivenFault) -> XpanseState.User {
        let given = try GivenTable(
            value, place, known: ["email", "role", "first_name", "last_name", "groups", "last_login", "type"])
        let role = try given.string("role").flatMap { $0.isEmpty ? nil : $0 }
        if let role, !names.knownRoles.contains(where: { $0.name == role }) {
            throw given.fault("role", Self.unknown(role, "role", names.knownRoles.map(\.name)))
        }
        let groups = try given.strings("groups") ?? []
        for group in groups where !names.knownGroups.contains(where: { $0.name == group }) {
            throw given.fault("groups", Self.unknown(group, "group", names.knownGroups.map(\.name)))
        }
        return XpanseState.User(
            email: try given.required("email"), firstName: try given.string("first_name") ?? "",
            lastName: try given.string("last_name") ?? "", role: role,
            lastLogin: try given.integer("last_login", in: 0...1 << 50).map { Timestamp(milliseconds: $0) },
            groups: groups, type: try given.string("type") ?? "CSP")
    }

    private static func unknown(_ name: String, _ kind: String, _ names: [String]) -> String {
        let advice =
            name.nearest(among: names).map { "did you mean '\($0)'?" } ?? "there are: \(names.joined(separator: ", "))"
        return "names '\(name)', and there is no such \(kind); \(advice); others are given in given.xpanse.\(kind)s"
    }
}

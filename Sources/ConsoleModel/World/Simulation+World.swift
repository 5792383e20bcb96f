package import Operations

extension Simulation {
    /// Both systems as a description has them: `{"users", "roles", "xpanse"}`, or `{"simulated"}` for a data set.
    ///
    /// - Throws: ``GivenFault`` for whatever is wrong in it.
    package init(given description: JSONValue) throws(GivenFault) {
        self = try GivenWorld.simulation(description)
    }

    /// What the administrator of the console logs in with, as a header.
    package var administratorsHeader: String {
        "Basic " + Base64.encode("\(administrator.login):\(administrator.password)".utf8)
    }

    /// Both systems as they are, by what people call things: users of the console by login, roles by id, users of Xpanse
    /// by email. Fields are named as in the description of a world.
    ///
    /// - Parameter earlier: the world that seeds and passwords are compared with: they are told as `none`, `same` or
    ///   `changed`.
    package func world(since earlier: Simulation) -> JSONValue {
        var users: [String: JSONValue] = [:]
        for user in console.ids.ids.compactMap(console.user) {
            users[user.login] = document(of: user, since: earlier.console.user(user.id))
        }
        var roles: [String: JSONValue] = [:]
        for role in console.roles.values {
            roles[role.id] = [
                "id": .string(role.id), "name": .string(role.name), "description": .string(role.summary),
                "privileges": .array(role.privileges.map { .string($0) }),
            ]
        }
        var people: [String: JSONValue] = [:]
        for user in xpanse.users {
            people[user.email] = [
                "email": .string(user.email), "role": user.role.map { .string($0) } ?? .null,
                "first_name": .string(user.firstName), "last_name": .string(user.lastName),
                "groups": .array(user.groups.map { .string($0) }), "type": .string(user.type),
                "last_login": user.lastLogin.map { .integer($0.milliseconds) } ?? .null,
            ]
        }
        return ["users": .object(users), "roles": .object(roles), "xpanse": .object(people)]
    }

    private func document(of user: User, since earlier: User?) -> JSONValue {
        func ids(_ ids: [Int32]) -> JSONValue { .array(ids.map { .integer(Int64($0)) }) }
        func flag(_ flag: User.Flags) -> JSONValue { .bool(user.flags.contains(flag)) }
        let seed: JSONValue = user.seed == nil ? "none" : user.seed == earlier?.seed ? "same" : "changed"
        let isSame = earlier.map { password(of: $0) == password(of: user) } ?? false
        return [
            "id": .integer(Int64(user.id)), "login": .string(user.login), "name": .string(user.name),
            "email": user.email.map { .string($0) } ?? .null, "role": .string(user.role),
            "enabled": flag(.enabled), "locked": flag(.locked), "sites": ids(user.sites),
            "asset_groups": ids(user.assetGroups), "all_sites": flag(.allSites),
            "all_asset_groups": flag(.allAssetGroups), "superuser": flag(.superuser),
            "password_reset": flag(.passwordResetOnLogin),
            "source": .string(console.source(user.source)?.type ?? ""), "seed": seed,
            "password": isSame ? "same" : "changed",
            "locale": user.locale.map {
                ["default": .string($0.language), "reports": .string($0.reports)]
            } ?? .null,
        ]
    }

    private func password(of user: User) -> String { user.password ?? DataSet.password(login: user.login) }
}

import Operations

@testable import ConsoleModel
@testable import ConsoleSimulator

/// Calls that change something, drawn at random: most succeed, some are refused, some change nothing.
struct RandomChanges {
    private var random: SplitMix64
    /// Users that may be named: those of the data set but the administrator, those made since, and one that is not.
    private(set) var users: [Int64]
    /// Logins that were given or freed; none of a user whom nothing has touched.
    private var logins: [String] = []
    private let emails: [String]
    private let isReversible: Bool
    private var count = 0

    /// - Parameter isReversible: whether only changes that have an inverse are drawn.
    init(seed: UInt64, _ harness: Harness, isReversible: Bool = false) {
        random = SplitMix64(seed: seed, purpose: "random changes")
        users = harness.simulation.console.ids.ids.filter { $0 > 1 }.prefix(12).map(Int64.init) + [999]
        emails = harness.simulation.xpanse.users.prefix(8).map(\.email)
        self.isReversible = isReversible
    }

    /// A user was made.
    mutating func add(_ id: Int64) { users.append(id) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[random.next(below: elements.count)]
    }

    private mutating func freshLogin() -> String {
        if !logins.isEmpty, random.chance(0.3) { return pick(logins) }
        count += 1
        let login = "person.\(count)"
        logins.append(login)
        return login
    }

    private mutating func sites() -> JSONValue {
        .array((0..<random.next(below: 4)).map { _ in .integer(Int64(random.next(below: 5) + 1)) })
    }

    private mutating func privileges() -> JSONValue {
        let names = [
            "create-reports", "manage-sites", "manage-dynamic-asset-groups", "view-site-asset-data", "manage-tags",
        ]
        let isWrong = random.chance(0.05)
        return .array((0..<random.next(below: 4)).map { _ in .string(pick(names)) } + (isWrong ? ["no-such"] : []))
    }

    private mutating func role() -> String {
        pick([
            "user", "site-admin", "security-manager", "Site Admin Custom", "tier-1-support", "new-a", "new-b",
            "global-admin",
        ])
    }

    private mutating func access() -> JSONValue {
        var role: [String: JSONValue] = ["id": .string(role())]
        let isAll = role["id"] == "global-admin" || random.chance(0.2)
        for name in ["allSites", "allAssetGroups", "superuser"] where isAll || random.chance(0.1) { role[name] = true }
        return .object(role)
    }

    private mutating func account(_ current: JSONValue?) -> JSONValue {
        var members: [String: JSONValue] = ["name": .string("Person \(random.next(below: 3))")]
        if let current = current?.objectValue, random.chance(0.7) {
            members = current
            if random.chance(0.3) { members["email"] = nil }
            if random.chance(0.3) { members["locale"] = ["default": "de"] }
            if random.chance(0.4) { members["enabled"] = .bool(random.chance(0.5)) }
            if random.chance(0.4) { members["role"] = access() }
            if random.chance(0.2) { members["login"] = .string(freshLogin()) }
        } else {
            members["login"] = .string(freshLogin())
            members["role"] = access()
            if random.chance(0.5) { members["email"] = .string("someone\(random.next(below: 9))@example.com") }
            if random.chance(0.3) { members["enabled"] = .bool(random.chance(0.5)) }
        }
        if random.chance(0.3) {
            members["authentication"] = pick([
                ["type": "ldap"], ["type": "saml", "id": 5], ["type": "ldap", "id": 4], ["type": "no"],
            ])
        }
        return .object(members)
    }

    /// The next call.
    ///
    /// - Parameter current: what is known of a user.
    mutating func next(_ current: (Int64) throws -> JSONValue?) rethrows -> (name: String, values: [JSONValue]) {
        let id = pick(users)
        let user = JSONValue.integer(id)
        var names = [
            "users.create", "users.create", "users.create", "users.update", "users.update", "users.update",
            "users.update",
            "users.set_sites", "users.add_site", "users.remove_site",
            "users.remove_all_sites", "users.set_asset_groups", "users.add_asset_group", "users.remove_asset_group",
            "users.remove_all_asset_groups", "roles.update", "roles.update", "roles.delete", "xpanse.set_role",
            "xpanse.remove_role",
        ]
        if !isReversible { names += ["users.delete", "users.unlock", "users.unlock", "twofa.set", "twofa.regenerate"] }
        let name = pick(names)
        switch name {
        case "users.create":
            var account = account(nil).objectValue ?? [:]
            account["password"] = "first-Password-1"
            return (name, [.object(account)])
        case "users.update": return (name, [user, account(try current(id))])
        case "users.set_sites", "users.set_asset_groups": return (name, [user, sites()])
        case "users.add_site", "users.remove_site", "users.add_asset_group", "users.remove_asset_group":
            return (name, [user, .integer(Int64(random.next(below: 5) + 1))])
        case "twofa.set": return (name, [user, "JBSWY3DPEHPK3PXP"])
        case "roles.update":
            let id = pick(["new-a", "new-b", "tier-1-support", "Site Admin Custom", "user"])
            let role: JSONValue = [
                "id": .string(random.chance(0.05) ? "other" : id), "name": .string("Role \(random.next(below: 2))"),
                "description": "Made at random", "privileges": privileges(),
            ]
            return (name, [.string(id), role])
        case "roles.delete":
            return (name, [.string(pick(["new-a", "new-b", "tier-1-support", "Site Admin Custom", "user", "none"]))])
        case "xpanse.set_role":
            let role = pick(["Viewer", "Responder", "Investigator", "Account Admin", "No Such Role"])
            return (name, [addresses(), .string(role)])
        case "xpanse.remove_role": return (name, [addresses()])
        default: return (name, [user])
        }
    }

    private mutating func addresses() -> JSONValue {
        .array(
            (0..<1 + random.next(below: 3)).map { _ in
                let email = pick(emails)
                return .string(random.chance(0.3) ? email.uppercased() : email)
            })
    }
}

/// What the simulator starts with: the same seed and wishes give the same data, byte for byte.
package struct DataSet: Sendable {
    /// So many users of one role to be locked, all of them enabled, and the others of that role to be unlocked.
    package struct LockedRole: Sendable, Hashable {
        let role: String
        let count: Int

        /// So many of this role.
        package init(role: String, count: Int) {
            self.role = role
            self.count = count
        }
    }

    /// What the data should look like.
    package struct Wishes: Sendable, Hashable {
        var users: Int
        var lockedFraction: Double
        var lockedInRole: LockedRole?
        var oddities: Bool
        var xpanseUsers: Int

        /// Wishes; every argument has a default.
        package init(
            users: Int = 50, lockedFraction: Double = 0.1, lockedInRole: LockedRole? = nil, oddities: Bool = true,
            xpanseUsers: Int = 200
        ) {
            self.users = users
            self.lockedFraction = lockedFraction
            self.lockedInRole = lockedInRole
            self.oddities = oddities
            self.xpanseUsers = xpanseUsers
        }
    }

    /// The administrator whose credentials are printed.
    package struct Administrator: Sendable, Hashable {
        package let login: String
        package let password: String
    }

    /// The password of an account of the data set, which follows from its login so that it takes no memory.
    package static func password(login: String) -> String { "Sim-\(login)-1!" }

    private(set) var console: ConsoleState
    let xpanse: XpanseState
    let administrator: Administrator

    /// Data that was made elsewhere.
    init(console: ConsoleState, xpanse: XpanseState, administrator: Administrator) {
        self.console = console
        self.xpanse = xpanse
        self.administrator = administrator
    }

    /// Makes the data.
    init(seed: UInt64, wishes: Wishes) {
        var random = SplitMix64(seed: seed, purpose: "administrator")
        administrator = Administrator(login: "admin", password: random.text(20, of: Alphabet.alphanumeric))
        let sources = AuthenticationSource.all + (wishes.oddities ? [AuthenticationSource.newer] : [])
        console = ConsoleState(sources: sources)

        var people = People(random: SplitMix64(seed: seed, purpose: "people"))
        var users = (0..<Swift.max(0, wishes.users)).map { people.user(id: Int32($0) + 2, isOdd: wishes.oddities) }
        var locks = SplitMix64(seed: seed, purpose: "locks")
        if let wanted = wishes.lockedInRole {
            Self.assign(wanted, roles: console.roles, in: &users, &locks)
        }
        Self.lock(&users, wishes, &locks)

        console.reserve(users.count + 2)
        console.add(Self.account(of: administrator))
        for user in users { console.add(user) }
        xpanse = XpanseState(
            people: users.prefix(Swift.max(0, wishes.xpanseUsers)).compactMap(Self.person),
            random: SplitMix64(seed: seed, purpose: "xpanse"))
    }

    static func account(of administrator: Administrator) -> User {
        var user = User(
            id: 1, flags: [.enabled, .allSites, .allAssetGroups, .superuser],
            source: AuthenticationSource.administrators, role: Role.globalAdministrator, login: administrator.login,
            name: "Default Administrator", email: "admin@example.com")
        user.password = administrator.password
        return user
    }

    private static func person(_ user: User) -> XpanseState.Person? {
        user.email.map { XpanseState.Person(email: $0, name: user.name) }
    }

    /// Gives the role to more users until it has enough for the locked ones.
    private static func assign(
        _ wanted: LockedRole, roles: [String: Role], in users: inout [User], _ random: inout SplitMix64
    ) {
        guard let role = roles[wanted.role] else { return }
        var others = users.indices.filter { users[$0].role != wanted.role }
        let missing = wanted.count - (users.count - others.count)
        guard missing > 0 else { return }
        random.shufflePrefix(&others, missing)
        for index in others.prefix(missing) {
            users[index].role = role.id
            People.grantWhatRoleNeeds(role, to: &users[index])
        }
    }

    /// Locks the wanted share of each role; the shares' remainders go to the roles with the largest ones, so that the
    /// total is right too. One in four of the locked is disabled, but never the first.
    private static func lock(_ users: inout [User], _ wishes: Wishes, _ random: inout SplitMix64) {
        var membersByRole: [String: [Int]] = [:]
        for index in users.indices { membersByRole[users[index].role, default: []].append(index) }
        let fraction = Swift.min(Swift.max(wishes.lockedFraction, 0), 1)
        if let wanted = wishes.lockedInRole, var members = membersByRole.removeValue(forKey: wanted.role) {
            random.shufflePrefix(&members, wanted.count)
            for index in members { users[index].flags.insert(.enabled) }
            for index in members.prefix(wanted.count) { users[index].flags.insert(.locked) }
        }
        let roles = membersByRole.keys.sorted()
        let shares = roles.map { fraction * Double(membersByRole[$0]?.count ?? 0) }
        var counts = shares.map { Int($0) }
        let total = shares.reduce(0, +)
        let wanted = total > 0 ? Swift.max(1, Int(total.rounded())) : 0
        let byRemainder = roles.indices.sorted {
            let (left, right) = (shares[$0] - Double(counts[$0]), shares[$1] - Double(counts[$1]))
            return left == right ? $0 < $1 : left > right
        }
        for index in byRemainder.prefix(Swift.max(0, wanted - counts.reduce(0, +))) { counts[index] += 1 }

        var locked = 0
        for (role, count) in zip(roles, counts) {
            guard var members = membersByRole[role] else { continue }
            random.shufflePrefix(&members, count)
            for index in members.prefix(count) {
                users[index].flags.insert(.locked)
                if locked % 4 == 1 {
                    users[index].flags.remove(.enabled)
                } else {
                    users[index].flags.insert(.enabled)
                }
                locked += 1
            }
        }
    }
}

/// The console's memory: users, roles, what they may access, and how they log in. It knows nothing of HTTP.
struct ConsoleState: Sendable {
    /// The users by id; `nil` where a user was deleted.
    private var slots: [User?] = [nil]
    /// Ids of all users, ascending.
    private(set) var ids = SortedIDs()
    private var idsByLogin: [String: Int32] = [:]
    private var idsByRole: [String: SortedIDs] = [:]
    private var idsBySource: [Int32: SortedIDs] = [:]

    private(set) var roles: [String: Role] = [:]
    /// Ids of all roles, in the order they were made.
    private(set) var roleIDs: [String] = []
    let sources: [AuthenticationSource]
    let sites: [Int32] = [1, 2, 3, 4, 5]
    let assetGroups: [Int32] = [1, 2, 3, 4, 5]

    /// Remembered orders of sorted pages.
    var orders = UserOrders()
    /// Remembered logins.
    var logins = RememberedLogins()

    /// Without users.
    init(roles: [Role] = Role.builtIn + Role.custom, sources: [AuthenticationSource] = AuthenticationSource.all) {
        self.sources = sources
        for role in roles { put(role) }
    }

    // MARK: Users

    /// The user with this id, if there is one.
    func user(_ id: Int32) -> User? { id > 0 && id < slots.count ? slots[Int(id)] : nil }

    /// The user with this id.
    func existing(_ id: Int32) throws(ConsoleError) -> User {
        guard let user = user(id) else { throw .notFound }
        return user
    }

    /// The user with this login, if there is one.
    func user(login: String) -> User? { idsByLogin[login].flatMap(user) }

    /// The id that the next new user gets: ids are never used twice.
    var nextID: Int32 { Int32(slots.count) }

    /// Makes room for so many users.
    mutating func reserve(_ count: Int) {
        slots.reserveCapacity(count)
        idsByLogin.reserveCapacity(count)
    }

    /// Adds a user under an id that is ``nextID`` or beyond; the ids in between are nobody's.
    mutating func place(_ user: User) {
        for _ in slots.count..<Int(user.id) { slots.append(nil) }
        add(user)
    }

    /// Adds a user under ``nextID``.
    mutating func add(_ user: User) {
        slots.append(user)
        ids.insert(user.id)
        idsByLogin[user.login] = user.id
        idsByRole[user.role, default: SortedIDs()].insert(user.id)
        idsBySource[user.source, default: SortedIDs()].insert(user.id)
        orders.invalidateAll()
    }

    /// Puts `new` in the place of the user with its id, and keeps every index true.
    mutating func replace(_ old: User, with new: User) {
        slots[Int(new.id)] = new
        if old.login != new.login {
            idsByLogin[old.login] = nil
            idsByLogin[new.login] = new.id
        }
        if old.role != new.role {
            idsByRole[old.role]?.remove(new.id)
            idsByRole[new.role, default: SortedIDs()].insert(new.id)
        }
        if old.source != new.source {
            idsBySource[old.source]?.remove(new.id)
            idsBySource[new.source, default: SortedIDs()].insert(new.id)
        }
        orders.invalidate(changedFrom: old, to: new)
    }

    /// Takes a user out.
    mutating func remove(_ user: User) {
        slots[Int(user.id)] = nil
        ids.remove(user.id)
        idsByLogin[user.login] = nil
        idsByRole[user.role]?.remove(user.id)
        idsBySource[user.source]?.remove(user.id)
        orders.invalidateAll()
    }

    // MARK: Roles and sources

    /// Adds a role, or replaces the one with its id.
    mutating func put(_ role: Role) {
        if roles.updateValue(role, forKey: role.id) == nil { roleIDs.append(role.id) }
        orders.invalidateAll()
    }

    /// Takes a role out.
    mutating func removeRole(_ id: String) {
        roles[id] = nil
        roleIDs.removeAll { $0 == id }
    }

    /// Ids of the users with this role, ascending.
    func userIDs(role: String) -> [Int32] { idsByRole[role]?.ids ?? [] }

    /// Ids of the users of this authentication source, ascending.
    func userIDs(source: Int32) -> [Int32] { idsBySource[source]?.ids ?? [] }

    /// Ids of the users whose role grants this privilege, ascending.
    func userIDs(privilege: String) -> [Int32] {
        let lists = roles.values.filter { $0.privileges.contains(privilege) }.map { userIDs(role: $0.id) }
        return lists.count == 1 ? lists[0] : lists.joined().sorted()
    }

    /// The authentication source with this id, if there is one.
    func source(_ id: Int32) -> AuthenticationSource? { sources.first { $0.id == id } }
}

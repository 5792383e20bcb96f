/// Gathers a run's changes by what they are about, and makes of them what restores the state before.
struct InversePlanner {
    /// What a run has done to one role of the console.
    private struct RoleHistory {
        /// The document before, `null` if there was none.
        let image: JSONValue
        var isDeleted = false
    }

    /// What a run has done to one user of Xpanse.
    private struct XpanseHistory {
        let email: String
        let former: String?
        var last: String?
        var changes: [Int] = []
    }

    private var changes: [MadeChange] = []
    /// Why changes cannot be undone, by their place among the run's.
    private var reasons: [Int: String] = [:]
    private var users: [Int64: UserHistory] = [:]
    private var roles: [String: RoleHistory] = [:]
    private var roleOrder: [String] = []
    /// By address as the server writes it.
    private var xpanse: [String: XpanseHistory] = [:]
    private var xpanseOrder: [String] = []

    // MARK: Gathering

    mutating func add(_ change: MadeChange) {
        let place = changes.count
        changes.append(change)
        let operation = change.call.operation
        guard let kind = ChangeKind(operation) else {
            reasons[place] = "nothing is known of how to undo \(operation.name)"
            return
        }
        switch kind {
        case .createUser:
            guard let id = change.result?.integerValue ?? change.result?["id"]?.integerValue else {
                reasons[place] = "the identifier of the new user is not known"
                return
            }
            users[id, default: UserHistory(id: id)].isCreated = true
            addUser(id, kind, place)
        case .updateRole, .deleteRole: addRole(kind, place)
        case .setXpanseRole, .removeXpanseRole: addXpanse(place)
        case .updateUser, .deleteUser, .unlockUser, .resetPassword, .setSeed, .regenerateSeed, .access:
            guard let id = change.call.userID else {
                reasons[place] = "it names no user"
                return
            }
            addUser(id, kind, place)
        }
    }

    private mutating func addUser(_ id: Int64, _ kind: ChangeKind, _ place: Int) {
        let change = changes[place]
        var user = users[id] ?? UserHistory(id: id)
        let given = change.call.arguments["user"]
        user.changes.append(place)
        user.image.merge(change.image?.objectValue ?? [:]) { earliest, _ in earliest }
        user.login = user.login ?? user.image["user"]?["login"]?.stringValue ?? change.target?.name
        if kind == .createUser { user.login = given?["login"]?.stringValue }
        if kind == .updateUser { user.lastLogin = given?["login"]?.stringValue }
        if kind == .deleteUser { user.isDeleted = true }
        users[id] = user
    }

    private mutating func addRole(_ kind: ChangeKind, _ place: Int) {
        let call = changes[place].call
        guard let id = call.roleID, let image = roles[id]?.image ?? changes[place].image?["role"] else {
            reasons[place] = "the role before the change was not kept"
            return
        }
        if roles[id] == nil { roleOrder.append(id) }
        roles[id] = RoleHistory(image: image, isDeleted: kind == .deleteRole)
    }

    private mutating func addXpanse(_ place: Int) {
        let change = changes[place]
        let images = change.image?["xpanse"]?.objectValue ?? [:]
        var unknown: [String] = []
        for email in change.call.emails {
            guard let key = XpanseShadow.address(email, among: xpanseOrder + images.keys) else {
                unknown.append(email)
                continue
            }
            if xpanse[key] == nil {
                xpanseOrder.append(key)
                xpanse[key] = XpanseHistory(email: key, former: images[key]?.stringValue)
            }
            xpanse[key]?.last = change.call.arguments["role"]?.stringValue
            xpanse[key]?.changes.append(place)
        }
        if !unknown.isEmpty {
            reasons[place] = "the former role of \(Wording.list(unknown)) in Xpanse is not known"
        }
    }

    // MARK: The plan

    mutating func finish() -> (steps: [InverseStep], impossible: [(change: MadeChange, reason: String)]) {
        let (restored, deleted) = roleSteps()
        let created = users.values.filter { $0.isCreated && !$0.isDeleted }.sorted { $0.id > $1.id }
        let removals = created.map { user in
            InverseStep(operation: "users.delete", arguments: [.integer(user.id)], summary: "delete \(user.label)")
        }
        for user in users.values where !user.isCreated { explain(user) }
        let changed = users.values.filter { !$0.isCreated && !$0.isDeleted }
        let updates = Self.inOrder(changed).flatMap(\.steps)
        let steps = restored + removals + updates + deleted + xpanseSteps()
        return (steps, reasons.sorted { $0.key < $1.key }.map { (changes[$0.key], $0.value) })
    }

    /// Finds out which of a user's changes stay.
    private mutating func explain(_ user: UserHistory) {
        for place in user.changes {
            guard let kind = ChangeKind(changes[place].call.operation) else { continue }
            if user.isDeleted, kind != .deleteUser {
                reasons[place] = "the user was deleted by the same run"
            } else if let reason = kind.irreversibility {
                reasons[place] = reason
            } else if changes[place].image == nil, !user.holds(kind) {
                reasons[place] = "the state before the change was not kept"
            } else if kind == .updateUser, changes[place].call.arguments["user"]?["password"] != nil {
                reasons[place] = "the profile is restored, but the former password cannot be read"
            }
        }
    }

    /// Restored roles, which users may need, and the deletion of new ones, which nobody may have any more.
    private func roleSteps() -> (restored: [InverseStep], deleted: [InverseStep]) {
        var (restored, deleted): ([InverseStep], [InverseStep]) = ([], [])
        for id in roleOrder.reversed() {
            guard let role = roles[id] else { continue }
            if !role.image.isNull {
                restored.append(
                    InverseStep(
                        operation: "roles.update", arguments: [.string(id), ValueType.role.writable(role.image)],
                        summary: "restore role \(id)"))
            } else if !role.isDeleted {
                deleted.append(
                    InverseStep(operation: "roles.delete", arguments: [.string(id)], summary: "delete role \(id)"))
            }
        }
        return (restored, deleted)
    }

    /// The last changed first, but nobody before whoever has the login that is to be given back.
    private static func inOrder(_ users: [UserHistory]) -> [UserHistory] {
        let users = users.sorted { ($0.changes.last ?? 0) > ($1.changes.last ?? 0) }
        let named = users.indices.compactMap { index in users[index].lastLogin.map { ($0, index) } }
        let holders = Dictionary(named, uniquingKeysWith: { latest, _ in latest })
        var isDone = Array(repeating: false, count: users.count)
        var ordered: [UserHistory] = []
        for start in users.indices {
            // Of two who have swapped their logins one step will be refused: there is no login to park one at.
            var chain: [Int] = []
            var next: Int? = start
            while let index = next, !isDone[index] {
                isDone[index] = true
                chain.append(index)
                next = users[index].image["user"]?["login"]?.stringValue.flatMap { holders[$0] }
            }
            ordered += chain.reversed().map { users[$0] }
        }
        return ordered
    }

    private mutating func xpanseSteps() -> [InverseStep] {
        var byRole: [String: [String]] = [:]
        var none: [String] = []
        for user in xpanseOrder.compactMap({ xpanse[$0] }) where user.former != user.last {
            switch user.former {
            case XpanseShadow.accountAdministrator?:
                for place in user.changes {
                    reasons[place] = "only Xpanse itself can give \(user.email) the role \(user.former ?? "") again"
                }
            case let former?: byRole[former, default: []].append(user.email)
            case nil: none.append(user.email)
            }
        }
        func json(_ emails: [String]) -> JSONValue { .array(emails.map { .string($0) }) }
        var steps = byRole.sorted { $0.key < $1.key }.map { role, emails in
            InverseStep(
                operation: "xpanse.set_role", arguments: [json(emails), .string(role)],
                summary: "give the Xpanse role \(role) back to \(Wording.list(emails))")
        }
        if !none.isEmpty {
            steps.append(
                InverseStep(
                    operation: "xpanse.remove_role", arguments: [json(none)],
                    summary: "take the Xpanse role from \(Wording.list(none))"))
        }
        return steps
    }
}

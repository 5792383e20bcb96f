/// What a user can be given access to one by one.
enum AccessKind: Sendable, Hashable {
    case sites
    case assetGroups

    /// The segment in paths.
    var segment: String {
        switch self {
        case .sites: "sites"
        case .assetGroups: "asset_groups"
        }
    }
}

extension ConsoleState {
    /// What exists of this kind.
    func all(_ kind: AccessKind) -> [Int32] { kind == .sites ? sites : assetGroups }

    /// What a user has access to: everything, for one with access to all.
    func access(_ kind: AccessKind, of user: User) -> [Int32] {
        if user.hasAll(kind) { return all(kind) }
        return kind == .sites ? user.sites : user.assetGroups
    }

    /// Sets what a user has access to. Ignored for one with access to all, as the specification says.
    mutating func setAccess(_ kind: AccessKind, of id: Int32, _ members: [Int32]) throws(ConsoleError) {
        let user = try existing(id)
        for member in members { try check(member, kind) }
        if !user.hasAll(kind) { write(kind, Array(Set(members)).sorted(), user) }
    }

    /// Gives or takes access to one.
    mutating func changeAccess(
        _ kind: AccessKind, of id: Int32, _ member: Int32, granted: Bool
    ) throws(ConsoleError) {
        let user = try existing(id)
        try check(member, kind)
        if user.hasAll(kind) {
            let (what, flag) = kind == .sites ? ("site", "allSites") : ("asset group", "allAssetGroups")
            throw .badRequest("Individual \(what) access cannot be changed for users with the \(flag) permission.")
        }
        var members = SortedIDs()
        for other in access(kind, of: user) { members.insert(other) }
        if granted { members.insert(member) } else { members.remove(member) }
        write(kind, members.ids, user)
    }

    private func check(_ member: Int32, _ kind: AccessKind) throws(ConsoleError) {
        guard all(kind).contains(member) else { throw .notFound }
    }

    private mutating func write(_ kind: AccessKind, _ members: [Int32], _ old: User) {
        var new = old
        switch kind {
        case .sites: new.sites = members
        case .assetGroups: new.assetGroups = members
        }
        replace(old, with: new)
    }
}

extension User {
    /// Whether the user has access to everything of this kind.
    func hasAll(_ kind: AccessKind) -> Bool { flags.contains(kind == .sites ? .allSites : .allAssetGroups) }
}

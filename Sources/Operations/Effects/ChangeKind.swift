/// What a changing operation of the two APIs does: the one table from operations to predictions and inverses.
enum ChangeKind: Sendable, Hashable {
    /// What is done to a user's single sites or asset groups.
    enum AccessEdit: Sendable, Hashable {
        case replace
        case add
        case remove
        case removeAll
    }

    case createUser
    case updateUser
    case deleteUser
    case unlockUser
    case resetPassword
    case setSeed
    case regenerateSeed
    case access(AccessKind, AccessEdit)
    case updateRole
    case deleteRole
    case setXpanseRole
    case removeXpanseRole

    private static let byOperation: [String: ChangeKind] = [
        "users.create": .createUser,
        "users.update": .updateUser,
        "users.delete": .deleteUser,
        "users.unlock": .unlockUser,
        "users.reset_password": .resetPassword,
        "users.set_sites": .access(.sites, .replace),
        "users.add_site": .access(.sites, .add),
        "users.remove_site": .access(.sites, .remove),
        "users.remove_all_sites": .access(.sites, .removeAll),
        "users.set_asset_groups": .access(.assetGroups, .replace),
        "users.add_asset_group": .access(.assetGroups, .add),
        "users.remove_asset_group": .access(.assetGroups, .remove),
        "users.remove_all_asset_groups": .access(.assetGroups, .removeAll),
        "twofa.set": .setSeed,
        "twofa.regenerate": .regenerateSeed,
        "roles.update": .updateRole,
        "roles.delete": .deleteRole,
        "xpanse.set_role": .setXpanseRole,
        "xpanse.remove_role": .removeXpanseRole,
    ]

    /// What this operation does; `nil` for reads and for an embedding program's own.
    init?(_ operation: Operation) {
        guard operation.effect.isChange, let kind = Self.byOperation[operation.name] else { return nil }
        self = kind
    }

    /// Why it has no inverse; `nil` if it has one.
    var irreversibility: String? {
        switch self {
        case .deleteUser: "a deleted user cannot be brought back: its password and its identifier are lost"
        case .unlockUser: "no operation locks a user"
        case .resetPassword: "the former password cannot be read"
        case .setSeed, .regenerateSeed: "the former two-factor seed was not kept"
        case .createUser, .updateUser, .access, .updateRole, .deleteRole, .setXpanseRole, .removeXpanseRole: nil
        }
    }

    /// What is read for the before-image.
    func imageReads(_ call: OperationCall) -> [ReadSubject] {
        switch self {
        case .createUser, .deleteUser, .unlockUser, .resetPassword, .setSeed, .regenerateSeed: return []
        case .updateUser:
            guard let id = call.userID else { return [] }
            return [.user(id), .access(.sites, id), .access(.assetGroups, id)]
        case .access(let kind, _): return call.userID.map { [.access(kind, $0)] } ?? []
        case .updateRole, .deleteRole: return call.roleID.map { [.role($0)] } ?? []
        case .setXpanseRole, .removeXpanseRole: return [.xpanseUsers]
        }
    }

    /// What is read for a prediction besides.
    func predictionReads(_ call: OperationCall) -> [ReadSubject] {
        let user = call.userID.map { [ReadSubject.user($0)] } ?? []
        let givenRole = call.arguments["user"]?["role"]?["id"]?.stringValue.map { [ReadSubject.role($0)] } ?? []
        switch self {
        case .createUser, .updateUser: return givenRole + [.sources]
        case .deleteUser, .unlockUser, .resetPassword, .setSeed, .regenerateSeed, .access: return user
        case .updateRole: return (call.roleID.map { [.roleUsers($0)] } ?? []) + [.privileges]
        case .deleteRole: return call.roleID.map { [.roleUsers($0)] } ?? []
        case .setXpanseRole: return call.arguments["role"]?.stringValue.map { [.xpanseRoles([$0])] } ?? []
        case .removeXpanseRole: return []
        }
    }
}

extension OperationCall {
    /// The user that the call is about.
    var userID: Int64? { arguments["id"]?.integerValue }
    /// The role that the call is about.
    var roleID: String? { arguments["id"]?.stringValue }
    /// The addresses that the call is about, each spelling once: two that differ in case may be two users.
    var emails: [String] {
        var seen: Set<String> = []
        return (arguments["emails"]?.arrayValue ?? []).compactMap(\.stringValue)
            .filter { seen.insert($0).inserted }
    }
}

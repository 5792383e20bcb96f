/// What a run has done to one user, as far as undoing it goes.
struct UserHistory {
    let id: Int64
    /// The places of the changes among the run's, oldest first.
    var changes: [Int] = []
    /// The earliest images: `user`, `sites`, `asset_groups`.
    var image: [String: JSONValue] = [:]
    /// What the user was called at first, if that is known.
    var login: String?
    /// What the user is called now, if the run has said so.
    var lastLogin: String?
    var isCreated = false
    var isDeleted = false

    init(id: Int64) { self.id = id }

    /// `user ada (7)`, or `user 7`.
    var label: String { login.map { "user \($0) (\(id))" } ?? "user \(id)" }

    /// Whether an image holds what a change of this kind has changed.
    func holds(_ kind: ChangeKind) -> Bool {
        switch kind {
        case .updateUser: image["user"] != nil
        case .access(let access, _): image[access.rawValue] != nil
        default: false
        }
    }

    /// What restores the user: the profile, then the access that writing it takes.
    var steps: [InverseStep] {
        var steps: [InverseStep] = []
        let profile = image["user"]
        if let profile {
            let user = Self.type.writable(profile)
            steps.append(
                InverseStep(operation: "users.update", arguments: [.integer(id), user], summary: "restore \(label)"))
        }
        for kind in AccessKind.allCases where UserDocument.hasAll(kind, profile) != true {
            guard let list = image[kind.rawValue] else { continue }
            let ids = (list.arrayValue ?? []).compactMap(\.integerValue)
            if profile != nil, ids.isEmpty { continue }
            steps.append(
                InverseStep(
                    operation: "users.set_\(kind.rawValue)", arguments: [.integer(id), list],
                    summary: "let \(label) have \(Wording.members(kind, ids)) and no others"))
        }
        return steps
    }

    private static let type = ValueType.user(passwordRequired: false)
}

extension ValueType {
    /// Of what was read, what may be written: newer consoles answer members that no request takes.
    func writable(_ value: JSONValue) -> JSONValue {
        switch self {
        case .object(let fields):
            guard let members = value.objectValue else { return value }
            let kept = fields.filter { !$0.isReadOnly }.compactMap { field -> (String, JSONValue)? in
                guard let member = members[field.name], !member.isNull else { return nil }
                return (field.name, field.type.writable(member))
            }
            return .object(Dictionary(kept, uniquingKeysWith: { $1 }))
        case .oneOf(let types):
            let object = types.first { if case .object = $0 { true } else { false } }
            return value.objectValue == nil ? value : object?.writable(value) ?? value
        default: return value
        }
    }
}

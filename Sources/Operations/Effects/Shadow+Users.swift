extension Shadow {
    typealias Failures = [ReadSubject: APIError]

    /// The roles that every console has and nobody can change.
    static let builtInRoles: Set<String> = ["global-admin", "security-manager", "site-admin", "system-admin", "user"]
    private static let globalAdministrator = "global-admin"
    /// What the console gives to a user whose locale is left out.
    private static let standardLocale: JSONValue = ["default": "en-US", "reports": "en-US"]

    // MARK: Changes

    mutating func createUser(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        let given = call.arguments["user"] ?? [:]
        let login = given["login"]?.stringValue ?? ""
        let role = given["role"]?["id"]?.stringValue ?? ""
        var change = PredictedChange(
            call, target: ChangeTarget(type: "user", id: login, name: login),
            summary: "create user \(login) with role \(role)")
        guard isFree(login, for: nil) else {
            // Who has a login cannot be read, only remembered.
            change.isConditional = true
            return change.refused(call, .badRequest, 400, "The user name \(login) is already in use.")
        }
        let edited: (members: [String: JSONValue], isGuess: Bool)
        switch edit(given, of: nil, failures) {
        case .failure(let refusal): return change.refused(call, refusal)
        case .success(let result): edited = result
        }
        let id = makePlaceholder(for: login)
        var user = ShadowUser()
        user.existence = .planned
        user.wasLive = false
        user.base = ["id": .integer(id), "locked": false]
        user.members = edited.members
        for kind in AccessKind.allCases {
            user.access[kind] = UserDocument.hasAll(kind, .object(edited.members)) == true ? .everything : .these([])
        }
        keep(user, id)
        change.placeholder = id
        change.changes = UserDocument.changes(from: nil, to: user.essence).filter { change in
            // What every new account has says nothing.
            change.after != false || change.field == "enabled"
        }
        change.changes.append(FieldChange(field: "password", before: .null, after: .redacted))
        change.isConditional = edited.isGuess
        change.isReplyGuessed = true
        change.answer(["id": .integer(id), "links": []], status: 201)
        return change
    }

    mutating func updateUser(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        let given = call.arguments["user"] ?? [:]
        var (change, before, id) = userChange(call, failures) { "update \($0)" }
        guard let id else { return change }
        let login = given["login"]?.stringValue ?? ""
        guard isFree(login, for: id) else {
            // Who has a login cannot be read, only remembered.
            change.isConditional = true
            return change.refused(call, .badRequest, 400, "The user name \(login) is already in use.")
        }
        let edited: (members: [String: JSONValue], isGuess: Bool)
        switch edit(given, of: before, failures) {
        case .failure(let refusal): return change.refused(call, refusal)
        case .success(let result): edited = result
        }
        var user = users[id] ?? ShadowUser()
        let access = AccessKind.allCases.compactMap { takeAccess($0, from: &user, before, edited.members) }
        user.members.merge(edited.members) { $1 }
        keep(user, id)
        let locked = before?["locked"]
        var after = edited.members
        after["locked"] = locked
        change.changes = UserDocument.changes(from: before, to: UserDocument.essence(of: .object(after))) + access
        if given["password"] != nil {
            change.changes.append(FieldChange(field: "password", before: .null, after: .redacted))
        }
        if given["passwordResetOnLogin"]?.boolValue == true {
            change.changes.append(FieldChange(field: "passwordResetOnLogin", before: .null, after: true))
        }
        change.isConditional = change.isConditional || edited.isGuess
        change.hasNoEffect = before != nil && change.changes.isEmpty
        let label = label(id, before ?? .object(edited.members))
        change.summary = Self.updateSummary(label, change.changes)
        return change
    }

    mutating func deleteUser(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        var (change, before, id) = userChange(call, failures) { "delete \($0)" }
        guard let id else { return change }
        change.changes = UserDocument.changes(from: before, to: nil)
        var user = users[id] ?? ShadowUser()
        user.existence = .deleted
        keep(user, id)
        return change
    }

    mutating func unlockUser(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        var (change, before, id) = userChange(call, failures) { "unlock \($0)" }
        guard let id else { return change }
        if before?["enabled"]?.boolValue == false {
            return change.refused(
                call, .badRequest, 400, "The account is disabled: disabled accounts cannot be unlocked.")
        }
        change.hasNoEffect = before?["locked"]?.boolValue == false
        if !change.hasNoEffect {
            change.changes = [FieldChange(field: "locked", before: before?["locked"] ?? .null, after: false)]
        }
        users[id, default: ShadowUser()].members["locked"] = false
        return change
    }

    mutating func resetPassword(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        var (change, _, id) = userChange(call, failures) { "change the password of \($0)" }
        guard id != nil else { return change }
        change.changes = [FieldChange(field: "password", before: .null, after: .redacted)]
        return change
    }

    mutating func changeSeed(_ kind: ChangeKind, _ call: OperationCall, _ failures: Failures) -> PredictedChange {
        let isNew = kind == .regenerateSeed
        var (change, _, id) = userChange(call, failures) {
            isNew ? "make a new two-factor seed for \($0)" : "set the two-factor seed of \($0)"
        }
        guard let id else { return change }
        // The seed before is not read: whether it differs is not known, and never claimed.
        change.changes = [FieldChange(field: "two_factor_seed", before: .null, after: .redacted)]
        if isNew {
            let seed = makeSeed(for: id)
            users[id, default: ShadowUser()].seed = .unknown(seed)
            change.isReplyGuessed = true
            change.answer(["key": .secret(seed), "links": []])
        } else if case .secret(let token)? = call.arguments["token"] {
            users[id, default: ShadowUser()].seed =
                isGuessedSeed(token) ? .unknown(token) : .set(token)
        }
        return change
    }

    // MARK: What they have in common

    /// The beginning of every change of a user who should exist: without `id` it is refused, and that is all.
    func userChange(
        _ call: OperationCall, _ failures: Failures, _ summary: (String) -> String
    ) -> (change: PredictedChange, before: JSONValue?, id: Int64?) {
        guard let id = call.userID else {
            let change = PredictedChange(call, target: nil, summary: summary("a user"))
            return (change.refused(call, Self.notFound("")), nil, nil)
        }
        let known = own(.user(id), failures)
        let before = try? known?.get()
        let target = ChangeTarget(type: "user", id: String(id), name: before?["login"]?.stringValue)
        var change = PredictedChange(call, target: target, summary: summary(label(id, before)))
        if case .failure(let error)? = known, error.kind == .notFound { return (change.refused(call, error), nil, nil) }
        change.isConditional = before == nil
        return (change, before, id)
    }

    /// `user ada (7)`, `user ada (new)`, `user 7`.
    func label(_ id: Int64, _ user: JSONValue?) -> String {
        guard let login = user?["login"]?.stringValue else { return "user \(placeholder(id) ?? String(id))" }
        return "user \(login) (\(placeholder(id) == nil ? String(id) : "new"))"
    }

    private static func updateSummary(_ label: String, _ changes: [FieldChange]) -> String {
        guard let first = changes.first else { return "update \(label): nothing differs" }
        if changes.count == 1 {
            switch (first.field, first.after) {
            case ("enabled", true): return "enable \(label)"
            case ("enabled", _): return "disable \(label)"
            case ("role.id", .string(let role)):
                return "give \(label) the role \(role)"
                    + (first.before.stringValue.map { " instead of \($0)" } ?? "")
            case ("password", _): return "set the password of \(label)"
            default: break
            }
        }
        return "update \(label): \(Wording.list(changes.map(\.field)))"
    }

    /// The members that the console makes of what is given, or its refusal. What is left out is not kept.
    private func edit(
        _ given: JSONValue, of before: JSONValue?, _ failures: Failures
    ) -> Result<(members: [String: JSONValue], isGuess: Bool), APIError> {
        var members: [String: JSONValue] = [:]
        for name in ["login", "name"] { members[name] = given[name] }
        members["email"] = given["email"] ?? .null
        members["enabled"] = .bool(given["enabled"]?.boolValue ?? true)
        var locale = Self.standardLocale.objectValue ?? [:]
        locale.merge(given["locale"]?.objectValue ?? [:]) { $1 }
        members["locale"] = .object(locale)
        var role: [String: JSONValue] = ["id": given["role"]?["id"] ?? .null]
        for flag in ["allSites", "allAssetGroups", "superuser"] {
            role[flag] = .bool(given["role"]?[flag]?.boolValue ?? false)
        }
        members["role"] = .object(role)
        let (grant, isRoleKnown) = check(role, failures)
        if let grant { return .failure(grant) }
        switch source(for: given, of: before) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let source):
            members["authentication"] = source.document
            return .success((members, source.isGuess || !isRoleKnown))
        }
    }

    /// Why the console would refuse this role, if surely so; and whether that is known at all.
    private func check(_ given: [String: JSONValue], _ failures: Failures) -> (refusal: APIError?, isKnown: Bool) {
        let id = given["id"]?.stringValue ?? ""
        func refused(_ message: String) -> (APIError?, Bool) {
            (APIError(.badRequest, status: 400, operation: "", message: message, delivery: .answered), true)
        }
        switch own(.role(id), failures) {
        case .failure(let error)? where error.kind == .notFound: return refused("The role \(id) does not exist.")
        case .success(let role)?:
            let privileges = Set((role["privileges"]?.arrayValue ?? []).compactMap(\.stringValue))
            if id == Self.globalAdministrator, given["superuser"] != true {
                return refused("The role \(id) requires superuser to be true.")
            }
            if given["allSites"] != true,
                !privileges.isDisjoint(with: ["all-permissions", "manage-sites", "manage-tags"])
            {
                return refused("The privileges of the role \(id) require allSites to be true.")
            }
            if given["allAssetGroups"] != true,
                !privileges.isDisjoint(with: ["all-permissions", "manage-dynamic-asset-groups"])
            {
                return refused("The privileges of the role \(id) require allAssetGroups to be true.")
            }
            return (nil, true)
        default: return (nil, false)
        }
    }

    /// The authentication source that the console picks.
    private func source(
        for given: JSONValue, of before: JSONValue?
    ) -> Result<(document: JSONValue, isGuess: Bool), APIError> {
        func refused(_ message: String) -> Result<(document: JSONValue, isGuess: Bool), APIError> {
            .failure(APIError(.badRequest, status: 400, operation: "", message: message, delivery: .answered))
        }
        let isAdministrator = given["role"]?["id"]?.stringValue == Self.globalAdministrator
        let type = given["authentication"]?["type"]?.stringValue ?? (isAdministrator ? "admin" : "normal")
        let id = given["authentication"]?["id"]?.integerValue
        guard let sources else {
            var document: [String: JSONValue] = ["type": .string(type)]
            document["id"] = id.map { .integer($0) }
            if let former = before?["authentication"], former["type"]?.stringValue == type,
                id == nil || former["id"]?.integerValue == id
            {
                return .success((former, false))
            }
            return .success((.object(document), true))
        }
        let ofType = sources.filter { $0["type"]?.stringValue == type }
        guard let first = ofType.first else {
            return refused("There is no authentication source of the type \(type).")
        }
        guard let id else { return .success((first, false)) }
        guard let wanted = ofType.first(where: { $0["id"]?.integerValue == id }) else {
            return refused("The authentication source \(id) does not exist or is not of the type \(type).")
        }
        return .success((wanted, false))
    }

    /// What an update does to the access to single sites or asset groups.
    private func takeAccess(
        _ kind: AccessKind, from user: inout ShadowUser, _ before: JSONValue?, _ members: [String: JSONValue]
    ) -> FieldChange? {
        let hadAll = UserDocument.hasAll(kind, before) == true
        let hasAll = UserDocument.hasAll(kind, .object(members)) == true
        // Of one with access to all the server lists all before and after.
        if hadAll, hasAll { return nil }
        let former = user.knownAccess(kind)
        user.access[kind] = hasAll ? .everything : .these([])
        guard !hadAll, !hasAll, let former, !former.isEmpty else { return nil }
        return FieldChange(field: kind.rawValue, before: .array(former.map { .integer($0) }), after: [])
    }
}

extension JSONValue {
    /// What stands for a secret in what people read.
    static let redacted = JSONValue.string(SecretValue.redacted)
}

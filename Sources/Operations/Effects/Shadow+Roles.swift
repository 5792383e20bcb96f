extension Shadow {
    /// Replaces a role, or makes it.
    mutating func updateRole(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        let id = call.roleID ?? ""
        let given = call.arguments["role"] ?? [:]
        let known = own(.role(id), failures)
        let before = try? known?.get()
        let isMissing = known.map { ($0.error?.kind == .notFound) } ?? false
        let name = LocalizedText.plain(before?["name"] ?? given["name"])
        let target = ChangeTarget(type: "role", id: id, name: name)
        var change = PredictedChange(
            call, target: target, summary: "\(isMissing ? "create" : "change") role \(id)")
        if let other = given["id"]?.stringValue, other != id {
            return change.refused(
                call, .badRequest, 400, "The identifier in the body (\(other)) is not the one in the path (\(id)).")
        }
        if Self.builtInRoles.contains(id) {
            return change.refused(call, .badRequest, 400, "The role \(id) is built-in and cannot be changed.")
        }
        var listed: [JSONValue] = []
        for privilege in given["privileges"]?.arrayValue ?? [] where !listed.contains(privilege) {
            if let privileges, let name = privilege.stringValue, !privileges.contains(name) {
                return change.refused(call, .badRequest, 400, "The privilege \(name) is not known.")
            }
            listed.append(privilege)
        }
        var members = before?.objectValue ?? ["links": []]
        members["id"] = .string(id)
        for key in ["name", "description"] {
            members[key] = LocalizedText.write(given[key] ?? .null, like: before?[key])
        }
        members["privileges"] = .array(listed)
        change.changes = Self.changes(from: before, to: .object(members))
        change.hasNoEffect = before != nil && change.changes.isEmpty
        change.isConditional = before == nil && !isMissing
        if !isMissing { change.summary += Self.details(change.changes, users: roleUsers(id)) }

        var role = roles[id] ?? ShadowRole()
        role.document = .object(members)
        role.isChanged = true
        if isMissing {
            if role.existence == .live { role.liveUsers = [] }
            role.existence = .planned
            plannedRoles.removeAll { $0 == id }
            plannedRoles.append(id)
        }
        roles[id] = role
        return change
    }

    /// Deletes a role that nobody has.
    mutating func deleteRole(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        let id = call.roleID ?? ""
        let known = own(.role(id), failures)
        let before = try? known?.get()
        let target = ChangeTarget(type: "role", id: id, name: LocalizedText.plain(before?["name"]))
        var change = PredictedChange(call, target: target, summary: "delete role \(id)")
        if let error = known?.error, error.kind == .notFound { return change.refused(call, error) }
        if Self.builtInRoles.contains(id) {
            return change.refused(call, .badRequest, 400, "The role \(id) is built-in and cannot be deleted.")
        }
        let holders = roleUsers(id)
        if let holders, !holders.isEmpty {
            return change.refused(
                call, .badRequest, 400, "The role \(id) is assigned to \(holders.count) users and cannot be deleted.")
        }
        change.changes = Self.changes(from: before, to: nil)
        change.isConditional = before == nil || holders == nil
        roles[id, default: ShadowRole()].existence = .deleted
        plannedRoles.removeAll { $0 == id }
        return change
    }

    /// Who has the role after the changes so far; `nil` if that was not read.
    func roleUsers(_ id: String) -> Set<Int64>? {
        guard let role = roles[id] else { return nil }
        let live: Set<Int64>
        switch role.existence {
        case .deleted: return []
        case .planned: live = []
        case .live:
            guard let users = role.liveUsers else { return nil }
            live = users
        }
        return inRole(id, live)
    }

    /// Those of `live` who still have the role, and who has been given it.
    func inRole(_ id: String, _ live: Set<Int64>) -> Set<Int64> {
        change(live) { user in user.givenRole.map { $0 == id } }
    }

    private static func changes(from before: JSONValue?, to after: JSONValue?) -> [FieldChange] {
        var changes: [FieldChange] = []
        for key in ["name", "description"] {
            let (old, new) = (LocalizedText.plain(before?[key]), LocalizedText.plain(after?[key]))
            if old != new { changes.append(FieldChange(field: key, before: JSONValue(old), after: JSONValue(new))) }
        }
        let (old, new) = (privileges(before), privileges(after))
        if old != new { changes.append(FieldChange(field: "privileges", before: old, after: new)) }
        return changes
    }

    /// In the order of their names: servers list them in an order of their own.
    private static func privileges(_ role: JSONValue?) -> JSONValue {
        guard let role else { return .null }
        let names = (role["privileges"]?.arrayValue ?? []).compactMap(\.stringValue)
        return .array(Set(names).sorted().map { .string($0) })
    }

    private static func details(_ changes: [FieldChange], users: Set<Int64>?) -> String {
        guard !changes.isEmpty else { return ": nothing differs" }
        let holders = users.map { $0.count == 1 ? ", which 1 user has" : ", which \($0.count) users have" } ?? ""
        return "\(holders): \(Wording.list(changes.map(\.field)))"
    }
}

extension Result {
    /// The failure, if this is one.
    var error: Failure? {
        if case .failure(let error) = self { return error }
        return nil
    }
}

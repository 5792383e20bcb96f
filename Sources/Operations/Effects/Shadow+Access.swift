extension Shadow {
    /// Changes a user's single sites or asset groups.
    mutating func changeAccess(
        _ kind: AccessKind, _ edit: ChangeKind.AccessEdit, _ call: OperationCall, _ failures: Failures
    ) -> PredictedChange {
        let listed = Set((call.arguments[kind.listArgument]?.arrayValue ?? []).compactMap(\.integerValue)).sorted()
        let member = call.arguments[kind.memberArgument]?.integerValue ?? 0
        var (change, before, id) = userChange(call, failures) { user in
            switch edit {
            case .replace: "let \(user) have \(Wording.members(kind, listed)) and no others"
            case .add: "give \(Wording.members(kind, [member])) to \(user)"
            case .remove: "take \(Wording.members(kind, [member])) from \(user)"
            case .removeAll: "take all \(kind.noun)s from \(user)"
            }
        }
        guard let id else { return change }
        if UserDocument.hasAll(kind, before) == true {
            switch edit {
            case .replace, .removeAll: change.hasNoEffect = true
            case .add, .remove:
                return change.refused(
                    call, .badRequest, 400,
                    "Individual \(kind.noun) access cannot be changed for users with the \(kind.flag) permission.")
            }
            return change
        }
        var user = users[id] ?? ShadowUser()
        let former = user.knownAccess(kind)
        let new: [Int64]?
        switch edit {
        case .replace: new = listed
        case .removeAll: new = []
        case .add: new = former.map { Set($0 + [member]).sorted() }
        case .remove: new = former.map { $0.filter { $0 != member } }
        }
        if let new { user.access[kind] = .these(new) }
        users[id] = user
        change.hasNoEffect = former != nil && former == new
        if !change.hasNoEffect {
            func json(_ ids: [Int64]?) -> JSONValue { ids.map { .array($0.map { .integer($0) }) } ?? .null }
            change.changes = [FieldChange(field: kind.rawValue, before: json(former), after: json(new))]
        }
        change.isConditional = change.isConditional || former == nil
        return change
    }
}

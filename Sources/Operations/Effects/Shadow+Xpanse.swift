extension Shadow {
    /// Gives users a role in Xpanse, or takes it.
    mutating func changeXpanseRole(_ call: OperationCall, _ failures: Failures) -> PredictedChange {
        let emails = call.emails
        let role = call.arguments["role"]?.stringValue
        let whom = Wording.list(emails)
        var change = PredictedChange(
            call, target: ChangeTarget(type: "xpanse_user", id: emails.joined(separator: ",")),
            summary: role.map { "give the Xpanse role \($0) to \(whom)" } ?? "take the Xpanse role from \(whom)")
        change.isReplyGuessed = true
        if role == XpanseShadow.accountAdministrator {
            return change.refused(
                call, .forbidden, 403, "Forbidden: the role \(XpanseShadow.accountAdministrator) cannot be assigned.")
        }
        if let role, let error = failures[.xpanseRoles([role])], error.status == 500, error.isAboutUnknownName {
            return change.refused(call, error)
        }
        var isKnown = true
        var count: Int64 = 0
        for email in emails {
            let former = xpanse.role(of: email)
            if former == nil { isKnown = false }
            if former == .some(role) { continue }
            if former != nil { count += 1 }
            change.changes.append(
                FieldChange(field: xpanse.spelling(of: email), before: JSONValue(former ?? nil), after: JSONValue(role))
            )
            xpanse.give(role, to: email)
        }
        change.hasNoEffect = change.changes.isEmpty
        change.isConditional = !isKnown
        change.isReplyGuessed = !isKnown
        change.answer(["reply": ["update_count": .integer(count)]])
        return change
    }
}

extension APIError {
    /// Whether Xpanse says that there is no such name, as it does with a 500.
    fileprivate var isAboutUnknownName: Bool {
        let extra = details["reply"]?["err_extra"]?.stringValue ?? ""
        return extra.contains("was not found") || message.contains("was not found")
    }
}

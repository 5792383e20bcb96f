internal import Operations

extension PlannedChange {
    /// The change as it may stand in a plan: without known secrets, also where the script has put one into an argument
    /// that is none.
    func closed(_ sealer: Sealer?, _ redactor: Redactor) -> PlannedChange {
        guard !redactor.isEmpty else { return self }
        var change = self
        change.arguments = redactor.redact(arguments)
        change.target = redactor.redact(target)
        change.summary = redactor.redact(summary)
        change.changes = redactor.redact(changes)
        change.refusal = refusal.map { redactor.redact($0) }
        if let sealer, redactor.isNeeded(for: Array(content.utf8)) { change.content = Self.closed(content, sealer) }
        return change
    }

    /// What arguments are compared by that may not stand in a plan: their keyed digest.
    static func closed(_ content: String, _ sealer: Sealer) -> String {
        JSONValue.object(["$digest": .string(sealer.digest(content.utf8))]).text
    }
}

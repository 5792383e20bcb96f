internal import Operations

extension AuditEvent {
    /// The event without known secrets.
    func closed(_ redactor: Redactor) -> AuditEvent {
        guard !redactor.isEmpty else { return self }
        return AuditEvent(kind, unixMilliseconds: unixMilliseconds, redactor.redact(members))
    }
}

internal import LuaMachine
internal import Operations

/// Makes the audit log's lines of one run.
struct Auditor: Sendable {
    private let common: [String: JSONValue]
    private let sealer: Sealer
    private let known: KnownSecrets

    /// - Parameter known: what must not stand in the log. Default: nothing.
    init(_ record: RunRecord, sealer: Sealer, known: KnownSecrets = KnownSecrets()) {
        self.sealer = sealer
        self.known = known
        var members: [String: JSONValue] = [
            "host": .string(record.owner.host), "pid": .integer(Int64(record.owner.process)),
            "version": .string(record.version), "actor": .string(record.actor), "origin": .string(record.origin),
            "run": .string(record.id), "runbook": .string(record.runbook), "sha256": .string(record.sha256),
            "mode": .string(record.mode.rawValue), "plan": .string(record.plan), "approval": .string(record.approval),
            "target_system": record.target["name"] ?? .null, "signed_by": .string(record.signedBy),
        ]
        if record.origin.hasPrefix("schedule:") {
            members["schedule"] = .string(String(record.origin.dropFirst("schedule:".count)))
        }
        common = members.filter { !$0.value.isNull && $0.value.stringValue != "" }
    }

    func began(at time: Int64) -> AuditEvent { AuditEvent(.runBegan, unixMilliseconds: time, common) }

    func resumed(at time: Int64) -> AuditEvent { AuditEvent(.runResumed, unixMilliseconds: time, common) }

    func ended(_ outcome: RunOutcome, _ error: RunError?, at time: Int64) -> AuditEvent {
        var members = common
        members["outcome"] = .string(outcome.status.rawValue)
        members["duration_ms"] = .integer(outcome.duration.inMilliseconds)
        members["calls_used"] = .integer(Int64(outcome.calls))
        members["changes_used"] = .integer(Int64(outcome.changes.count))
        if let error { members["error"] = ["kind": .string(error.kind), "message": .string(error.message)] }
        return AuditEvent(.runEnded, unixMilliseconds: time, members)
    }

    /// A run that was not taken up, since its runbook is not signed as the policy demands.
    func refused(_ refusal: RunError, at time: Int64) -> AuditEvent {
        var members = common
        members["outcome"] = .string(RunStatus.stopped.rawValue)
        members["error"] = ["kind": .string(refusal.kind), "message": .string(refusal.message)]
        return AuditEvent(.runRefused, unixMilliseconds: time, members)
    }

    func changeBegan(_ prepared: PreparedCall, _ facts: [String: JSONValue], at time: Int64) -> AuditEvent {
        var members = self.members(of: prepared)
        Self.add(target: facts, to: &members)
        return AuditEvent(.changeBegan, unixMilliseconds: time, members)
    }

    /// - Parameter facts: what is known of the change and of its outcome.
    /// - Returns: `nil` for what the host answers itself without any effect.
    func answered(
        _ prepared: PreparedCall, isError: Bool, _ facts: [String: JSONValue], calls: Int, changes: Int, at time: Int64
    ) -> AuditEvent? {
        if case .function(let function) = prepared.callee, !function.isAudited { return nil }
        var members = self.members(of: prepared)
        Self.add(target: facts, to: &members)
        let isUnknown = facts["delivery"]?.stringValue == APIError.Delivery.unknown.rawValue
        let isPlanned = facts["planned"] != nil
        members["outcome"] = isPlanned ? "planned" : isUnknown ? "unknown" : isError ? "failed" : "done"
        members["status"] = facts["status"]
        members["error"] = facts["error"]
        if prepared.request != nil, !isPlanned { members["attempt"] = facts["attempts"] ?? 1 }
        members["duration_ms"] = facts["ms"]
        members["calls_used"] = .integer(Int64(calls))
        members["changes_used"] = .integer(Int64(changes))
        return AuditEvent(.call, unixMilliseconds: time, members)
    }

    /// A change that was written down and, since the run has ended, not sent.
    func notSent(_ prepared: PreparedCall, _ facts: [String: JSONValue], at time: Int64) -> AuditEvent {
        var members = self.members(of: prepared)
        Self.add(target: facts, to: &members)
        members["outcome"] = .string(ChangeRecord.Outcome.notSent.rawValue)
        return AuditEvent(.call, unixMilliseconds: time, members)
    }

    /// A change that the host itself makes to give back what an update has taken.
    ///
    /// - Parameter outcome: `nil` if it is about to be sent.
    func restored(
        _ request: OperationCall, _ facts: [String: JSONValue], _ outcome: ChangeRecord.Outcome?, at time: Int64
    ) -> AuditEvent {
        var members = common
        add(request, to: &members)
        Self.add(target: facts, to: &members)
        members["origin"] = "host"
        members["outcome"] = outcome.map { .string($0.rawValue) }
        return AuditEvent(outcome == nil ? .changeBegan : .call, unixMilliseconds: time, members)
    }

    /// What a person says became of a call.
    func decided(
        _ row: JournalRow, _ facts: JSONValue, wasSent: Bool, actor: String, at time: Int64
    ) -> AuditEvent {
        var members = common
        members["call"] = .integer(Int64(row.call))
        members["line"] = .integer(Int64(row.line))
        members["operation"] = .string(row.name)
        Self.add(target: facts.objectValue ?? [:], to: &members)
        members["actor"] = .string(actor)
        members["outcome"] = wasSent ? "sent" : "not_sent"
        return AuditEvent(.decision, unixMilliseconds: time, members)
    }

    private func members(of prepared: PreparedCall) -> [String: JSONValue] {
        var members = common
        let call = prepared.call
        members["call"] = .integer(Int64(call.id))
        members["line"] = .integer(Int64(call.line))
        members["operation"] = .string(call.name)
        if let request = prepared.request {
            add(request, to: &members)
        } else {
            members["digest"] = .string(
                sealer.digest(JSONValue.array(prepared.arguments).bytes(revealingSecrets: true)))
        }
        return members
    }

    private func add(_ request: OperationCall, to members: inout [String: JSONValue]) {
        members["operation"] = .string(request.operation.name)
        members["capability"] = .string(request.operation.capability.rawValue)
        members["effect"] = .string(request.operation.effect.rawValue)
        let arguments = JSONValue.object(request.arguments)
        // First, as a secret that is cut off could no longer be told.
        members["arguments"] = known.redactor.redact(arguments).shortened()
        members["digest"] = .string(sealer.digest(arguments.bytes(revealingSecrets: true)))
    }

    private static func add(target facts: [String: JSONValue], to members: inout [String: JSONValue]) {
        for name in ["type", "id", "name"] { members["target_\(name)"] = facts["target"]?[name] }
        members["summary"] = facts["summary"]
        var before: [String: JSONValue] = [:], after: [String: JSONValue] = [:]
        for change in facts["changes"]?.arrayValue ?? [] {
            guard let field = change["field"]?.stringValue else { continue }
            before[field] = change["before"] ?? .null
            after[field] = change["after"] ?? .null
        }
        guard !after.isEmpty else { return }
        members["before"] = .object(before)
        members["after"] = .object(after)
    }
}

extension HostFunction {
    /// Whether the audit log tells of it: what a person was asked and what was revealed.
    fileprivate var isAudited: Bool { self == .confirm || self == .revealSecret }
}

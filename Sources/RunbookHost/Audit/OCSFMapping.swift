public import Operations

/// Says what the audit log says in the words of the Open Cybersecurity Schema Framework (OCSF), version 1.3.0, which other
/// programs understand.
///
/// Each line becomes one event of the class that fits it, so that `metadata.sequence` has no gaps; a call that changes an
/// account or its rights becomes a second one besides, with the same `metadata.sequence` and `metadata.correlation_uid`.
///
/// | line | class | activity |
/// |---|---|---|
/// | `call`, `change.began` | API Activity (6003) | Read if it changes nothing; else by the HTTP method: POST is Create for what creates and else Update, PUT is Update, DELETE is Delete; Other for what is no request, such as a question to a person |
/// | `call` of a change of an account, done, failed or unknown | also Account Change (3001) | Create, Delete, Enable, Disable, Password Change (one's own), Password Reset (another's), MFA Factor Enable, else Other with its name (`Unlock`, `Update`) |
/// | `call` of a change of sites, asset groups or an Xpanse role, likewise | also User Access Management (3005) | Assign Privileges, Revoke Privileges |
/// | `run.began`, `run.resumed` or `run.refused`, `run.ended` | Application Lifecycle (6002); the runbook is the application | Start, Restart, Stop |
/// | `decision`, `plan.made`, `checkpoint` | Base Event (0) | Other |
///
/// The attributes:
///
/// | attribute | from |
/// |---|---|
/// | `metadata` | `version` 1.3.0; `product` runbook with its version; `uid` the line's hash (the second event's with `/2` behind it); `sequence`, `event_code` the line's; `correlation_uid` the run; `log_name` `audit` |
/// | `time`, `duration` | `time`, `duration_ms` |
/// | `actor` | the `user` who asked for the run, the `process`, and the runbook as `app_name` |
/// | `src_endpoint`, `dst_endpoint` | `host`; the target's name |
/// | `api` | the operation, its service, `request.uid` RUN/CALL, `response` with HTTP status and error |
/// | `http_request` | the method |
/// | `resources`, `user` | what the change was made on |
/// | `status_id`, `status` | Success for `done`, `succeeded`; Failure for `failed`, `stopped`, `cancelled`, `diverged`; Unknown for `unknown` and where nothing is said; Other for the rest, such as `planned` |
/// | `status_code`, `status_detail` | the HTTP status; the error |
/// | `severity_id` | Medium if a person must look: an unknown outcome, `needs_decision`, `diverged`; Low for failures; else Informational |
/// | `unmapped` | every other member of the line |
public struct OCSFMapping: Sendable {
    /// The schema's version.
    public static let version = "1.3.0"

    private let catalogue: Catalogue

    /// A mapping.
    ///
    /// - Parameter catalogue: knows the requests of the operations. Default: both APIs.
    public init(catalogue: Catalogue = .standard) { self.catalogue = catalogue }

    /// The events that a line is, the first of them with all that the line says.
    ///
    /// - Returns: `nil` if the line is no line of the log; an altered one is not noticed here.
    public func events(of line: AuditLine) -> [JSONValue]? {
        guard let members = (try? JSONValue(parsing: line.text))?.objectValue,
            let event = members["event"]?.stringValue
        else { return nil }
        let facts = OCSFFacts(members: members, operation: members["operation"]?.stringValue.flatMap { catalogue[$0] })
        switch AuditEvent.Kind(rawValue: event) {
        case .call, .changeBegan:
            let access = event == AuditEvent.Kind.call.rawValue ? facts.userChange : nil
            return [facts.apiActivity] + (access.map { [$0] } ?? [])
        case .runBegan: return [facts.lifecycle(3, "Start")]
        case .runResumed, .runRefused: return [facts.lifecycle(5, "Restart")]
        case .runEnded: return [facts.lifecycle(4, "Stop")]
        case .decision, .planMade, .scheduleChanged, .slotSkipped, .slotsMissed, .checkpoint, nil:
            return [facts.other(event)]
        }
    }
}

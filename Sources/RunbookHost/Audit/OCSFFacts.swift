internal import Operations

/// One line of the audit log, on its way to the events of ``OCSFMapping``.
struct OCSFFacts {
    /// A class of the schema.
    private struct Class {
        let category: (id: Int64, name: String)
        let id: Int64
        let name: String

        static let base = Class(category: (0, "Uncategorized"), id: 0, name: "Base Event")
        static let account = Class(category: iam, id: 3001, name: "Account Change")
        static let access = Class(category: iam, id: 3005, name: "User Access Management")
        static let lifecycle = Class(category: application, id: 6002, name: "Application Lifecycle")
        static let api = Class(category: application, id: 6003, name: "API Activity")

        private static let iam: (Int64, String) = (3, "Identity & Access Management")
        private static let application: (Int64, String) = (6, "Application Activity")
    }

    /// What the schema has attributes for; all else goes to `unmapped`.
    private static let mapped: Set = [
        "host", "pid", "version", "actor", "run", "runbook", "target_system", "operation", "target_type", "target_id",
        "target_name", "outcome", "status", "error", "duration_ms", "event", "time", "sequence", "hash", "summary",
    ]

    let members: [String: JSONValue]
    let operation: Operation?

    // MARK: Events

    /// The call as a request to an API.
    var apiActivity: JSONValue {
        let (activity, name) = apiActivityID
        var event = common(.api, activity, name)
        event["api"] = api
        event["src_endpoint"] = source
        event["dst_endpoint"] = members["target_system"].map { ["name": $0] }
        if let endpoint = operation?.endpoint {
            event["http_request"] = ["http_method": .string(endpoint.method.rawValue)]
        }
        event["resources"] = target.map { [.object($0)] }
        return .object(event)
    }

    /// The change of an account or of its rights that a call was; `nil` if it was none, or none that was sent.
    var userChange: JSONValue? {
        guard let operation, operation.effect.isChange, let target, let outcome = text("outcome"),
            ["done", "failed", "unknown"].contains(outcome)
        else { return nil }
        let user = target.filter { $0.key != "type" }
        if let (activity, name) = accountActivity(operation) {
            var event = second(.account, activity, name)
            event["user"] = .object(user)
            event["src_endpoint"] = source
            return .object(event)
        }
        guard let (activity, name, privileges) = accessActivity(operation) else { return nil }
        var event = second(.access, activity, name)
        event["user"] = .object(user)
        event["privileges"] = .array(privileges.map { .string($0) })
        return .object(event)
    }

    /// A run that began, went on or ended.
    func lifecycle(_ activity: Int64, _ name: String) -> JSONValue {
        var event = common(.lifecycle, activity, name)
        var app: [String: JSONValue] = ["name": members["runbook"] ?? "", "vendor_name": "runbook"]
        app["uid"] = members["sha256"]
        event["app"] = .object(app)
        return .object(event)
    }

    /// What the schema has no class for.
    func other(_ name: String) -> JSONValue { .object(common(.base, 99, name)) }

    // MARK: Activities

    private var apiActivityID: (Int64, String) {
        guard let operation, let endpoint = operation.endpoint else { return (99, text("operation") ?? "Other") }
        guard operation.effect.isChange else { return (2, "Read") }
        switch endpoint.method {
        case .delete: return (4, "Delete")
        case .post where operation.effect == .reconcilable: return (1, "Create")
        case .get, .post, .put: return (3, "Update")
        }
    }

    private func accountActivity(_ operation: Operation) -> (Int64, String)? {
        switch operation.name {
        case "users.create": return (1, "Create")
        case "users.delete": return (6, "Delete")
        case "users.reset_password": return (3, "Password Change")
        // The schema has a number for it from its version 1.4.0 on.
        case "users.unlock": return (99, "Unlock")
        case "twofa.set", "twofa.regenerate": return (10, "MFA Factor Enable")
        case "users.update":
            if members["arguments"]?["user"]?["password"] != nil { return (4, "Password Reset") }
            switch members["after"]?["enabled"]?.boolValue {
            case true?: return (2, "Enable")
            case false?: return (5, "Disable")
            case nil: return (99, "Update")
            }
        default: return nil
        }
    }

    private func accessActivity(_ operation: Operation) -> (Int64, String, privileges: [String])? {
        guard operation.capability == "users:access" || operation.capability == "xpanse:role" else { return nil }
        let isRevoked = operation.function.hasPrefix("remove")
        // What was granted or taken: all arguments but the one that says whose it is.
        let arguments = (members["arguments"]?.objectValue ?? [:]).filter { $0.key != "id" && $0.key != "emails" }
        let privileges = arguments.keys.sorted().flatMap { name -> [String] in
            let value = arguments[name] ?? .null
            return (value.arrayValue ?? [value]).map { "\(name)=\($0.stringValue ?? $0.text)" }
        }
        return (
            isRevoked ? 2 : 1, isRevoked ? "Revoke Privileges" : "Assign Privileges",
            privileges.isEmpty ? [operation.function] : privileges
        )
    }

    // MARK: Attributes

    /// What every event of the line has.
    private func common(_ kind: Class, _ activity: Int64, _ name: String) -> [String: JSONValue] {
        var event: [String: JSONValue] = [
            "activity_id": .integer(activity), "activity_name": .string(name),
            "category_uid": .integer(kind.category.id), "category_name": .string(kind.category.name),
            "class_uid": .integer(kind.id), "class_name": .string(kind.name),
            "type_uid": .integer(kind.id * 100 + activity), "type_name": .string("\(kind.name): \(name)"),
            "time": members["time"] ?? 0,
            "metadata": metadata(uid: text("hash") ?? ""),
            "actor": actor,
        ]
        event["duration"] = members["duration_ms"]
        event["message"] = members["summary"]
        let (status, statusName) = status
        event["status_id"] = .integer(status)
        event["status"] = .string(statusName)
        event["status_code"] = members["status"].map { .string($0.stringValue ?? $0.text) }
        event["status_detail"] = error.map { .string($0) }
        let (severity, severityName) = severity
        event["severity_id"] = .integer(severity)
        event["severity"] = .string(severityName)
        let rest = members.filter { !Self.mapped.contains($0.key) }
        if !rest.isEmpty { event["unmapped"] = .object(rest) }
        return event
    }

    /// What the second event of a line has: it points to the first for all that the schema has no attribute for.
    private func second(_ kind: Class, _ activity: Int64, _ name: String) -> [String: JSONValue] {
        var event = common(kind, activity, name)
        event["metadata"] = metadata(uid: "\(text("hash") ?? "")/2")
        event.removeValue(forKey: "unmapped")
        return event
    }

    private func metadata(uid: String) -> JSONValue {
        var product: [String: JSONValue] = ["name": "runbook", "vendor_name": "runbook"]
        product["version"] = members["version"]
        var metadata: [String: JSONValue] = [
            "version": .string(OCSFMapping.version), "product": .object(product), "uid": .string(uid),
            "log_name": "audit",
        ]
        metadata["sequence"] = members["sequence"]
        metadata["event_code"] = members["event"]
        metadata["correlation_uid"] = members["run"]
        return .object(metadata)
    }

    private var actor: JSONValue {
        var actor: [String: JSONValue] = [:]
        actor["user"] = members["actor"].map { ["name": $0] }
        actor["process"] = members["pid"].map { ["pid": $0, "name": "runbook"] }
        // The schema wants one of them at least.
        actor["app_name"] = members["runbook"] ?? "runbook"
        return .object(actor)
    }

    private var source: JSONValue {
        var source: [String: JSONValue] = ["svc_name": "runbook"]
        source["hostname"] = members["host"]
        return .object(source)
    }

    private var api: JSONValue {
        var api: [String: JSONValue] = ["operation": members["operation"] ?? "unknown"]
        if let service = operation?.endpoint?.service { api["service"] = ["name": .string(service.rawValue)] }
        if let call = members["call"] { api["request"] = ["uid": .string("\(text("run") ?? "")/\(call.text)")] }
        var response: [String: JSONValue] = [:]
        response["code"] = members["status"]
        response["error"] = error.map { .string($0) }
        if !response.isEmpty { api["response"] = .object(response) }
        return .object(api)
    }

    /// What was changed: `uid` and `name`, with its `type`; `nil` if the line names nothing.
    private var target: [String: JSONValue]? {
        var target: [String: JSONValue] = [:]
        target["uid"] = members["target_id"].map { .string($0.stringValue ?? $0.text) }
        target["name"] = members["target_name"]
        guard target.isEmpty else {
            target["type"] = members["target_type"]
            return target
        }
        // A line need not name it where the arguments do.
        guard let operation, let arguments = members["arguments"],
            ["users", "twofa", "xpanse"].contains(operation.table)
        else { return nil }
        target["uid"] = arguments["id"].map { .string($0.stringValue ?? $0.text) }
        let emails = (arguments["emails"]?.arrayValue ?? []).compactMap(\.stringValue)
        target["name"] = arguments["user"]?["login"]
        if !emails.isEmpty { target["name"] = .string(emails.joined(separator: ", ")) }
        guard !target.isEmpty else { return nil }
        target["type"] = "user"
        return target
    }

    private var error: String? {
        guard let error = members["error"] else { return nil }
        return error.stringValue ?? error["message"]?.stringValue ?? error["kind"]?.stringValue ?? error.text
    }

    private var status: (Int64, String) {
        switch text("outcome") {
        case "done", "succeeded": return (1, "Success")
        case "failed", "stopped", "cancelled", "diverged": return (2, "Failure")
        case "unknown", nil: return (0, "Unknown")
        case let outcome?: return (99, outcome)
        }
    }

    private var severity: (Int64, String) {
        switch text("outcome") {
        case "unknown", "needs_decision", "diverged": (3, "Medium")
        case "failed", "stopped", "cancelled": (2, "Low")
        default: (1, "Informational")
        }
    }

    private func text(_ name: String) -> String? { members[name]?.stringValue }
}

public import Operations

extension RunRecord {
    /// Every member by its name; ``seed`` is a text, as it may be larger than JSON integers are here, and ``sealed`` is
    /// hexadecimal. What is not known is left out.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "mode": .string(mode.rawValue), "status": .string(status.rawValue),
            "runbook": .string(runbook), "sha256": .string(sha256), "title": .string(title),
            "parameters": .object(parameters), "limits": limits.stored, "seed": .string(String(seed)), "target": target,
            "actor": .string(actor), "origin": .string(origin), "plan": .string(plan), "approval": .string(approval),
            "version": .string(version), "prelude": .string(prelude), "confined": .bool(isConfined),
            "requires_manifest": .bool(requiresManifest), "began": .integer(began), "duration": .integer(duration),
            "calls": .integer(Int64(calls)), "changes": .object(changes.mapValues { .integer(Int64($0)) }),
            "owner": owner.json,
        ]
        if isStatement { members["statement"] = true }
        if !signedBy.isEmpty { members["signed_by"] = .string(signedBy) }
        if let ended { members["ended"] = .integer(ended) }
        if !result.isNull { members["result"] = result }
        if !error.isNull { members["error"] = error }
        if !sealed.isEmpty { members["sealed"] = .string(Hexadecimal.text(sealed)) }
        return .object(members)
    }

    /// Reads ``json``; `nil` if something is missing that every run has, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let id = json["id"]?.stringValue, let mode = json["mode"]?.stringValue.flatMap(RunMode.init(rawValue:)),
            let status = json["status"]?.stringValue.flatMap(RunStatus.init(rawValue:)),
            let runbook = json["runbook"]?.stringValue, let sha256 = json["sha256"]?.stringValue,
            let limits = json["limits"].flatMap({ RunLimits(stored: $0) }),
            let seed = json["seed"]?.stringValue.flatMap({ UInt64($0) }), let prelude = json["prelude"]?.stringValue,
            let isConfined = json["confined"]?.boolValue, let began = json["began"]?.integerValue,
            let owner = json["owner"].flatMap({ RunOwner($0) })
        else { return nil }
        self.init(
            id: id, mode: mode, runbook: runbook, sha256: sha256, limits: limits, seed: seed, prelude: prelude,
            isConfined: isConfined, began: began, owner: owner)
        self.status = status
        guard let title = json["title"]?.stringValue, let parameters = json["parameters"]?.objectValue,
            let target = json["target"], let actor = json["actor"]?.stringValue,
            let origin = json["origin"]?.stringValue, let plan = json["plan"]?.stringValue,
            let approval = json["approval"]?.stringValue, let version = json["version"]?.stringValue,
            let requiresManifest = json["requires_manifest"]?.boolValue,
            let duration = json["duration"]?.integerValue, let calls = json["calls"]?.integerValue,
            let changes = json["changes"]?.objectValue,
            let sealed = Hexadecimal.bytes(json["sealed"]?.stringValue ?? "")
        else { return nil }
        self.title = title
        self.parameters = parameters
        self.target = target
        self.actor = actor
        self.origin = origin
        self.plan = plan
        self.approval = approval
        self.version = version
        self.requiresManifest = requiresManifest
        isStatement = json["statement"]?.boolValue ?? false
        signedBy = json["signed_by"]?.stringValue ?? ""
        ended = json["ended"]?.integerValue
        self.duration = duration
        self.calls = Int(calls)
        for (outcome, count) in changes {
            guard let count = count.integerValue else { return nil }
            self.changes[outcome] = Int(count)
        }
        result = json["result"] ?? .null
        error = json["error"] ?? .null
        self.sealed = sealed
    }
}

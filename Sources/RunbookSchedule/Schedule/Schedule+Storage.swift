public import Operations
internal import RunbookHost

extension Schedule {
    /// Every member by its name; ``sealed`` is hexadecimal. What is not known is left out.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "name": .string(name), "phase": .string(phase.rawValue),
            "pause_reason": .string(pauseReason), "runbook": .string(runbook), "sha256": .string(sha256),
            "follows": .bool(follows), "capabilities": .array(capabilities.map { .string($0.rawValue) }),
            "parameters": .object(parameters), "trigger": .string(trigger), "zone": .string(zone),
            "jitter": .integer(jitter), "catch_up": catchUp.json, "overlap": .string(overlap.rawValue),
            "retry": retry.json, "plan_only": .bool(planOnly), "hooks": .array(hooks.map(\.json)),
            "created": .integer(created), "edited": .integer(edited), "actor": .string(actor),
            "cursor": .integer(cursor), "failing": .bool(isFailing), "revision": .integer(revision),
        ]
        if let paused { members["paused"] = .integer(paused) }
        if !sealed.isEmpty { members["sealed"] = .string(Hexadecimal.text(sealed)) }
        if let target { members["target"] = .string(target) }
        if let starting { members["starting"] = .integer(starting) }
        if let until { members["until"] = .integer(until) }
        if let timeLimit { members["time_limit"] = .integer(timeLimit) }
        if let maxChanges { members["max_changes"] = .integer(Int64(maxChanges)) }
        if let next { members["next"] = .integer(next) }
        if let ready { members["ready"] = .integer(ready) }
        if !spent.isEmpty { members["spent"] = .array(spent.sorted().map { .integer($0) }) }
        if let untold { members["untold"] = untold.json }
        return .object(members)
    }

    /// Reads ``json``; `nil` if something is missing that every schedule has, or is not what it should be.
    public init?(_ json: JSONValue) {
        guard let stored = try? StoredMembers(json), let schedule = try? Schedule(stored) else { return nil }
        self = schedule
    }

    private init(_ stored: StoredMembers) throws(StoredMembers.Fault) {
        self.init(
            id: try stored.text("id"), name: try stored.text("name"), runbook: try stored.text("runbook"),
            sha256: try stored.text("sha256"), trigger: try stored.text("trigger"), zone: try stored.text("zone"),
            created: try stored.integer("created"))
        phase = try stored.word("phase")
        pauseReason = try stored.text("pause_reason")
        paused = try stored.optional("paused", \.integerValue)
        follows = try stored.truth("follows")
        capabilities = try stored.list("capabilities") { $0.stringValue.map(Capability.init(rawValue:)) }
        sealed = try stored.optional("sealed") { $0.stringValue.flatMap(Hexadecimal.bytes) } ?? []
        parameters = try stored.value("parameters", \.objectValue)
        target = try stored.optional("target", \.stringValue)
        starting = try stored.optional("starting", \.integerValue)
        until = try stored.optional("until", \.integerValue)
        jitter = try stored.integer("jitter")
        catchUp = try stored.value("catch_up") { CatchUp($0) }
        overlap = try stored.word("overlap")
        retry = try stored.value("retry") { Retry($0) }
        timeLimit = try stored.optional("time_limit", \.integerValue)
        maxChanges = try stored.optional("max_changes") { $0.integerValue.flatMap { Int(exactly: $0) } }
        planOnly = try stored.truth("plan_only")
        hooks = try stored.list("hooks") { Hook($0) }
        edited = try stored.integer("edited")
        actor = try stored.text("actor")
        cursor = try stored.integer("cursor")
        next = try stored.optional("next", \.integerValue)
        ready = try stored.optional("ready", \.integerValue)
        spent = try stored.optional("spent") { Self.times($0) } ?? []
        isFailing = try stored.truth("failing")
        untold = try stored.optional("untold") { MissedSlots($0) }
        revision = try stored.integer("revision")
    }

    private static func times(_ json: JSONValue) -> Set<Int64>? {
        guard let elements = json.arrayValue else { return nil }
        let times = elements.compactMap(\.integerValue)
        return times.count == elements.count ? Set(times) : nil
    }
}

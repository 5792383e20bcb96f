public import Operations

extension RunRecord {
    /// What a program wants to know of the run: nothing secret, and nothing that is not known yet.
    ///
    /// - Parameter standing: what is left to do for it.
    public func summary(_ standing: RunStanding) -> JSONValue {
        var members: [String: JSONValue] = [
            "run": .string(id), "mode": .string(mode.rawValue), "status": .string(status.rawValue),
            "runbook": .string(runbook), "sha256": .string(sha256), "began": .integer(began),
            "duration_ms": .integer(duration), "calls": .integer(Int64(calls)),
            "change_counts": .object(changes.mapValues { .integer(Int64($0)) }), "target": target,
            "parameters": .object(parameters), "limits": limits.summary, "confined": .bool(isConfined),
            "standing": .string(standing.rawValue),
        ]
        for (key, text) in [
            ("title", title), ("actor", actor), ("origin", origin), ("plan", plan), ("approval", approval),
            ("version", version), ("signed_by", signedBy), ("next", next(standing)),
        ] where !text.isEmpty { members[key] = .string(text) }
        if let ended { members["ended"] = .integer(ended) }
        if status != .running {
            members["result"] = result
            members["error"] = error
        }
        return .object(members)
    }
}

extension RunLimits {
    /// `time_ms` and the other limits: milliseconds, bytes and numbers, bytes and numbers.
    fileprivate var summary: JSONValue {
        [
            "time_ms": .integer(time.inMilliseconds), "memory": .integer(Int64(memory)),
            "calls": .integer(Int64(calls)), "changes": .integer(Int64(changes)), "log": .integer(Int64(log)),
            "result": .integer(Int64(result)), "tasks": .integer(Int64(tasks)), "source": .integer(Int64(source)),
        ]
    }
}

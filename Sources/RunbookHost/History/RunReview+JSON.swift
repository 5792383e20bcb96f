public import Operations

extension RunReview {
    /// Everything, for a program: the members of ``RunRecord/summary(_:)``, with numbers counted in the journal, and
    /// the lists `changes`, `reads_failed`, `skipped`, `warnings`, `interventions`, `next`, and `retries`,
    /// `change_counts` and `undo`.
    public var json: JSONValue {
        var members = record.summary(standing).objectValue ?? [:]
        members["duration_ms"] = .integer(duration)
        members["calls"] = .integer(Int64(calls))
        members["change_counts"] = .object(
            Dictionary(grouping: changes, by: \.outcome.rawValue).mapValues { .integer(Int64($0.count)) })
        members["retries"] = .integer(Int64(retries))
        members["reads_failed"] = .array(failedReads.map(\.json))
        members["changes"] = .array(changes.map(\.json))
        members["skipped"] = .array(skipped.map(\.json))
        members["warnings"] = .array(warnings.map(\.json))
        members["interventions"] = .array(interventions.map(\.json))
        let undo = undo()
        members["undo"] = [
            "changes": .integer(Int64(undo.changes)), "steps": .array(undo.steps.map { .string($0) }),
            "irreversible": .array(
                undo.irreversible.map {
                    [
                        "operation": .string($0.operation), "count": .integer(Int64($0.count)),
                        "reason": .string($0.reason),
                    ]
                }),
        ]
        members["next"] = .array(
            RunAdvice.all(for: self, undo: undo).map {
                ["reason": .string($0.reason), "command": .string($0.command), "pressing": .bool($0.isPressing)]
            })
        return .object(members)
    }
}

extension RunReview.Skip {
    /// The log line or the call; `because` says which: `said` or `no_effect`.
    public var json: JSONValue {
        switch self {
        case .said(let line): ["because": "said", "log": line.json]
        case .noEffect(let call): ["because": "no_effect", "call": call.json]
        }
    }
}

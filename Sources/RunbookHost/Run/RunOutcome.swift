public import Operations

/// How a run ended, and all that it did.
public struct RunOutcome: Sendable {
    /// The run's id.
    public let id: String
    /// The runbook's name.
    public let runbook: String
    /// The source's SHA-256.
    public let sha256: String
    /// How it ended; never `running`.
    public internal(set) var status: RunStatus
    /// What the script returned.
    public let result: JSONValue
    /// What a statement of a session returned, as a person is shown it; of other runs nothing.
    public internal(set) var values: [ShownValue] = []
    /// Why it did not succeed, if it did not.
    public internal(set) var error: RunError?
    /// The plan that it has made, if that was its task: of a run that did not succeed only what it came to.
    public let plan: Plan?
    /// Changes of the plan it has applied that it did not make.
    public let unmade: [PlannedChange]
    /// Calls of operations made.
    public let calls: Int
    /// Calls that change something.
    public let changes: [ChangeRecord]
    /// How long it took.
    public let duration: Duration
    /// The most Lua memory at one time, in bytes; 0 if the machine could not tell.
    public let peakMemory: Int
    /// Whether the script ran in a confined worker.
    public let isConfined: Bool

    /// Whether the run stands in a store and can be taken up again where it stopped.
    public let isResumable: Bool

    /// Changes that ended so.
    public func changes(_ outcome: ChangeRecord.Outcome) -> [ChangeRecord] { changes.filter { $0.outcome == outcome } }

    /// `{"run","runbook","status","result","error","calls","changes","duration_ms"}`, secrets redacted.
    public var json: JSONValue {
        [
            "run": .string(id), "runbook": .string(runbook), "sha256": .string(sha256),
            "status": .string(status.rawValue), "result": result, "error": error?.json ?? .null,
            "calls": .integer(Int64(calls)),
            "changes": .integer(Int64(changes.count { $0.outcome != .failed && $0.outcome != .notSent })),
            "changes_failed": .integer(Int64(changes(.failed).count)),
            "changes_unknown": .integer(Int64(changes(.unknown).count)),
            "duration_ms": .integer(duration.inMilliseconds), "confined": .bool(isConfined),
        ]
    }
}

internal import ConsoleModel
internal import Operations
internal import RunbookHost

/// What one run of a case came to.
struct CaseReport: Sendable {
    let status: RunStatus
    let error: RunError?
    let result: JSONValue
    let changes: [SentChange]
    /// The changing requests, also those that were refused.
    let sent: [SentChange]
    /// How often each refusal of the case came into play.
    let refused: [Int]
    /// The script's log lines, with their fields.
    let log: [String]
    let simulation: Simulation
    /// Questions that no answer was given for.
    let questions: [String]
    /// Whether the script had several tasks: their changes may come in another order.
    let isParallel: Bool
    let plan: Plan?
    /// Changes of the plan it has applied that it did not make.
    let unmade: [PlannedChange]
    /// When it ended, milliseconds since 1970.
    let ended: Int64

    /// What a test's own check gets: `run`.
    var json: JSONValue {
        [
            "status": .string(status.rawValue), "error": error.map { .string($0.message) } ?? .null,
            "result": ShownJSON.closed(result), "changes": .array(changes.map { ShownJSON.closed($0.json) }),
            "log": .array(log.map { .string($0) }),
        ]
    }
}

/// How a statement of a session ended.
public struct StatementOutcome: Sendable {
    /// Its run. It stands in the store if it made a call.
    public let run: RunOutcome
    /// What it returned.
    public var values: [ShownValue] { run.values }
    /// The changes that it added to the session's plan; of a statement that failed none are added.
    public let planned: [PlannedChange]
    /// How many changes it would have added if it had not failed.
    public let dropped: Int
    /// What it called, in the order of the first calls: operations by their names.
    public let operations: [String]
    /// Whether the machine was lost, and with it every variable; the next statement begins with a new one.
    public let isMachineLost: Bool
    /// Whether the machine of the statement before was lost since: this one began without variables.
    public let wasMachineLost: Bool
}

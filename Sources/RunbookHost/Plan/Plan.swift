public import Operations

/// What a runbook would change, as a dry run over live reads has found out; what an ``RunMode/apply`` run may change, and
/// nothing else.
public struct Plan: Sendable, Hashable {
    /// How long a plan can be applied if nobody says otherwise. Default: 24 hours, in milliseconds.
    public static let lifetime: Int64 = 86_400_000

    /// The plan's id: that of the run that made it.
    public var id: String
    /// When it was made, milliseconds since 1970.
    public var made: Int64
    /// Until when it can be applied, milliseconds since 1970.
    public var expires: Int64
    /// The runbook, as it was when the plan was made.
    public var runbook: Runbook
    /// The manifest's title.
    public var title: String
    /// The parameters, secrets closed.
    public var parameters: [String: JSONValue]
    /// The same as they may be shown: also without what the script made a secret of.
    public var shownParameters: [String: JSONValue]
    /// The target's name and addresses, as ``RunOptions/target``.
    public var target: JSONValue
    /// Seeds `math.random`, so that the script takes the same turns.
    public var seed: UInt64
    /// The limits of the run.
    public var limits: RunLimits
    /// Whether a runbook without a manifest is refused.
    public var requiresManifest: Bool
    /// The changes, in the order in which the script made them.
    public var changes: [PlannedChange]
    /// The questions that the script asked; the plan took a yes for each.
    public var questions: [String]
    /// The run that it undoes; `nil` if it undoes none.
    public var undoes: String?
    /// Secrets of that run, which neither this plan nor its application is to show.
    public var known: [SecretValue] = []
}

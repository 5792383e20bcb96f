/// Which runs a list shows.
public struct RunFilter: Sendable, Hashable {
    /// Only those that stand so; empty for all. Default: empty.
    public var statuses: Set<RunStatus>
    /// Only those of the runbook with this name or path; `nil` for all. Default: `nil`.
    public var runbook: String?
    /// The newest so many. Default: all.
    public var limit: Int?

    /// A filter; see the members for the defaults.
    public init(statuses: Set<RunStatus> = [], runbook: String? = nil, limit: Int? = nil) {
        self.statuses = statuses
        self.runbook = runbook
        self.limit = limit
    }
}

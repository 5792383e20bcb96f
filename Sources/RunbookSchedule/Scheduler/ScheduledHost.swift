public import Operations
public import RunbookHost

/// What a schedule's runs are made with.
public struct ScheduledHost: Sendable {
    /// Runs them; it must keep journals.
    public var host: RunbookHost
    /// The target's name and addresses, for the runs' records: `{"name","console","xpanse"}`.
    public var target: JSONValue
    /// The most that a run may use, where its schedule sets nothing else.
    public var limits: RunLimits
    /// Finds a secret parameter's text; see `RunOptions`.
    public var secret: (@Sendable (_ parameter: String, _ text: String) async throws(ParameterFault) -> SecretValue)?
    /// Reads a file that is a parameter; see `RunOptions`.
    public var file: (@Sendable (_ parameter: String, _ path: String) async throws(ParameterFault) -> ParameterFile)?

    /// A host; see the members.
    public init(
        _ host: RunbookHost, target: JSONValue = [:], limits: RunLimits = RunLimits(),
        secret: (@Sendable (_ parameter: String, _ text: String) async throws(ParameterFault) -> SecretValue)? = nil
    ) {
        self.host = host
        self.target = target
        self.limits = limits
        self.secret = secret
    }
}

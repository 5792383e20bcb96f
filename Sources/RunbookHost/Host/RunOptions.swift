public import Operations

/// How one run is to be made.
public struct RunOptions: Sendable {
    /// The run's id; made from time and randomness if `nil`.
    public var id: String?
    /// The parameters, by name.
    public var parameters: [String: ParameterInput]
    /// The most that the run may use; its manifest can only narrow it.
    public var limits: RunLimits
    /// Whether a runbook without a manifest is refused. Default: `true`. Without one the script may do all that the policy
    /// allows.
    public var requiresManifest: Bool
    /// How long calls in flight are waited for when the run ends early. Default: 10 s.
    public var grace: Duration
    /// Answers `confirm(question)`; `nil` if nobody can be asked.
    public var confirm: (@Sendable (_ question: String) async -> Bool)?
    /// Finds a secret parameter's text, such as `env:NAME`; `nil` takes the text itself for the secret.
    public var secret: (@Sendable (_ parameter: String, _ text: String) async throws(ParameterFault) -> SecretValue)?
    /// Is told of what happens, on any thread; it must return at once.
    public var observer: (@Sendable (RunEvent) -> Void)?

    /// Options; see the members for the defaults.
    public init(
        id: String? = nil, parameters: [String: ParameterInput] = [:], limits: RunLimits = RunLimits(),
        requiresManifest: Bool = true, grace: Duration = .seconds(10)
    ) {
        self.id = id
        self.parameters = parameters
        self.limits = limits
        self.requiresManifest = requiresManifest
        self.grace = grace
    }
}

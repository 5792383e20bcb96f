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
    /// What becomes of the script's changes. Default: they are sent.
    public var mode: RunMode = .run
    /// The plan that is applied, if ``mode`` is `apply`.
    public var plan: Plan?
    /// How long the plan that is made can be applied, in milliseconds. Default: ``Plan/lifetime``.
    public var planLifetime: Int64?
    /// The run that the plan which is made undoes.
    public var undoes: String?
    /// Secrets besides the run's own that it must not show, such as those of the run that it undoes.
    public var known: [SecretValue] = []
    /// Seeds `math.random`; random if `nil`.
    public var seed: UInt64?
    /// Who asked for the run, for its record: a login name.
    public var actor = ""
    /// What asked for it, for its record: `command`, `schedule:NAME`, `repl`, or a word of your own. What begins with
    /// `schedule:` is a scheduled run for the policy of signatures. Default: none.
    public var origin = ""
    /// Whether a person has typed what is run, so that it is no runbook and nobody could sign it: where all runbooks must be
    /// signed it may read and change nothing. Default: `false`.
    public var isTyped = false
    /// How its changes were approved, for its record: `plan`, `yes`, `asked`. Default: nobody was asked.
    public var approval = ""
    /// The target's name and addresses, for its record: `{"name","console","xpanse"}`. Default: unknown.
    public var target: JSONValue = [:]
    /// Answers `confirm(question)`; `nil` if nobody can be asked.
    public var confirm: (@Sendable (_ question: String) async -> Bool)?
    /// Finds a secret parameter's text, such as `env:NAME`; `nil` takes the text itself for the secret.
    public var secret: (@Sendable (_ parameter: String, _ text: String) async throws(ParameterFault) -> SecretValue)?
    /// Reads a file that is passed as a parameter by its path; `nil` refuses such parameters, unless their values are given.
    public var file: (@Sendable (_ parameter: String, _ path: String) async throws(ParameterFault) -> ParameterFile)?
    /// Takes what the statements of a session print, secrets redacted, on any thread. Default: it is logged.
    public var print: (@Sendable (_ text: String) -> Void)?
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

public import Operations

/// All that is known of a run besides its journal.
///
/// Nothing in it is secret: values of secret parameters stand in ``sealed`` alone.
public struct RunRecord: Sendable, Hashable {
    /// The run's id.
    public var id: String
    /// What it does with changes.
    public var mode: RunMode
    /// How it stands.
    public var status: RunStatus
    /// The runbook's name: the path it was read from.
    public var runbook: String
    /// SHA-256 of its source, lower-case hexadecimal.
    public var sha256: String
    /// The fingerprint of the listed key that has signed it; empty if none has.
    public var signedBy = ""
    /// The manifest's title; empty until it is known.
    public var title = ""
    /// The parameters as they were given, secrets redacted.
    public var parameters: [String: JSONValue] = [:]
    /// The limits the run began with.
    public var limits: RunLimits
    /// Seeds `math.random`.
    public var seed: UInt64
    /// The target's name and addresses: `{"name","console","xpanse"}`.
    public var target: JSONValue = [:]
    /// Who asked for it: a login name.
    public var actor = ""
    /// What asked for it: `command`, `schedule:NAME`, `repl`, or an embedding program's own word.
    public var origin = ""
    /// The plan it applies, or the plan that it made; empty for none.
    public var plan = ""
    /// How its changes were approved: `plan`, `yes`, `asked`, or empty if nobody was asked.
    public var approval = ""
    /// The program's version.
    public var version = ""
    /// SHA-256 of what scripts find besides their bindings; another one may read the same source otherwise.
    public var prelude: String
    /// Whether the script runs in a confined worker.
    public var isConfined: Bool
    /// Whether a runbook without a manifest is refused.
    public var requiresManifest = true
    /// Whether it is a statement of a session, which leans on the ones before it and cannot be taken up alone.
    public var isStatement = false
    /// When it began, milliseconds since 1970.
    public var began: Int64
    /// When it ended, milliseconds since 1970; `nil` while it has not.
    public var ended: Int64?
    /// How long it was under way, in milliseconds, the time before a resume included and the time between left out.
    public var duration: Int64 = 0
    /// Calls of operations made.
    public var calls = 0
    /// Changes by outcome: `done`, `failed`, `not_sent`, `unknown`, `planned`.
    public var changes: [String: Int] = [:]
    /// What the script returned, secrets redacted.
    public var result: JSONValue = .null
    /// Why it did not succeed, as ``RunError/json``.
    public var error: JSONValue = .null
    /// The source and the values of secret parameters, sealed.
    public var sealed: [UInt8] = []
    /// Who carries it, or last did.
    public var owner: RunOwner

    /// A run that begins now.
    public init(
        id: String, mode: RunMode, runbook: String, sha256: String, limits: RunLimits, seed: UInt64, prelude: String,
        isConfined: Bool, began: Int64, owner: RunOwner
    ) {
        self.id = id
        self.mode = mode
        status = .running
        self.runbook = runbook
        self.sha256 = sha256
        self.limits = limits
        self.seed = seed
        self.prelude = prelude
        self.isConfined = isConfined
        self.began = began
        self.owner = owner
    }
}

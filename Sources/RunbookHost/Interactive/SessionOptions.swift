public import Operations

/// How the statements of a session are run.
public struct SessionOptions: Sendable {
    /// What the session may use. Time, calls, log and result are each statement's own; memory is that of the machine they
    /// share; changes are those of the whole session.
    public var limits: RunLimits
    /// Who types, for the records: a login name.
    public var actor = ""
    /// What asked for the statements, for their records. Default: `repl`.
    public var origin = "repl"
    /// The target's name and addresses, as ``RunOptions/target``.
    public var target: JSONValue = [:]
    /// Answers `confirm(question)`; `nil` if nobody can be asked.
    public var confirm: (@Sendable (_ question: String) async -> Bool)?
    /// As ``RunOptions/secret``.
    public var secret: (@Sendable (_ parameter: String, _ text: String) async throws(ParameterFault) -> SecretValue)?
    /// As ``RunOptions/file``.
    public var file: (@Sendable (_ parameter: String, _ path: String) async throws(ParameterFault) -> ParameterFile)?
    /// Takes what statements print, secrets redacted. Default: it is logged.
    public var print: (@Sendable (_ text: String) -> Void)?
    /// As ``RunOptions/observer``.
    public var observer: (@Sendable (RunEvent) -> Void)?

    /// Options; see the members for the defaults.
    public init(limits: RunLimits = RunLimits()) { self.limits = limits }
}

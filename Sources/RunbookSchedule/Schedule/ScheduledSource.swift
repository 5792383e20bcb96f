internal import Operations
public import RunbookHost

/// What a schedule runs: the source, which may hold a secret, and the parameters as they were given.
///
/// Of a secret parameter that is where it comes from, such as `env:NAME`, and never the secret.
public struct ScheduledSource: Sendable, Hashable {
    /// The source that was there when the schedule was added, or last edited.
    public var source: [UInt8]
    /// The content of the signature file that it had then; `nil` if it had none.
    public var signature: [UInt8]?
    /// The parameters, by name.
    public var parameters: [String: ParameterInput]

    /// A source with its parameters.
    ///
    /// - Parameters:
    ///   - source: see ``source``.
    ///   - signature: see ``signature``. Default: there is none.
    ///   - parameters: see ``parameters``.
    public init(source: [UInt8], signature: [UInt8]? = nil, parameters: [String: ParameterInput]) {
        self.source = source
        self.signature = signature
        self.parameters = parameters
    }

    /// Opens ``Schedule/sealed``.
    ///
    /// - Throws: `Sealer.OpenError` if it was altered, or sealed with another key.
    public init(of schedule: Schedule, sealer: Sealer) throws(Sealer.OpenError) {
        let origin = try RunOrigin(schedule.sealed, by: sealer, run: schedule.id, name: schedule.runbook)
        self.init(source: origin.runbook.source, signature: origin.runbook.signature, parameters: origin.parameters)
    }

    /// The source as a runbook of a name, signed as it was.
    public func runbook(named name: String) -> Runbook { Runbook(name: name, source: source, signature: signature) }

    /// What ``Schedule/sealed`` is to be.
    public func sealed(by sealer: Sealer, for schedule: String) -> [UInt8] {
        RunOrigin(runbook(named: ""), parameters: parameters).sealed(by: sealer, run: schedule)
    }
}

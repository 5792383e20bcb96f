internal import Operations
public import RunbookHost

/// What a schedule runs: the source, which may hold a secret, and the parameters as they were given.
///
/// Of a secret parameter that is where it comes from, such as `env:NAME`, and never the secret.
public struct ScheduledSource: Sendable, Hashable {
    /// The source that was there when the schedule was added, or last edited.
    public var source: [UInt8]
    /// The parameters, by name.
    public var parameters: [String: ParameterInput]

    /// A source with its parameters.
    public init(source: [UInt8], parameters: [String: ParameterInput]) {
        self.source = source
        self.parameters = parameters
    }

    /// Opens ``Schedule/sealed``.
    ///
    /// - Throws: `Sealer.OpenError` if it was altered, or sealed with another key.
    public init(of schedule: Schedule, sealer: Sealer) throws(Sealer.OpenError) {
        let origin = try RunOrigin(schedule.sealed, by: sealer, run: schedule.id)
        self.init(source: origin.source, parameters: origin.parameters)
    }

    /// What ``Schedule/sealed`` is to be.
    public func sealed(by sealer: Sealer, for schedule: String) -> [UInt8] {
        RunOrigin(source: source, parameters: parameters).sealed(by: sealer, run: schedule)
    }
}

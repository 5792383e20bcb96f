/// What is wrong with the parameters of a run.
public struct ParameterFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The parameter.
    public let parameter: String
    /// What is wrong with it, and what would be right.
    public let reason: String

    /// A fault.
    public init(parameter: String, reason: String) {
        self.parameter = parameter
        self.reason = reason
    }

    /// `the parameter 'role' is missing: …`
    public var description: String { "the parameter '\(parameter)' \(reason)" }
}

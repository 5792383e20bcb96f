/// Why the simulator does not run.
public struct SimulatorError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, what went wrong, and what to do.
    public let description: String

    init(_ description: String) { self.description = description }
}

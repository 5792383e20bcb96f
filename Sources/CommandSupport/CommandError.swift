/// What ends a command early: one paragraph for a person, and the exit code for a script.
public struct CommandError: Error, Sendable {
    public let message: String
    public let code: ExitStatus

    /// - Parameter code: Default: bad usage or configuration.
    public init(_ message: String, code: ExitStatus = .usage) {
        self.message = message
        self.code = code
    }
}

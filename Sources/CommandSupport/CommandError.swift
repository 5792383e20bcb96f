/// What ends a command early: one paragraph for a person, and the exit code for a script.
package struct CommandError: Error, Sendable {
    package let message: String
    package let code: ExitStatus

    /// - Parameter code: Default: bad usage or configuration.
    package init(_ message: String, code: ExitStatus = .usage) {
        self.message = message
        self.code = code
    }
}

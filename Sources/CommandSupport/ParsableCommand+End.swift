package import ArgumentParser

extension ParsableCommand {
    /// Ends the program, with the exit code that fits.
    ///
    /// - Parameter error: what the person is told on stderr; a request for help or the version goes to stdout. `nil` if
    ///   all went well.
    package static func end(_ error: (any Error)? = nil) -> Never {
        guard let error = error as? CommandError else { exit(withError: error) }
        StandardStream.error.write("runbook: \(error.message)\n")
        exit(withError: error.code.exitCode)
    }
}

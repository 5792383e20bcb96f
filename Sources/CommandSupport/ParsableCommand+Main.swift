public import ArgumentParser

extension AsyncParsableCommand {
    /// Reads the arguments, runs the command they name and tells of its failure; a failure ends the program.
    ///
    /// On the main thread as far as the command does not leave it: a command that becomes another program gives it the
    /// signal mask of the thread it runs on.
    ///
    /// - Parameter arguments: Default: the program's own.
    @MainActor
    public static func runAsProgram(_ arguments: [String]? = nil) async {
        do {
            var command = try parseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error as CommandError {
            StandardStream.error.write("runbook: \(error.message)\n")
            exit(withError: error.code.exitCode)
        } catch {
            exit(withError: error)
        }
    }
}

import CommandSupport
import Operations
import RESTClient

/// Where people are told of what went wrong with a schedule: a program, or a webhook.
///
/// What it is described by never holds the arguments of the program, nor the path of the URL: either may be a token.
enum FailureHook: Sendable, Hashable, CustomStringConvertible {
    /// A program and its arguments. It is started directly, by no shell.
    case command([String])
    /// A URL that is posted to.
    case webhook(WebhookAddress)

    /// What stands before a program.
    private static let commandPrefix = "command:"

    /// Reads `command:PROGRAM ARGUMENT…` or `https://…`.
    ///
    /// - Throws: ``CommandError``, without anything that may be secret.
    init(_ destination: String) throws(CommandError) {
        guard destination.hasPrefix(Self.commandPrefix) else {
            guard destination.contains("://") else {
                throw CommandError(
                    "the hook is neither a program nor a URL: write command:PROGRAM ARGUMENT… or https://HOST/PATH")
            }
            do throws(TargetError) { self = .webhook(try WebhookAddress(destination)) } catch {
                throw CommandError(error.message)
            }
            return
        }
        let command = destination.dropFirst(Self.commandPrefix.count)
        guard !command.contains("\0") else { throw CommandError("the command of the hook holds a zero byte") }
        // Somebody who writes them expects a shell.
        guard !command.contains(where: { "\"'\\`$|&;<>".contains($0) }) else {
            throw CommandError(
                "the command of the hook holds a quote or another character of the shell's, and no shell runs it: what is "
                    + "between blanks is passed on as it stands. Put what needs a shell into a script, and name that")
        }
        let words = command.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let program = words.first else {
            throw CommandError("the hook names no program: write command:PROGRAM ARGUMENT…")
        }
        guard !program.contains("/") || program.hasPrefix("/") else {
            throw CommandError(
                "the program of the hook is given by a path that depends on the folder it is started in: write the whole path, "
                    + "from / on, or a name that is found in PATH")
        }
        self = .command(words)
    }

    /// The program's name, or the URL's scheme and host.
    var description: String {
        switch self {
        case .command(let words): words.first ?? ""
        case .webhook(let address): address.description
        }
    }
}

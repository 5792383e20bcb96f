import CommandSupport
import Glibc
import RESTClient
import RunbookSchedule

/// Where the people behind a schedule are told: as it is kept, and as it may be shown.
enum HookDestination {
    /// The ways, for help and errors.
    static let ways = "command:PROGRAM ARGUMENT…, https://HOST/PATH, or file:PATH or env:NAME that holds such a URL"

    /// Reads and checks what a person wrote. Paths become absolute: the daemon works in another folder.
    ///
    /// - Parameter warn: is told if a URL seems to hold a token, which the command line shows to everybody.
    /// - Throws: ``CommandError``, without anything that may be secret.
    static func read(
        _ text: String, sources: ConfigurationSources, warn: (String) -> Void
    ) throws(CommandError) -> String {
        let rest = String(text.drop { $0 != ":" }.dropFirst())
        if text.hasPrefix("env:") {
            guard !rest.isEmpty, !rest.contains("=") else {
                throw CommandError("--notify env: names no variable: write env:NAME, of a variable of the daemon's")
            }
            return text
        }
        if text.hasPrefix("file:") { return try file(rest, sources) }
        if text.hasPrefix("command:") { return try command(rest, sources) }
        guard text.contains("://") else {
            // Not repeated: it may be a token.
            throw CommandError("--notify takes \(ways)")
        }
        _ = try checked(text)
        if looksSecret(text) {
            warn(
                "the URL of --notify seems to hold a token, and command lines are read by others: keep it in a file that only the "
                    + "daemon can read, and give --notify file:PATH")
        }
        return text
    }

    /// As it may be shown: of a program its name, of a URL scheme and host.
    static func shown(_ destination: String) -> String {
        if destination.hasPrefix("file:") || destination.hasPrefix("env:") { return destination.shown }
        guard let hook = try? FailureHook(destination) else { return "what cannot be read" }
        return (destination.hasPrefix("command:") ? "command:" : "") + hook.description.shown
    }

    // MARK: Parts

    private static func checked(_ destination: String) throws(CommandError) -> FailureHook {
        do throws(CommandError) { return try FailureHook(destination) } catch {
            throw CommandError("--notify: \(error.message)")
        }
    }

    private static func file(_ path: String, _ sources: ConfigurationSources) throws(CommandError) -> String {
        guard !path.isEmpty else { throw CommandError("--notify file: names no file: write file:PATH") }
        let path = sources.absolute(path, from: sources.workingDirectory)
        // What this user may not read, the daemon may.
        guard access(path, F_OK) == 0 else {
            throw CommandError(
                "--notify: the file \(path.shown) is not there: make it, with the URL as its only line")
        }
        return "file:\(path)"
    }

    private static func command(_ text: String, _ sources: ConfigurationSources) throws(CommandError) -> String {
        var words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if let program = words.first, program.contains("/") {
            words[0] = sources.absolute(program, from: sources.workingDirectory)
            guard access(words[0], X_OK) == 0 else {
                throw CommandError(
                    "--notify: the program \(words[0].shown) is not there, or cannot be started: give another one, or make it "
                        + "executable")
            }
        }
        let destination = "command:" + words.joined(separator: " ")
        _ = try checked(destination)
        return destination
    }

    /// Whether a URL has a query, or a long part that no person thought of.
    private static func looksSecret(_ url: String) -> Bool {
        guard let scheme = url.firstPlace(of: "://") else { return false }
        let rest = url[scheme.upperBound...]
        if rest.contains("?") { return true }
        return rest.split(separator: "/").dropFirst().contains { part in
            part.count >= 16 && part.contains(where: \.isNumber) && part.contains(where: \.isLetter)
        }
    }
}

import CommandSupport
import Operations

/// Where a secret is kept. It is read when it is needed, and not before.
///
/// A project file comes with a checkout, and names the server that its secrets are sent to. So it may name only variables
/// that were set for runbook and files of its own folder, and no command.
enum SecretSource: Sendable, Hashable {
    /// In an environment variable.
    case environment(String)
    /// In a file, by its absolute path; one line end after it does not count.
    case file(String)
    /// In what a program prints, one line end after it left away. It is started directly, by no shell.
    case command([String])

    /// Where, without the secret: `‹secret› from the variable X`.
    var description: String {
        switch self {
        case .environment(let name): "\(SecretValue.redacted) from the variable \(name)"
        case .file(let path): "\(SecretValue.redacted) from the file \(path)"
        // Arguments may be telling; the program alone says enough.
        case .command(let arguments): "\(SecretValue.redacted) printed by \(arguments.first ?? "")"
        }
    }

    /// Reads the secret.
    ///
    /// - Parameters:
    ///   - setting: what needs it, for the error: `targets.prod.console.password`.
    ///   - warn: is told if others can read it.
    func read(
        for setting: String, from sources: ConfigurationSources, warn: (String) -> Void
    ) throws(CommandError) -> SecretValue {
        try Self.text(try bytes(for: setting, from: sources, warn: warn), place(for: setting))
    }

    /// What is there, as it is: also what is no text.
    func bytes(
        for setting: String, from sources: ConfigurationSources, warn: (String) -> Void
    ) throws(CommandError) -> [UInt8] {
        switch self {
        case .environment(let name):
            guard let value = sources.variable(name) else {
                throw CommandError(
                    "\(setting) is to be in the variable \(name), which is not set: set it, then try again")
            }
            return Array(value.utf8)
        case .file(let path): return try Self.read(file: path, for: setting, from: sources, warn: warn)
        case .command(let arguments):
            do throws(CredentialCommand.Failure) {
                return try sources.runCommand(arguments)
            } catch {
                throw CommandError(
                    "\(setting) is to be printed by \(arguments.first ?? ""), which \(error.reason): run it by hand to see "
                        + "why, then try again")
            }
        }
    }

    /// What holds the secret, for an error.
    func place(for setting: String) -> String {
        switch self {
        case .environment(let name): "the variable \(name) for \(setting)"
        case .file(let path): "the file \(path) for \(setting)"
        case .command(let arguments): "what \(arguments.first ?? "") printed for \(setting)"
        }
    }

    private static func read(
        file path: String, for setting: String, from sources: ConfigurationSources, warn: (String) -> Void
    ) throws(CommandError) -> [UInt8] {
        let content: [UInt8]?
        do throws(FileFailure) { content = try sources.files.read(path, limit: 64 << 10) } catch {
            throw CommandError("\(setting) is to be in the file \(path), which cannot be read: \(error.reason)")
        }
        guard let content else {
            throw CommandError(
                "\(setting) is to be in the file \(path), which does not exist: make it, with the secret as its only line"
            )
        }
        if let status = sources.files.status(path), status.permissions & 0o004 != 0 {
            warn("every user of this machine can read the secret in \(path): run chmod 600 \(path)")
        }
        return content
    }

    /// Text without the line end after it; `nil` if it is not UTF-8.
    static func line(_ bytes: [UInt8]) -> String? {
        var bytes = bytes[...]
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func text(_ bytes: [UInt8], _ what: String) throws(CommandError) -> SecretValue {
        guard let text = line(bytes) else {
            throw CommandError("\(what) is not text in UTF-8: it must be the secret alone, on one line")
        }
        guard !text.isEmpty else {
            throw CommandError("\(what) is empty: it must be the secret alone, on one line")
        }
        return SecretValue(text)
    }
}

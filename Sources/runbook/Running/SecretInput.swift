import CommandSupport
import Glibc
import Operations

/// Where a secret's text comes from; never from the command line itself, which every process can read.
enum SecretInput {
    /// The ways, for the help of all that takes secrets.
    static let ways = "env:NAME, file:PATH, 'command:PROGRAM ARGUMENT…' (no shell), or - to be asked"

    /// The secret that `text` names: `env:NAME`, `file:PATH`, `command:PROGRAM ARGUMENT…`, or `-` to be asked. Line ends
    /// after it do not count.
    ///
    /// - Parameters:
    ///   - name: what needs it, for questions and errors.
    ///   - patience: how long a program may take. Default: 2 min, for a person to type a passphrase.
    /// - Throws: ``CommandError``, without anything of the secret.
    static func read(
        _ text: String, name: String, environment: [String: String], mayAsk: Bool, patience: Duration = .seconds(120)
    ) throws(CommandError) -> SecretValue {
        if text.hasPrefix("env:") {
            let variable = String(text.dropFirst(4))
            guard let value = environment[variable], !value.isEmpty else {
                throw CommandError(
                    "the environment variable \(variable), which should hold \(name), is not set or empty")
            }
            return SecretValue(value)
        }
        if text.hasPrefix("file:") {
            let path = String(text.dropFirst(5))
            guard let content = try? LocalFiles().read(path, limit: 64 << 10), let value = line(content) else {
                throw CommandError("\(path), which should hold \(name), cannot be read as text")
            }
            guard !value.isEmpty else { throw CommandError("\(path), which should hold \(name), is empty") }
            return SecretValue(value)
        }
        if text.hasPrefix("command:") {
            let arguments = text.dropFirst(8).split(separator: " ").map(String.init)
            return try printed(by: arguments, name, environment, patience)
        }
        if text == "-" {
            guard mayAsk, let secret = Prompt.readSecret("\(name): ") else {
                throw CommandError(
                    "\(name) cannot be asked for without a terminal: give env:NAME, file:PATH or command:PROGRAM")
            }
            return secret
        }
        throw CommandError(
            "\(name) is a secret and is never given on the command line, where others can read it: write \(ways)")
    }

    private static func printed(
        by arguments: [String], _ name: String, _ environment: [String: String], _ patience: Duration
    ) throws(CommandError) -> SecretValue {
        guard let program = arguments.first else {
            throw CommandError("command: names no program that prints \(name): write 'command:PROGRAM ARGUMENT…'")
        }
        let printed: [UInt8]
        do throws(CredentialCommand.Failure) {
            printed = try CredentialCommand(arguments, environment: environment, timeout: patience).run()
        } catch {
            throw CommandError(
                "\(name) is to be printed by \(program), which \(error.reason): run it by hand to see why, then try again"
            )
        }
        guard let value = line(printed) else {
            throw CommandError("what \(program) printed for \(name) is not text in UTF-8: it must be the secret alone")
        }
        guard !value.isEmpty else {
            throw CommandError("\(program), which should print \(name), printed nothing: run it by hand to see why")
        }
        return SecretValue(value)
    }

    /// Text without the line ends after it; `nil` if it is not UTF-8.
    private static func line(_ bytes: [UInt8]) -> String? {
        guard var text = String(validating: bytes, as: UTF8.self) else { return nil }
        while text.last?.isNewline == true { text.removeLast() }
        return text
    }
}

import CommandSupport
import Glibc
import Operations

/// Where a secret's text comes from; never from the command line itself, which every process can read.
enum SecretInput {
    /// The secret that `text` names: `env:NAME`, `file:PATH`, or `-` to be asked.
    static func read(_ text: String, name: String, environment: [String: String], mayAsk: Bool) throws(CommandError)
        -> SecretValue
    {
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
            guard let content = try? LocalFiles().read(path, limit: 64 << 10),
                var value = String(validating: content, as: UTF8.self)
            else {
                throw CommandError("\(path), which should hold \(name), cannot be read as text")
            }
            while value.last?.isNewline == true { value.removeLast() }
            guard !value.isEmpty else { throw CommandError("\(path), which should hold \(name), is empty") }
            return SecretValue(value)
        }
        if text == "-" {
            guard mayAsk, let secret = Prompt.readSecret("\(name): ") else {
                throw CommandError("\(name) cannot be asked for without a terminal: give env:NAME or file:PATH")
            }
            return secret
        }
        throw CommandError(
            "\(name) is a secret and is never given on the command line, where others can read it: write env:NAME, file:PATH, or - to be asked"
        )
    }
}

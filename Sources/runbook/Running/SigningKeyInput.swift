import CommandSupport
import Operations
import RunbookHost

/// Finds the key that runbooks are signed with: never on the command line itself, which every process can read.
struct SigningKeyInput {
    private static let what = "the key to sign with"

    let configuration: Configuration
    let mayAsk: Bool

    /// The key that a flag names, or else the configuration.
    ///
    /// - Parameter text: a path, or `env:NAME`, `file:PATH`, `command:PROGRAM ARGUMENT…`, `-`.
    func read(_ text: String?) throws(CommandError) -> RunbookSigningKey {
        guard let text else { return try configured() }
        let path = text.hasPrefix("file:") ? String(text.dropFirst(5)) : text
        if path == text, text == "-" || text.hasPrefix("env:") || text.hasPrefix("command:") {
            let secret = try SecretInput.read(
                text, name: Self.what, environment: configuration.sources.environment, mayAsk: mayAsk)
            let place = text == "-" ? "what was typed" : "what \(text.prefix { $0 != ":" }): gives"
            guard let key = Self.key(written: secret.reveal()) else { throw Self.noKey(place) }
            return key
        }
        guard Self.key(written: path) == nil else {
            throw CommandError(
                "\(Self.what) is a secret and is never given on the command line, where others can read it: give a file that holds "
                    + "it, or \(SecretInput.ways)")
        }
        return try file(configuration.sources.absolute(path, from: configuration.sources.workingDirectory))
    }

    private func configured() throws(CommandError) -> RunbookSigningKey {
        let setting = "signatures.sign_with"
        guard let source = configuration.signingKey else {
            throw CommandError(
                "there is no key to sign with: give --key FILE (or \(SecretInput.ways)), or say in your own configuration file where "
                    + "it is kept, with \(setting). 'runbook sign --make-key FILE' makes one")
        }
        if case .file(let path) = source { return try file(path) }
        let bytes = try source.bytes(for: setting, from: configuration.sources) { _ in }
        return try key(bytes, in: source.place(for: setting))
    }

    private func file(_ path: String) throws(CommandError) -> RunbookSigningKey {
        let advice = "take its public half out of signatures.keys wherever it is listed, and make a new one"
        guard let bytes = try KeyFile(path: path).read(ifSeen: advice) else {
            throw CommandError(
                "\(path.shown), which should hold \(Self.what), is not there: give the file that does, or make a key with 'runbook sign "
                    + "--make-key \(path.shown)'")
        }
        return try key(bytes, in: path.shown)
    }

    private func key(_ bytes: [UInt8], in place: String) throws(CommandError) -> RunbookSigningKey {
        guard let key = Self.key(bytes) else { throw Self.noKey(place) }
        return key
    }

    private static func noKey(_ place: String) -> CommandError {
        CommandError(
            "\(place) is no key to sign with: it must have \(RunbookSigningKey.size) bytes, as 'runbook sign --make-key' writes "
                + "them, in hexadecimal or in Base64")
    }

    /// A key from its bytes, or from a text that has them in hexadecimal or in Base64.
    static func key(_ content: [UInt8]) -> RunbookSigningKey? {
        if let key = RunbookSigningKey(content) { return key }
        return SecretSource.line(content).flatMap { key(written: $0) }
    }

    /// A key from a text that has its bytes in hexadecimal or in Base64. Other text is none, however long: it may be a path.
    static func key(written text: String) -> RunbookSigningKey? {
        let text = text.trimmed
        for bytes in [Hexadecimal.bytes(text.lowercased()), Base64.bytes(text)] {
            if let key = bytes.flatMap({ RunbookSigningKey($0) }) { return key }
        }
        return nil
    }
}

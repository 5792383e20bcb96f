import ArgumentParser
import CommandSupport
import Operations
import RunbookHost
import RunbookTesting

/// `runbook sign FILE…`.
struct SignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign runbooks, so that a policy can tell them from others.",
        discussion: """
            Writes FILE.sig beside each runbook: somebody who has the key agrees to this source under this name. A byte that is \
            changed, another name or another key, and the signature counts for nothing. Put it beside the runbook wherever that \
            goes. Tests (NAME_test.lua) need none, and are passed over.

            The policy stands in your configuration file: signatures.keys lists the public keys that count, signatures.require \
            says which runbooks must be signed: scheduled (those of schedules, the default once a key is listed), all, or none. \
            With all, what is typed in a session or called with 'runbook call' may read and change nothing. A run that is refused \
            exits with 4.

              runbook sign --make-key ~/.config/runbook/signing.key
              runbook sign runbooks/unlock.lua --key ~/.config/runbook/signing.key
              runbook sign runbooks/unlock.lua --key 'command:pass show runbook-signing'
              runbook sign --verify runbooks/*.lua

            The key is kept in one file of 32 bytes. To keep it in a password manager instead, give that what \
            'base64 KEYFILE' prints, and remove the file.
            """)

    @Argument(
        help: ArgumentHelp("Runbooks, by path or name.", valueName: "file"), completion: WordCompletion.runbooks)
    var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "The key to sign with: a file, or \(SecretInput.ways). Default: what signatures.sign_with says.",
            valueName: "key"), completion: .file())
    var key: String?

    @Option(
        help: ArgumentHelp(
            "Make a key in this file, and print the lines for the configuration. A file that is there is kept.",
            valueName: "file"), completion: .file())
    var makeKey: String?

    @Option(help: ArgumentHelp("Whose key it is, for the lines that are printed. Default: yours.", valueName: "name"))
    var name: String?

    @Flag(help: "Print the lines for the configuration again, of the key to sign with.")
    var showKey = false

    @Flag(help: "Sign nothing: tell by which listed key each is signed. Exits with 1 if one is not.")
    var verify = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard [makeKey != nil, showKey, verify].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --make-key, --show-key and --verify.")
        }
        if makeKey != nil || showKey {
            guard files.isEmpty else { throw ValidationError("Sign runbooks in a second step: 'runbook sign FILE'.") }
        } else {
            guard !files.isEmpty else {
                throw ValidationError("Name the runbooks, or make a key with --make-key FILE.")
            }
            guard name == nil else { throw ValidationError("--name is for --make-key and --show-key.") }
        }
        if makeKey != nil || verify, key != nil { throw ValidationError("--key is for signing and for --show-key.") }
        if let name, !Self.isName(name) {
            throw ValidationError("--name takes letters, digits, spaces and . _ @ -, not '\(name.shown)'.")
        }
    }

    func run() throws {
        let configuration = try Configuration.load(options)
        for warning in configuration.warnings { StandardStream.error.write("runbook: warning: \(warning.shown)\n") }
        if let makeKey { return try make(makeKey, configuration) }
        if verify { return try tell(configuration) }
        let key = try SigningKeyInput(configuration: configuration, mayAsk: !options.noInput).read(self.key)
        if showKey { return show(key.publicKey, path: nil, configuration) }
        try sign(with: key, configuration)
    }

    // MARK: Keys

    private func make(_ file: String, _ configuration: Configuration) throws(CommandError) {
        let sources = configuration.sources
        let path = sources.absolute(file, from: sources.workingDirectory)
        let key = RunbookSigningKey()
        guard try KeyFile(path: path).write(key.bytes) else {
            throw CommandError(
                "\(path.shown) is there already, and a key is never overwritten: give another name. If it is a key to sign with, "
                    + "'runbook sign --show-key --key \(file.shown)' prints its lines for the configuration",
                code: .failed)
        }
        show(key.publicKey, path: path, configuration)
        guard !options.json else { return }
        StandardStream.error.write(
            "runbook: the key is in \(path.shown): whoever has it can sign. Keep it away from the machines that run what it signs, and "
                + "the lines above in their configuration files\n")
    }

    private func show(_ key: RunbookPublicKey, path: String?, _ configuration: Configuration) {
        let actor = Actor.name(environment: configuration.sources.environment)
        let name = name ?? (Self.isName(actor) ? actor : "")
        let line = name.isEmpty ? key.base64 : "\(key.base64) \(name)"
        guard options.json else {
            return StandardStream.output.write("signatures:\n  keys:\n    - \(line)\n")
        }
        var members: [String: JSONValue] = [
            "public_key": .string(key.base64), "fingerprint": .string(key.fingerprint), "name": .string(name),
            "line": .string(line),
        ]
        if let path { members["path"] = .string(path) }
        StandardStream.output.write(JSONValue.object(members).text + "\n")
    }

    /// Whether a name can stand behind a key without quotation marks.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.trimmed == text && text.utf8.count <= 100
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || " ._@-0123456789".unicodeScalars.contains($0)
            }
    }

    /// The files without tests, which nothing runs against a console: `runbooks/*.lua` names those too.
    private func runbookFiles() throws(CommandError) -> [String] {
        let runbooks = files.filter { !$0.hasSuffix(TestFile.suffix) }
        guard !runbooks.isEmpty else {
            throw CommandError("only tests are named, which need no signature: name the runbooks that they are of")
        }
        return runbooks
    }

    // MARK: Signing

    private func sign(with key: RunbookSigningKey, _ configuration: Configuration) throws(CommandError) {
        let publicKey = key.publicKey, policy = SignaturePolicy(keys: [ListedKey(publicKey)])
        let moment = Timestamp.now
        let signed = "\(Day(unixSeconds: moment.unixMilliseconds / 1_000))T\(moment.time)Z"
        let signer = Actor.name(environment: configuration.sources.environment)
        var done: [JSONValue] = []
        // All are read before the first is written.
        var runbooks: [Runbook] = []
        for file in try runbookFiles() {
            let runbook = try RunbookFile.read(file, directories: configuration.runbookDirectories)
            try Self.spare(runbook, publicKey, configuration.policy.signatures)
            runbooks.append(runbook)
        }
        for runbook in runbooks {
            let isNew = policy.verdict(on: runbook).key == nil
            if isNew {
                let signature: RunbookSignature
                do { signature = try key.sign(runbook, signed: signed, by: signer) } catch {
                    throw CommandError(
                        "\(runbook.name.shown) cannot be signed: of the signature file it is said that \(error). Give the runbook a "
                            + "plain name", code: .failed)
                }
                try SignatureFile.write(signature, beside: runbook.name)
            }
            let path = SignatureFile.path(beside: runbook.name)
            done.append([
                "file": .string(runbook.name), "signature": .string(path), "sha256": .string(runbook.sha256),
                "key": .string(publicKey.fingerprint), "new": .bool(isNew),
            ])
            guard !options.json else { continue }
            StandardStream.output.write(
                "\(path.shown): \(isNew ? "signed" : "signed already") (SHA-256 \(runbook.sha256.prefix(12))…)\n")
        }
        if options.json { StandardStream.output.write(JSONValue.array(done).text + "\n") }
        let listed = configuration.policy.signatures.keys
        if !listed.isEmpty, !listed.contains(where: { $0.key == publicKey }) {
            StandardStream.error.write(
                "runbook: warning: this key is not listed in signatures.keys here, so that its signatures do not count on this machine\n"
            )
        }
    }

    /// Refuses to replace a signature that counts here by one that does not.
    private static func spare(
        _ runbook: Runbook, _ key: RunbookPublicKey, _ policy: SignaturePolicy
    ) throws(CommandError) {
        guard let signer = policy.verdict(on: runbook).key, !policy.keys.contains(where: { $0.key == key }) else {
            return
        }
        throw CommandError(
            "\(runbook.name.shown) is not signed: it has a signature of the listed key \(signer.description.shown), and this key "
                + "is not listed in signatures.keys here, so that the new signature would not count. Nothing was written: sign "
                + "with a key that is listed, list this one, or put \(SignatureFile.path(beside: runbook.name).shown) aside",
            code: .failed)
    }

    // MARK: Verifying

    private func tell(_ configuration: Configuration) throws {
        let policy = configuration.policy.signatures
        var told: [JSONValue] = []
        var isGood = true
        for file in try runbookFiles() {
            let runbook = try RunbookFile.read(file, directories: configuration.runbookDirectories)
            let standing = SignatureStanding(of: runbook, policy)
            isGood = isGood && standing.isSigned
            told.append(.object(["file": .string(runbook.name)].merging(standing.members) { $1 }))
            if !options.json {
                StandardStream.output.write(
                    "\(standing.isSigned ? "✓" : "✗") \(runbook.name): \(standing.text)".shown + "\n")
            }
        }
        if options.json { StandardStream.output.write(JSONValue.array(told).text + "\n") }
        if policy.keys.isEmpty {
            StandardStream.error.write(
                "runbook: no key is listed: add the lines that 'runbook sign --make-key' prints to your configuration file\n"
            )
        }
        if !isGood { throw ExitStatus.failed.exitCode }
    }
}

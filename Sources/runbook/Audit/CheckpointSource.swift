import CommandSupport
import RunbookHost

/// Which checkpoints a log is to be checked against.
struct CheckpointSource: Sendable {
    /// The file they were read from; `nil` if there is none.
    private(set) var path: String?
    private(set) var content = CheckpointFile.Content()
    /// What a person should know, a sentence each.
    private(set) var warnings: [String] = []

    /// None.
    init() {}

    /// Reads the checkpoints of a file.
    ///
    /// - Parameters:
    ///   - path: the file; `nil` for the configured one.
    ///   - keys: the public keys in Base64 of which one must have signed each; none stands for the state folder's own and
    ///     those that the configuration says it had before.
    init(_ path: String?, keys: [String], _ configuration: Configuration) throws(CommandError) {
        let isNamed = path != nil
        let sources = configuration.sources
        var path = path.map { sources.absolute($0, from: sources.workingDirectory) }
        if path == nil, case .file(let configured)? = configuration.checkpoint { path = configured }
        guard let path else { return }
        let file = CheckpointFile(path: path)
        guard sources.files.status(path) != nil else {
            guard !isNamed else {
                throw CommandError(
                    "the checkpoints in \(path), named by --checkpoints, cannot be read: it does not exist")
            }
            warnings.append(
                "there are no checkpoints in \(path) yet: nothing outside the log says what was in it. If some were written "
                    + "there, somebody has removed them")
            return
        }
        let publicKeys = try Self.publicKeys(keys, configuration)
        do throws(FileFailure) { content = try file.read(signedBy: publicKeys) ?? CheckpointFile.Content() } catch {
            throw CommandError("the checkpoints in \(path) cannot be read: \(error.reason)")
        }
        self.path = path
    }

    private static func publicKeys(_ texts: [String], _ configuration: Configuration) throws(CommandError)
        -> [AuditPublicKey]
    {
        var keys: [AuditPublicKey] = []
        for text in texts {
            guard let key = AuditPublicKey(base64: text) else {
                throw CommandError(
                    "--key is no public key: give the 44 characters that 'runbook audit key' has printed on the machine whose "
                        + "log it is")
            }
            keys.append(key)
        }
        guard keys.isEmpty else { return keys }
        let file = KeyFile.audit(stateDirectory: configuration.stateDirectory)
        keys = configuration.formerAuditKeys
        if let key = try file.signingKey() { keys.insert(key.publicKey, at: 0) }
        guard !keys.isEmpty else {
            throw CommandError(
                "there are checkpoints, and no key in \(file.path) to check them with: give --key with what 'runbook audit key' "
                    + "has printed on the machine whose log it is, or leave them out with --no-checkpoints")
        }
        return keys
    }

    /// What a person should know once the log was read.
    func warnings(_ verification: AuditVerification) -> [String] {
        var warnings = warnings
        if let path, let given = verification.lastGiven, verification.fault == nil,
            !content.checkpoints.contains(where: { $0.sequence == given })
        {
            warnings.append(
                "the log says that a checkpoint of its line \(given) was given away, and it is not in \(path): it went elsewhere, "
                    + "or somebody has removed it")
        }
        return warnings
    }
}

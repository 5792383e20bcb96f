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
    ///   - key: the public key in Base64; `nil` for the state folder's own.
    init(_ path: String?, key: String?, _ configuration: Configuration) throws(CommandError) {
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
        let publicKey = try Self.publicKey(key, configuration)
        do throws(FileFailure) { content = try file.read(signedBy: publicKey) ?? CheckpointFile.Content() } catch {
            throw CommandError("the checkpoints in \(path) cannot be read: \(error.reason)")
        }
        self.path = path
    }

    private static func publicKey(_ text: String?, _ configuration: Configuration) throws(CommandError)
        -> AuditPublicKey
    {
        if let text {
            guard let key = AuditPublicKey(base64: text) else {
                throw CommandError(
                    "--key is no public key: give the 44 characters that 'runbook audit key' has printed on the machine whose "
                        + "log it is")
            }
            return key
        }
        let file = KeyFile.audit(stateDirectory: configuration.stateDirectory)
        guard let key = try file.signingKey() else {
            throw CommandError(
                "there are checkpoints, and no key in \(file.path) to check them with: give --key with what 'runbook audit key' "
                    + "has printed on the machine whose log it is, or leave them out with --no-checkpoints")
        }
        return key.publicKey
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

import ArgumentParser
import CommandSupport
import Glibc
import Operations
import RunbookHost
import SharedLoop

/// `runbook audit verify [FILE]`.
struct AuditVerifyCommand: LoopCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that the audit log is as it was written, and name the first line that is not.",
        discussion: """
            Without FILE the log of the state folder is checked; with it one that 'runbook audit export' has written.

              runbook audit verify
              runbook audit verify export.jsonl --checkpoints kept.jsonl --key BASE64

            Exit code 7 if a line was altered, removed, exchanged or put elsewhere, or a checkpoint does not fit.
            """)

    @Argument(
        help: ArgumentHelp("An export in the form jsonl; - for standard input.", valueName: "file"),
        completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp(
            "The checkpoints to compare with. Default: those of the configured file.", valueName: "file"),
        completion: .file())
    var checkpoints: String?

    @Flag(name: .customLong("no-checkpoints"), help: "Compare with no checkpoints, as for the log of another machine.")
    var noCheckpoints = false

    @Option(
        help: ArgumentHelp(
            """
            A public key that checkpoints may be signed with, as 'runbook audit key' prints it; more of them if the key was \
            changed. Default: the state folder's, and audit.former_keys.
            """,
            valueName: "base64"))
    var key: [String] = []

    @Option(
        help: ArgumentHelp(
            "The place of the first line, for an export that began with it. Default: 1.", valueName: "sequence"))
    var from: Int64 = 1

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard from >= 1 else { throw ValidationError("--from must be 1 or more, not \(from)") }
        guard !noCheckpoints || (checkpoints == nil && key.isEmpty) else {
            throw ValidationError("--no-checkpoints goes with neither --checkpoints nor --key: leave one of them out")
        }
    }

    func run(on loop: SharedLoop) async throws {
        let configuration = try Configuration.load(options)
        for warning in configuration.warnings { Self.warn(warning) }
        let source =
            try noCheckpoints ? CheckpointSource() : CheckpointSource(checkpoints, keys: key, configuration)
        let verification: AuditVerification
        if let file {
            verification = try Self.verify(
                file, AuditVerifier(from: from, checkpoints: source.content.checkpoints))
        } else {
            verification = try await StoredAuditLog(StateStore(configuration)).verify(
                from: from, checkpoints: source.content.checkpoints)
        }
        let name = file.map { "the audit log in \($0 == "-" ? "standard input" : $0)" } ?? "the audit log"
        let report = AuditReport(name: name, verification: verification, checkpoints: source)
        if options.json { StandardStream.output.write(report.json.text + "\n") }
        if let failure = report.failure { throw CommandError(failure, code: .auditFailed) }
        if !options.json { StandardStream.output.write(report.text) }
        for warning in source.warnings(verification) { Self.warn(warning) }
    }

    private static func verify(_ path: String, _ verifier: AuditVerifier) throws(CommandError) -> AuditVerification {
        var verifier = verifier
        let isInput = path == "-"
        let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandError("\(path) cannot be read: \(FileFailure(errno: errno).reason)")
        }
        defer { if !isInput { close(descriptor) } }
        var reader = LineReader(descriptor)
        do throws(FileFailure) {
            while let line = try reader.next() {
                switch line {
                case .text(let text): verifier.read(text)
                case .overlong: verifier.readOverlongLine()
                }
            }
        } catch {
            throw CommandError("\(isInput ? "standard input" : path) cannot be read: \(error.reason)")
        }
        return verifier.finish()
    }

    private static func warn(_ warning: String) {
        StandardStream.error.write("runbook: warning: \(warning.shown)\n")
    }
}

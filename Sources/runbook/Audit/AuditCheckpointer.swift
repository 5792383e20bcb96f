import CommandSupport
import Glibc
import Operations
import RunbookHost
import RunbookStore

/// Signs how the audit log ends and gives that away, as the configuration says.
///
/// Without a configured destination nothing is read and nothing done.
struct AuditCheckpointer: Sendable {
    private let destination: CheckpointDestination?
    private let keyFile: KeyFile
    private let environment: [String: String]
    private let now: @Sendable () -> Int64

    /// - Parameter now: milliseconds since 1970. Default: the machine's clock.
    init(_ configuration: Configuration, now: @escaping @Sendable () -> Int64 = { Timestamp.now.unixMilliseconds }) {
        destination = configuration.checkpoint
        keyFile = .audit(stateDirectory: configuration.stateDirectory)
        environment = configuration.sources.environment
        self.now = now
    }

    /// Whether the configuration says where checkpoints go.
    var isConfigured: Bool { destination != nil }

    /// Why no checkpoint can be made.
    var notConfigured: CommandError {
        CommandError(
            "no place is configured where checkpoints of the audit log go: set audit: { checkpoint: { file: PATH } } or "
                + "{ command: [PROGRAM, ARGUMENT…] } in your configuration file")
    }

    /// To be called at the end of a run that wrote lines.
    ///
    /// - Returns: what a person should know if no checkpoint could be made or given away; the run itself is not touched
    ///   by it. `nil` if all went well or nothing is configured.
    func endRun(_ store: any RunStore) async -> String? {
        guard isConfigured else { return nil }
        do throws(CommandError) { _ = try await checkpoint(store) } catch { return error.message }
        return nil
    }

    /// Makes a checkpoint of the log as it is now and gives it away. The log gets a line that says so.
    ///
    /// - Returns: the checkpoint; `nil` if the log has no line yet.
    /// - Throws: ``CommandError`` if nothing is configured, or something does not work.
    func checkpoint(_ store: any RunStore) async throws(CommandError) -> AuditCheckpoint? {
        guard let destination else { throw notConfigured }
        guard let head = try await head(store) else { return nil }
        let key = try keyFile.signingKeyOrNew()
        guard let checkpoint = try? key.checkpoint(head, unixMilliseconds: now(), host: RunOwner.current.host) else {
            throw CommandError("a checkpoint of the audit log could not be signed with \(keyFile.path)", code: .failed)
        }
        do throws(FileFailure) { try give(checkpoint, to: destination) } catch {
            let failure = CommandError(
                "the checkpoint of line \(checkpoint.sequence) of the audit log could not be given to "
                    + "\(destination.description) (\(destination.way) of audit.checkpoint): \(error.reason). Until one is given away, "
                    + "lines written since the last one can be cut off unnoticed: mend it, then run 'runbook audit checkpoint'",
                code: .failed)
            // What is told is the first failure; that the log cannot be written either, the next run will tell.
            try? await store.audit([event(checkpoint, destination, failure: error.reason)])
            throw failure
        }
        do throws(StoreError) { try await store.audit([event(checkpoint, destination, failure: nil)]) } catch {
            throw StateStore.error(error)
        }
        return checkpoint
    }

    private func head(_ store: any RunStore) async throws(CommandError) -> AuditHead? {
        do throws(StoreError) { return try await store.auditHead() } catch {
            throw StateStore.error(error)
        }
    }

    private func give(_ checkpoint: AuditCheckpoint, to destination: CheckpointDestination) throws(FileFailure) {
        switch destination {
        case .file(let path): try CheckpointFile(path: path).append(checkpoint.text)
        case .command(let arguments):
            try CheckpointProgram(arguments, environment: environment).take(checkpoint.text + [UInt8(ascii: "\n")])
        }
    }

    private func event(
        _ checkpoint: AuditCheckpoint, _ destination: CheckpointDestination, failure: String?
    ) -> AuditEvent {
        var members: [String: JSONValue] = [
            "host": .string(checkpoint.host), "pid": .integer(Int64(getpid())), "version": .string(programVersion),
            "checkpoint": .integer(checkpoint.sequence), "key": .string(checkpoint.key),
            "destination": .string(destination.description), "outcome": failure == nil ? "done" : "failed",
        ]
        members["error"] = failure.map { .string($0) }
        return AuditEvent(.checkpoint, unixMilliseconds: checkpoint.unixMilliseconds, members)
    }
}

import CommandSupport
import Glibc
import RunbookHost

/// A file of checkpoints, one a line. It is only ever added to.
struct CheckpointFile: Sendable {
    /// What stands in it.
    struct Content: Sendable {
        /// Those that were signed with one of the keys.
        var checkpoints: [AuditCheckpoint] = []
        /// The first line that is none of them.
        var fault: AuditFault?
    }

    /// An absolute path.
    let path: String

    /// Adds a line and waits until it is on the disk.
    func append(_ line: [UInt8]) throws(FileFailure) {
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(errno: errno) }
        defer { close(descriptor) }
        var text = line + [UInt8(ascii: "\n")]
        // Whoever was cut off in the middle of a line must not spoil this one.
        var last: UInt8 = 0
        let end = lseek(descriptor, 0, SEEK_END)
        if end > 0, pread(descriptor, &last, 1, end - 1) == 1, last != UInt8(ascii: "\n") {
            text.insert(UInt8(ascii: "\n"), at: 0)
        }
        // In one piece: others may add lines at the same moment.
        let written = text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written >= 0 else { throw FileFailure(errno: errno) }
        guard written == text.count else { throw FileFailure(errno: ENOSPC) }
        // A terminal or a pipe has nothing to wait for.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw FileFailure(errno: errno) }
    }

    /// Reads the file and checks each signature; `nil` if there is no such file.
    ///
    /// - Parameter keys: the machine's key, and those that it had before. Where one of them follows another in the file, that
    ///   one signs nothing any more: whoever has got hold of a former key cannot go on with it.
    func read(signedBy keys: [AuditPublicKey]) throws(FileFailure) -> Content? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFailure(errno: errno)
        }
        defer { close(descriptor) }
        var reader = LineReader(descriptor, limit: 64 << 10)
        var content = Content()
        var number: Int64 = 0
        var signer: String?, replaced: Set<String> = []
        while let line = try reader.next() {
            number += 1
            let checkpoint: AuditCheckpoint? =
                if case .text(let text) = line { AuditCheckpoint(parsing: text) } else { nil }
            let key = checkpoint.flatMap { checkpoint in keys.first { $0.hasSigned(checkpoint) } }
            if let checkpoint, let key = key?.fingerprint, !replaced.contains(key) {
                if let former = signer, former != key { replaced.insert(former) }
                signer = key
                content.checkpoints.append(checkpoint)
            } else if content.fault == nil {
                content.fault = fault(checkpoint, number, keys, isReplaced: key != nil)
            }
        }
        return content
    }

    private func fault(_ checkpoint: AuditCheckpoint?, _ number: Int64, _ keys: [AuditPublicKey], isReplaced: Bool)
        -> AuditFault
    {
        let reason =
            if isReplaced {
                "was signed with a key that another one had replaced before: somebody has kept the former key and uses it"
            } else if let checkpoint, keys.contains(where: { checkpoint.key == $0.fingerprint }) {
                "is no checkpoint that runbook has signed: its signature does not fit what it says. It was altered or forged"
            } else if let checkpoint {
                "was signed with another key, \(checkpoint.key.shown), than \(keys.map(\.fingerprint).joined(separator: " or ")). "
                    + "It comes from another machine or from before the key was changed, or it was forged: --key BASE64 checks "
                    + "with the key that belongs to it, audit.former_keys in the configuration with those of before"
            } else {
                "is no checkpoint: it was altered or cut off"
            }
        return AuditFault(
            .checkpoint, line: number, sequence: checkpoint?.sequence ?? 0,
            message: "line \(number) of the checkpoints in \(path) \(reason)")
    }
}

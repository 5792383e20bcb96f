import CommandSupport
import Glibc
import RunbookHost

/// A key that lies beside the state: a file of the user's alone, made on first use.
struct KeyFile: Sendable {
    /// An absolute path.
    let path: String

    /// The key that checkpoints of the audit log are signed with: `<state>/keys/audit`.
    static func audit(stateDirectory: String) -> KeyFile { KeyFile(path: Path.joined(stateDirectory, "keys/audit")) }

    /// The key; `nil` if it was not made yet.
    ///
    /// - Parameter advice: what to do if somebody else may have read it, a part of a sentence. Default: let a new one be made.
    /// - Throws: ``CommandError`` if it cannot be read, or others can.
    func read(
        ifSeen advice: String = "put it aside so that a new one is made"
    ) throws(CommandError) -> [UInt8]? {
        let content: [UInt8]?
        do throws(FileFailure) { content = try LocalFiles().read(path, limit: 4096) } catch {
            throw CommandError("the key \(path) cannot be read: \(error.reason)", code: .failed)
        }
        guard let content else { return nil }
        if let status = LocalFiles().status(path), status.permissions & 0o077 != 0 {
            throw CommandError(
                "others on this machine may read or replace the key \(path), so it proves nothing: run chmod 600 \(path), and "
                    + "if somebody may have read it, \(advice)", code: .failed)
        }
        return content
    }

    /// The key; a new one if there is none.
    ///
    /// Of two programs that make it at once one wins, and both get the winner's: what was signed or sealed with the other
    /// would be lost.
    ///
    /// - Parameter make: gives a new key.
    func read(orMake make: () -> [UInt8]) throws(CommandError) -> [UInt8] {
        if let key = try read() { return key }
        _ = try write(make())
        guard let key = try read() else {
            throw CommandError("the key \(path) was removed while it was made: try again", code: .failed)
        }
        return key
    }

    /// Writes a key, unless the file is there.
    ///
    /// - Returns: whether it was written; what was there is as it was.
    func write(_ key: [UInt8]) throws(CommandError) -> Bool {
        let temporary = "\(path).\(getpid())-\(UInt64.random(in: .min ... .max))"
        do throws(FileFailure) {
            try PrivateFile.makeDirectory(Path.parent(path))
            try PrivateFile.write(key, to: temporary)
            defer { unlink(temporary) }
            let isNew = link(temporary, path) == 0
            guard isNew || errno == EEXIST else { throw FileFailure(errno: errno) }
            try Self.synchronize(Path.parent(path))
            return isNew
        } catch { throw CommandError("a key cannot be made in \(path): \(error.reason)", code: .failed) }
    }

    /// Waits until a folder's names are on the disk.
    private static func synchronize(_ directory: String) throws(FileFailure) {
        let folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileFailure(errno: errno) }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw FileFailure(errno: errno) }
    }
}

extension KeyFile {
    /// The signing key; `nil` if it was not made yet.
    func signingKey() throws(CommandError) -> AuditSigningKey? {
        guard let bytes = try read() else { return nil }
        return try signingKey(bytes)
    }

    /// The signing key; a new one if there is none.
    func signingKeyOrNew() throws(CommandError) -> AuditSigningKey {
        try signingKey(try read { AuditSigningKey().bytes })
    }

    private func signingKey(_ bytes: [UInt8]) throws(CommandError) -> AuditSigningKey {
        guard let key = AuditSigningKey(bytes) else {
            throw CommandError(
                "\(path) should hold a key of \(AuditSigningKey.size) bytes and does not: give back the one that was there, or put "
                    + "the file aside so that a new key is made; checkpoints signed before then need the old public key",
                code: .failed)
        }
        return key
    }
}

extension KeyFile {
    /// The key that secrets in the journal are sealed with: `<state>/keys/state`.
    static func state(stateDirectory: String) -> KeyFile { KeyFile(path: Path.joined(stateDirectory, "keys/state")) }

    /// The key; a new one is made if there is none.
    func sealingKey() throws(CommandError) -> [UInt8] {
        let key = try read {
            var random = SystemRandomNumberGenerator()
            return (0..<Sealer.keyLength).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        }
        guard key.count >= Sealer.keyLength else {
            throw CommandError(
                "\(path) should hold a key of \(Sealer.keyLength) bytes and does not: give back the one that was there. "
                    + "Without it the secrets of earlier runs cannot be read, and those runs not be resumed",
                code: .failed)
        }
        return key
    }
}

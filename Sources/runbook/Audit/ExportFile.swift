import CommandSupport
import Glibc

/// Where an export goes: a file or standard output. Each piece is written when it is given.
struct ExportFile {
    /// Whoever was to read it has left; nothing more needs to be written.
    struct ReaderLeft: Error {}

    private let descriptor: Int32
    private let path: String?

    /// - Parameter path: the file, emptied if it is there; `nil` for standard output.
    init(_ path: String?) throws(CommandError) {
        self.path = path
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandError("\(path) cannot be written: \(FileFailure(errno: errno).reason)", code: .failed)
        }
    }

    /// Writes all of it.
    ///
    /// - Throws: ``CommandError``, ``ReaderLeft``.
    func write(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            case EPIPE: throw ReaderLeft()
            default: throw failure(errno)
            }
        }
    }

    /// Waits until a file is on the disk, and closes it.
    func finish() throws(CommandError) {
        guard path != nil else { return }
        let isWritten = fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS
        let reason = errno
        guard close(descriptor) == 0, isWritten else { throw failure(reason) }
    }

    private func failure(_ number: Int32) -> CommandError {
        CommandError(
            "the export could not be written to \(path ?? "standard output"): \(FileFailure(errno: number).reason). What was written "
                + "until then are whole lines but perhaps for the last", code: .failed)
    }
}

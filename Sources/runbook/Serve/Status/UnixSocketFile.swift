import CommandSupport
import Glibc

/// A socket in the file system that the daemon listens at; for its own user alone.
struct UnixSocketFile: Sendable {
    private let path: String
    /// What tells it from one that another program has put in its place.
    private let device: UInt
    private let inode: UInt

    /// Makes the socket, and takes the place of one whose server is gone.
    ///
    /// - Parameter path: not too long for a socket's address.
    /// - Returns: the socket, listening, to be closed by the caller, and its file, to be removed.
    /// - Throws: ``CommandError`` if there is a server, or a file that is no socket; if it cannot be made.
    static func open(_ path: String) throws(CommandError) -> (descriptor: Int32, file: UnixSocketFile) {
        func fail(_ why: String) -> CommandError {
            CommandError("the status page cannot be served at \(path): \(why)", code: .failed)
        }
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw fail(FileFailure(errno: errno).reason) }
        do throws(CommandError) {
            // Before there is a file: there is no moment in which others could connect.
            guard fchmod(descriptor, 0o600) == 0 else { throw fail(FileFailure(errno: errno).reason) }
            let lock = try lock(Path.parent(path), fail)
            defer { close(lock) }
            if withAddress(path, { bind(descriptor, $0, $1) }) != 0 {
                guard errno == EADDRINUSE else { throw fail(FileFailure(errno: errno).reason) }
                try removeStale(path, fail)
                guard withAddress(path, { bind(descriptor, $0, $1) }) == 0 else {
                    throw fail(FileFailure(errno: errno).reason)
                }
            }
            var status = stat()
            guard listen(descriptor, 64) == 0, lstat(path, &status) == 0 else {
                throw fail(FileFailure(errno: errno).reason)
            }
            return (descriptor, UnixSocketFile(path: path, device: status.st_dev, inode: status.st_ino))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Takes the file away, unless it is another one by now.
    func remove() {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
        unlink(path)
    }

    /// Of two servers that find a stale file at once the second one must not take away the first one's.
    private static func lock(
        _ directory: String, _ fail: (String) -> CommandError
    ) throws(CommandError) -> Int32 {
        let folder = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw fail("its folder \(directory): \(FileFailure(errno: errno).reason)") }
        // Others hold it for a moment only. Somebody else's lock is no reason not to start.
        for _ in 0..<100 {
            if flock(folder, LOCK_EX | LOCK_NB) == 0 { break }
            poll(nil, 0, 10)
        }
        return folder
    }

    private static func removeStale(_ path: String, _ fail: (String) -> CommandError) throws(CommandError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw fail("there is something else of this name, which is left alone: choose another path, or remove it")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard probe >= 0 else { throw fail(FileFailure(errno: errno).reason) }
        defer { close(probe) }
        let failure = withAddress(path) { connect(probe, $0, $1) } == 0 ? 0 : errno
        switch failure {
        case ECONNREFUSED: break
        case ENOENT: return
        case 0, EAGAIN:
            throw fail(
                "another program listens there, it may be another 'runbook serve': stop it, or choose another path")
        case EACCES, EPERM:
            throw fail("there is a socket of another user: remove it if nobody needs it, or choose another path")
        default:
            throw fail(
                "there is a socket, and whether anybody listens cannot be told: \(FileFailure(errno: failure).reason)")
        }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw fail(
                "a socket is left there by a server that is gone, and cannot be removed: \(FileFailure(errno: errno).reason)"
            )
        }
    }

    private static func withAddress(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { place in
            place.copyBytes(from: path.utf8.prefix(place.count - 1))
        }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

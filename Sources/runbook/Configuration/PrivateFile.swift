import Glibc

/// Files of the user's alone.
enum PrivateFile {
    /// Whether a file or folder is the user's own and nobody else may write to it.
    static func isOwn(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        return status.st_uid == geteuid() && status.st_mode & (S_IWGRP | S_IWOTH) == 0
    }

    /// Makes a folder, and those above it, for the user alone.
    static func makeDirectory(_ path: String) throws(FileFailure) {
        if mkdir(path, 0o700) == 0 { return }
        switch errno {
        case EEXIST:
            let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard folder >= 0 else { throw FileFailure("\(path) is a file where a folder must be") }
            close(folder)
        case ENOENT where path != "/":
            try makeDirectory(Path.parent(path))
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileFailure(errno: errno) }
        default: throw FileFailure(errno: errno)
        }
    }

    /// Writes a file that only the user can read. It is written under another name first, so that there is never half of
    /// it, also if two programs do so at once.
    static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        let temporary = "\(Path.parent(path))/.new-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileFailure(errno: errno) }
        var failure: Int32 = 0
        var written = 0
        while failure == 0, written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 { written += count } else if errno != EINTR { failure = errno }
        }
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        if close(descriptor) != 0, failure == 0 { failure = errno }
        if failure == 0, rename(temporary, path) != 0 { failure = errno }
        guard failure == 0 else {
            unlink(temporary)
            throw FileFailure(errno: failure)
        }
    }
}

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
        try WholeFile.write(bytes, to: path, mode: 0o600)
    }
}

import Glibc

/// Files that other users may read, as the mask for new files allows.
enum PublicFile {
    /// Makes a folder, and those above it.
    static func makeDirectory(_ path: String) throws(FileFailure) {
        if mkdir(path, 0o777) == 0 { return }
        switch errno {
        case EEXIST:
            var status = stat()
            guard stat(path, &status) == 0 else { throw FileFailure(errno: errno) }
            guard status.st_mode & S_IFMT == S_IFDIR else { throw FileFailure("it is a file") }
        case ENOENT:
            var parts = path.split(separator: "/", omittingEmptySubsequences: false)
            while parts.last?.isEmpty == true { parts.removeLast() }
            guard parts.count > 1 else { throw FileFailure(errno: ENOENT) }
            try makeDirectory(parts.dropLast().joined(separator: "/"))
            guard mkdir(path, 0o777) == 0 || errno == EEXIST else { throw FileFailure(errno: errno) }
        default: throw FileFailure(errno: errno)
        }
    }

    /// Writes a file under another name first and then gives it its own, so that there is never half of it.
    static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
        try WholeFile.write(bytes, to: path, mode: 0o666)
    }
}

import Glibc

/// Files that are there as a whole or not at all.
enum WholeFile {
    /// Writes a file under another name first and then gives it its own, so that there is never half of it, also if two
    /// programs do so at once.
    ///
    /// - Parameter mode: who may do what with it, less what the mask for new files takes away.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(FileFailure) {
        // In the same folder, also if the path is seen from the current one.
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let temporary = "\(folder).new-\(getpid())-\(UInt64.random(in: .min ... .max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
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

import Glibc

/// What the configuration needs of a file system. Tests bring their own.
protocol FileAccess: Sendable {
    /// A file's content, or `nil` if there is no such file.
    ///
    /// - Parameter limit: the most bytes; more is a failure.
    func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]?
    /// What is known of a file or folder, links followed; `nil` if there is none.
    func status(_ path: String) -> FileStatus?
    /// The path without links, or `nil` if there is no such file.
    func resolve(_ path: String) -> String?
}

/// What is known of a file.
struct FileStatus: Sendable, Hashable {
    var isDirectory: Bool
    /// What it is: `S_IFREG`, `S_IFIFO` and so on.
    var kind = mode_t(S_IFREG)
    /// The twelve bits of `chmod`.
    var permissions: UInt32
    /// The user it belongs to.
    var owner: UInt32
}

/// Why a file cannot be used: a part of a sentence.
struct FileFailure: Error, Sendable, Hashable {
    let reason: String

    init(_ reason: String) { self.reason = reason }

    /// The reason that the system gave.
    init(errno: Int32) {
        switch errno {
        case EACCES, EPERM: reason = "permission is denied"
        case ENOENT: reason = "it does not exist"
        case EISDIR: reason = "it is a folder"
        case ENOTDIR: reason = "a part of its path is not a folder"
        case ENOSPC: reason = "no space is left on the disk"
        case EROFS: reason = "the file system is read-only"
        default: reason = String(cString: strerror(errno))
        }
    }
}

/// The machine's file system.
struct LocalFiles: FileAccess {
    func read(_ path: String, limit: Int) throws(FileFailure) -> [UInt8]? {
        guard let descriptor = try Self.open(path) else { return nil }
        defer { close(descriptor) }
        return try Self.readAll(descriptor, limit: limit)
    }

    /// The first bytes of a file, or `nil` if there is no such file.
    ///
    /// - Parameter count: the most bytes; what is behind them is not read.
    func readBeginning(_ path: String, _ count: Int) throws(FileFailure) -> [UInt8]? {
        guard let descriptor = try Self.open(path) else { return nil }
        defer { close(descriptor) }
        var content = [UInt8](repeating: 0, count: count), filled = 0
        while filled < count {
            let read = content.withUnsafeMutableBytes { bytes in
                Glibc.read(descriptor, bytes.baseAddress?.advanced(by: filled), count - filled)
            }
            if read == 0 { break }
            if read > 0 {
                filled += read
            } else if errno != EINTR {
                throw FileFailure(errno: errno)
            }
        }
        return Array(content.prefix(filled))
    }

    private static func open(_ path: String) throws(FileFailure) -> Int32? {
        // Not blocking: a pipe that nobody writes to must not hold the command up.
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFailure(errno: errno)
        }
        // Without O_NONBLOCK from here on: a pipe with a writer, as a shell's <(…) makes it, is read to its end.
        _ = fcntl(descriptor, F_SETFL, 0)
        return descriptor
    }

    func status(_ path: String) -> FileStatus? {
        var information = stat()
        guard stat(path, &information) == 0 else { return nil }
        return FileStatus(
            isDirectory: information.st_mode & S_IFMT == S_IFDIR, kind: information.st_mode & S_IFMT,
            permissions: information.st_mode & 0o7777,
            owner: information.st_uid)
    }

    func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The names in a folder, in no order; `nil` if there is no such folder.
    static func names(in directory: String) throws(FileFailure) -> [String]? {
        guard let folder = opendir(directory) else {
            guard errno != ENOENT else { return nil }
            throw FileFailure(errno: errno)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Reads a descriptor to its end.
    static func readAll(_ descriptor: Int32, limit: Int) throws(FileFailure) -> [UInt8] {
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileFailure(errno: errno)
            }
            if count == 0 { return content }
            content += chunk[..<count]
            guard content.count <= limit else { throw FileFailure("it is larger than \(limit >> 10) KB") }
        }
    }
}

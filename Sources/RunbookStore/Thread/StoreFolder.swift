internal import Glibc

/// Where a database file is to lie, and the folders above it.
struct StoreFolder {
    private let path: String

    /// The folder of a database file.
    init(database path: String) { self.path = path }

    /// Creates the file and its folders, for this user alone, if they are not there.
    func create() throws(StoreFault) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw .notAFile
            }
            return
        }
        guard errno == ENOENT else { throw .system(SystemError(number: errno), at: path) }
        if let folder = Self.parent(of: path) { try Self.createFolder(folder) }
        // Not by opening it: closing it again would drop the locks that another connection of this process holds.
        guard mknod(path, S_IFREG | 0o600, 0) == 0 || errno == EEXIST else {
            throw .system(SystemError(number: errno), at: path)
        }
    }

    private static func createFolder(_ path: String) throws(StoreFault) {
        if mkdir(path, 0o700) == 0 {
            try keepEntry(of: path)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT:
            guard let parent = parent(of: path) else { throw .system(SystemError(number: ENOENT), at: path) }
            try createFolder(parent)
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw .system(SystemError(number: errno), at: path)
            }
            try keepEntry(of: path)
        default: throw .system(SystemError(number: errno), at: path)
        }
    }

    /// What is durable in a folder is lost with the folder's own entry.
    private static func keepEntry(of path: String) throws(StoreFault) {
        let parent = parent(of: path) ?? "."
        let folder = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // One that may be written but not read cannot be synchronised either.
        guard folder >= 0 else { return }
        defer { close(folder) }
        guard fsync(folder) == 0 || errno == EINVAL else { throw .system(SystemError(number: errno), at: parent) }
    }

    /// The folder that a path lies in; `nil` for the root and for a name alone.
    static func parent(of path: String) -> String? {
        var bytes = path.utf8[...]
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        if slash == bytes.startIndex { return bytes.count > 1 ? "/" : nil }
        return String(decoding: bytes[..<slash], as: UTF8.self)
    }
}

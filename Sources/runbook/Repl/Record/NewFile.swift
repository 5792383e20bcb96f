import CommandSupport
import Glibc

/// Files that a person asks for by name: all or nothing.
enum NewFile {
    /// Writes a file.
    ///
    /// - Parameters:
    ///   - path: seen from the current folder. The file's folder must be there.
    ///   - replaces: whether a file that is there is replaced. Default: it is kept, and nothing is written.
    ///   - isPublic: whether others may read a new file. Default: it is the user's alone.
    /// - Throws: ``CommandError`` that says what to do; nothing is left behind then.
    static func write(
        _ text: String, to path: String, replaces: Bool = false, isPublic: Bool = false
    ) throws(CommandError) {
        let bytes = Array(text.utf8)
        do throws(FileFailure) {
            if replaces { try replace(path, by: bytes) } else { try create(path, bytes, isPublic) }
        } catch {
            throw CommandError("\(path.shown) cannot be written: \(error.reason)", code: .failed)
        }
    }

    private static func create(_ path: String, _ bytes: [UInt8], _ isPublic: Bool) throws(FileFailure) {
        let file = try absolute(path)
        var status = stat()
        guard lstat(file, &status) != 0 else { throw isThere }
        // Under another name at first: there is never half of it, nor two programs' halves.
        let draft = "\(Path.parent(file))/.draft-\(getpid())-\(UInt64.random(in: .min ... .max))"
        if isPublic { try PublicFile.write(bytes, to: draft) } else { try PrivateFile.write(bytes, to: draft) }
        defer { unlink(draft) }
        // Unlike a renaming this never takes another file's place.
        guard link(draft, file) == 0 else {
            if errno == EEXIST { throw isThere }
            throw FileFailure(errno: errno)
        }
    }

    private static func replace(_ path: String, by bytes: [UInt8]) throws(FileFailure) {
        let file = try absolute(path)
        // A link stays one.
        let target = LocalFiles().resolve(file) ?? file
        var status = stat()
        if stat(target, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw FileFailure("it is there, and no file that can be replaced: give another name")
        }
        try PrivateFile.write(bytes, to: target)
    }

    private static let isThere = FileFailure("it is there already: give another name")

    /// The path from the root on, if its folder is there.
    private static func absolute(_ path: String) throws(FileFailure) -> String {
        guard !path.isEmpty, !path.hasSuffix("/") else { throw FileFailure("it is no file's name: give one") }
        var file = path
        if !path.hasPrefix("/") {
            guard let folder = getcwd(nil, 0) else { throw FileFailure(errno: errno) }
            defer { free(folder) }
            file = String(cString: folder) + "/" + path
        }
        let folder = Path.parent(file)
        guard let status = LocalFiles().status(folder) else {
            throw FileFailure("the folder \(folder.shown) is not there: make it first, or give another name")
        }
        guard status.isDirectory else { throw FileFailure("\(folder.shown) is no folder: give another name") }
        return file
    }
}

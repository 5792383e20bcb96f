internal import Glibc
internal import RunbookHost

/// Why a database cannot be used, before it is said to a person.
enum StoreFault: Error, Hashable {
    /// There is something else than a file at its path.
    case notAFile
    /// The system refuses something about a path.
    case system(SystemError, at: String)
    /// SQLite refuses something.
    case sqlite(SQLiteError)
    /// It is another program's.
    case foreign
    /// It was taken away while it was in use.
    case moved
    /// It was written by a later version: the version of its schema, and the last one that is known here.
    case newer(Int64, known: Int64)
    /// The file system cannot share memory between processes, which the journal of the database needs.
    case unshared
    /// What stands in it cannot be read.
    case damaged(String)

    /// What SQLite said; it says of many errors of the system only that the file cannot be opened.
    init(_ error: SQLiteError, path: String) {
        if error.code.primary == .cannotOpen, error.systemError != 0 {
            self = .system(SystemError(number: error.systemError), at: path)
        } else if error.code == .moved {
            self = .moved
        } else {
            self = .sqlite(error)
        }
    }

    /// What was tried, what is wrong, what to do.
    ///
    /// - Parameter purpose: what was tried, as in "cannot …".
    func explained(purpose: String, path: String) -> StoreError {
        let (reason, advice) = explanation(path: path)
        return .unusable("cannot \(purpose) in \(path): \(reason); \(advice)")
    }

    private static let otherFolder = "or name another folder with --state"

    private func explanation(path: String) -> (reason: String, advice: String) {
        switch self {
        case .notAFile: ("that is no file", "move it away, \(Self.otherFolder)")
        case .system(let error, let place): Self.explanation(error, at: place, path: path)
        case .sqlite(let error): Self.explanation(error, path: path)
        case .foreign:
            ("the file is the database of another program", "move it away, \(Self.otherFolder)")
        case .moved:
            ("the file was moved or removed while it was in use", "put it back, \(Self.otherFolder)")
        case .newer(let version, let known):
            (
                "the file has format \(version), of a newer version of this program, which knows format \(known) at most",
                "use the newer version, \(Self.otherFolder)"
            )
        case .unshared:
            (
                "its file system cannot share memory between processes, as network file systems cannot",
                "name a folder on a local disk with --state"
            )
        case .damaged(let what): Self.damaged(what, path: path)
        }
    }

    private static func damaged(_ what: String, path: String) -> (reason: String, advice: String) {
        (
            "the file is damaged (\(what))",
            "move it away together with \(path)-wal, if that is there, and put a backup of both in its place, \(otherFolder)"
        )
    }

    private static func explanation(
        _ error: SystemError, at place: String, path: String
    ) -> (reason: String, advice: String) {
        let subject = place == path ? "" : "\(place): "
        return switch error.number {
        case EACCES, EPERM:
            (
                "\(subject)this user has no permission",
                "give it to user \(getuid()) with chown or chmod, \(otherFolder)"
            )
        case EROFS: ("\(subject)the file system is read-only", "mount it writable, \(otherFolder)")
        case ENOSPC, EDQUOT: ("\(subject)the disk is full", "free some space there, \(otherFolder)")
        case ENOTDIR, EEXIST:
            ("\(subject)a folder on this path is a file", "move that file away, \(otherFolder)")
        case EFBIG:
            (
                "\(subject)the file has reached the largest size that is allowed",
                "raise the limit of file sizes (ulimit -f), \(otherFolder)"
            )
        case EMFILE, ENFILE:
            ("too many files are open", "raise the limit of open files (ulimit -n), or run less at once")
        case EAGAIN: ("the system has no threads left", "raise the limit of processes (ulimit -u), or run less at once")
        default: ("\(subject)\(error.text)", "mend that, \(otherFolder)")
        }
    }

    private static func explanation(_ error: SQLiteError, path: String) -> (reason: String, advice: String) {
        switch error.code {
        case .full: ("the disk is full", "free some space there, \(otherFolder)")
        case .readOnly, .permission:
            ("it is read-only", "make the file and its folder writable for user \(getuid()), \(otherFolder)")
        case .busy, .locked:
            (
                "another process has kept it locked for too long",
                "see who does with 'fuser \(path)', wait for that to end, and try again"
            )
        case .notADatabase: damaged("it is no database", path: path)
        case .corrupt: damaged(error.message, path: path)
        case .noMemory: ("there is no memory left", "run less at once, or raise the limit of memory")
        case .tooBig: ("what is to be kept is too large (1 GB at most)", "return or send less at once")
        case .ioError where [EFBIG, EDQUOT, ENOSPC, EROFS, EACCES].contains(error.systemError):
            explanation(SystemError(number: error.systemError), at: path, path: path)
        case .ioError:
            (
                "the disk failed (\(error.systemError == 0 ? error.message : SystemError(number: error.systemError).text))",
                "see the system's log for it, \(otherFolder)"
            )
        default: (error.message, "if that stays so, move the file away, \(otherFolder)")
        }
    }
}

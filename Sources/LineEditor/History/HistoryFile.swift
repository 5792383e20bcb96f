internal import Glibc

/// A history on disk, which several sessions may add to at once: each entry is appended whole, under a lock.
///
/// The file is readable by its owner alone (0600), and so is the folder if it is made (0700). Once there are far more
/// entries than are kept, loading writes the file anew. A file with lines that no session wrote is kept aside with
/// `.damaged` at the end of its name, and what can be read of it goes on.
public struct HistoryFile: Sendable {
    /// Where it is.
    public let path: String
    /// What is kept.
    public let rules: HistoryRules
    /// Bytes read of a file; of a larger one the end.
    private static let greatestSize = 64 << 20
    /// Times that a file which was replaced meanwhile is opened again.
    private static let attempts = 10

    /// Names a file; nothing is done yet.
    public init(path: String, rules: HistoryRules = HistoryRules()) {
        self.path = path
        self.rules = rules
    }

    // MARK: Loading

    /// Reads the history; an empty one if there is no file.
    ///
    /// - Parameter onDamage: told where the file is kept, if it had lines that could not be read.
    /// - Throws: when there is a file that cannot be read.
    public func load(onDamage: (String) -> Void = { _ in }) throws(HistoryFault) -> History {
        guard let file = try open(O_RDWR, creates: false) else { return History(rules: rules) }
        defer { close(file) }
        let bytes = try contents(of: file)
        var entries: [String] = []
        var lineCount = 0
        var isDamaged = false
        var start = 0
        while start < bytes.count {
            let end = bytes.firstOffset(of: 0x0A, from: start) ?? bytes.count
            lineCount += 1
            if let entry = HistoryEncoding.decode(bytes[start..<end]) {
                entries.append(entry)
            } else {
                isDamaged = true
            }
            start = end + 1
        }
        let history = History(entries, rules: rules)
        if isDamaged {
            let aside = path + ".damaged"
            try keepAside(bytes, as: aside)
            onDamage(aside)
        }
        if isDamaged || lineCount > 2 * rules.limit + 100 { try replace(with: history, old: file) }
        return history
    }

    private func contents(of file: Int32) throws(HistoryFault) -> [UInt8] {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw fault("read") }
        let size = Int(status.st_size)
        let start = max(0, size - Self.greatestSize)
        var failed = false
        var bytes = [UInt8](unsafeUninitializedCapacity: size - start) { buffer, count in
            while count < buffer.count, let base = buffer.baseAddress {
                let got = pread(file, base + count, buffer.count - count, off_t(start + count))
                if got < 0 && errno == EINTR { continue }
                failed = got < 0
                guard got > 0 else { break }
                count += got
            }
        }
        if failed { throw fault("read") }
        // The first line of a part is the rest of one.
        if start > 0, let end = bytes.firstOffset(of: 0x0A, from: 0) { bytes.removeFirst(end + 1) }
        return bytes
    }

    // MARK: Adding

    /// Adds an entry at the end. What `History` does not add must not be given.
    public func append(_ entry: String) throws(HistoryFault) {
        guard entry.utf8.count <= rules.entryLimit else { return }
        guard let file = try open(O_RDWR | O_APPEND, creates: true) else { throw fault("opened") }
        defer { close(file) }
        var line = HistoryEncoding.encode(entry)
        // An entry that was cut off, as by a full disk, keeps a line of its own.
        let end = lseek(file, 0, SEEK_END)
        var last: UInt8 = 0x0A
        if end > 0, pread(file, &last, 1, end - 1) == 1, last != 0x0A { line.insert(0x0A, at: 0) }
        guard Self.write(line, to: file) else {
            let failure = fault("written")
            ftruncate(file, end)
            throw failure
        }
    }

    // MARK: Files

    /// Opens and locks the file; nil if there is none and none is to be made.
    private func open(_ flags: Int32, creates: Bool) throws(HistoryFault) -> Int32? {
        for _ in 0..<Self.attempts {
            if creates { makeFolder() }
            let file = Glibc.open(path, flags | (creates ? O_CREAT : 0) | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o600)
            guard file >= 0 else {
                if errno == ENOENT, !creates { return nil }
                if errno == EINTR { continue }
                throw fault("opened")
            }
            var mine = stat()
            var there = stat()
            guard fstat(file, &mine) == 0, mine.st_mode & S_IFMT == S_IFREG else {
                close(file)
                throw HistoryFault(
                    "the history \(path) cannot be opened: it is no regular file; remove it or name another")
            }
            if mine.st_mode & 0o077 != 0, mine.st_uid == geteuid() { fchmod(file, 0o600) }
            while flock(file, LOCK_EX) != 0, errno == EINTR {}
            // Another session may have put a new file in its place while this one waited.
            if stat(path, &there) == 0, there.st_ino == mine.st_ino, there.st_dev == mine.st_dev { return file }
            close(file)
        }
        throw HistoryFault("the history \(path) cannot be opened: it is replaced again and again; try again later")
    }

    /// Makes the folder that the file is in, and those it is in.
    private func makeFolder() {
        let parts = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        var folder = path.hasPrefix("/") ? "" : "."
        for part in parts {
            folder += "/" + part
            // What cannot be made shows when the file is opened.
            mkdir(folder, 0o700)
        }
    }

    /// Puts a file with a history's entries in the place of the one that is locked.
    private func replace(with history: History, old: Int32) throws(HistoryFault) {
        let temporary = "\(path).new.\(getpid()).\(old)"
        let lines = history.entries.lazy.filter { $0.utf8.count <= rules.entryLimit }.flatMap(HistoryEncoding.encode)
        try writeFile(Array(lines), as: temporary)
        guard rename(temporary, path) == 0 else {
            let failure = fault("replaced")
            unlink(temporary)
            throw failure
        }
    }

    private func keepAside(_ bytes: [UInt8], as aside: String) throws(HistoryFault) { try writeFile(bytes, as: aside) }

    private func writeFile(_ bytes: [UInt8], as name: String) throws(HistoryFault) {
        unlink(name)
        let file = Glibc.open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw fault("rewritten") }
        defer { close(file) }
        guard Self.write(bytes, to: file) else {
            let failure = fault("rewritten")
            unlink(name)
            throw failure
        }
    }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count, let base = buffer.baseAddress {
                let count = Glibc.write(file, base + offset, buffer.count - offset)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    private func fault(_ what: String) -> HistoryFault {
        HistoryFault(
            "the history \(path) cannot be \(what): \(String(cString: strerror(errno))); lines are kept for this "
                + "session only; see to the file and its folder")
    }
}

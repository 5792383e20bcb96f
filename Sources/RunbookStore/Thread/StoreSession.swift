internal import Glibc
internal import RunbookHost

/// The open database of a store, and its transactions. It lives on the store's thread.
final class StoreSession {
    /// How a store behaves that is not for its users to say.
    struct Settings: Sendable {
        /// How long a call waits while another process writes. Default: 10 seconds.
        var patience: Duration = .seconds(10)
        /// How many pages the file may have; `nil` for SQLite's own limit. Default: `nil`.
        var pages: Int?
        /// By which name SQLite knows the layer between it and the system; `nil` for its own. Default: `nil`.
        var fileSystem: String?
    }

    private let path: String
    private let settings: Settings
    private var database: Database?
    /// Whether there was a file: then one that is gone is not made anew, for what stood in it would silently be forgotten.
    private var hadFile = false
    /// Whether the log may hold what is not on the disk although the system takes it for written.
    private var isLogDoubtful = false

    /// A store that is not opened yet.
    init(path: String, settings: Settings) {
        self.path = path
        self.settings = settings
    }

    /// Closes the database; it is opened again when it is next needed.
    func close() { database = nil }

    /// Bytes of the log that the next program reads through at once.
    private static let largeLog = 512 << 10

    /// Empties the log if it is large and nobody else needs it.
    func tidy() {
        var status = stat()
        guard let database, stat(path + "-wal", &status) == 0, status.st_size > Self.largeLog else { return }
        // Nobody is to wait for it.
        database.setPatience(.zero)
        try? database.emptyLog()
        database.setPatience(settings.patience)
    }

    /// Reads something, in one transaction if `body` uses one.
    ///
    /// - Parameter purpose: what is tried, as in "cannot …".
    func read<T>(_ purpose: String, _ body: (Database) throws -> T) -> Result<T, StoreError> {
        do {
            return .success(try body(try open()))
        } catch {
            return .failure(explain(error, purpose: purpose))
        }
    }

    /// Does writes in one transaction, and answers each. One that is refused leaves the others alone.
    func commit(_ writes: [StoreWrite]) {
        do {
            for answer in try commitTogether(writes) { answer() }
        } catch {
            // What is wrong with one of them is not to be paid for by the others. Anything else is wrong with all.
            if writes.count > 1, isOfOne(error) {
                for write in writes { commit([write]) }
            } else {
                for write in writes { write.fail(explain(error, purpose: write.purpose)) }
            }
        }
    }

    private func isOfOne(_ error: any Error) -> Bool {
        switch error {
        case is StoreRefusal, SQLiteCode.full, SQLiteCode.tooBig, SQLiteCode.noMemory, SQLiteCode.constraint: true
        default: false
        }
    }

    /// - Returns: what tells each caller.
    private func commitTogether(_ writes: [StoreWrite]) throws -> [@Sendable () -> Void] {
        let database = try open()
        guard !database.hasMoved else { throw StoreFault.moved }
        if isLogDoubtful {
            try database.emptyLog()
            isLogDoubtful = false
        }
        try database.setSynchronisation(writes.contains { $0.isDurable } ? .full : .normal)
        try database.run("BEGIN IMMEDIATE")
        do {
            var answers: [@Sendable () -> Void] = []
            for write in writes {
                let changes = database.changes
                do {
                    answers.append(try write.attempt(database))
                } catch let error as StoreError {
                    // Whatever is refused is refused before it changes anything; then there is nothing to take back.
                    guard database.changes == changes else { throw StoreRefusal(error: error) }
                    answers.append { write.fail(error) }
                }
            }
            try database.run("COMMIT")
            return answers
        } catch {
            if case SQLiteCode.syncFailed = error { isLogDoubtful = true }
            if database.isInTransaction { try? database.run("ROLLBACK") }
            throw error
        }
    }

    /// The database, opened and brought to this version's schema if it was not.
    private func open() throws -> Database {
        if let database { return database }
        if hadFile, access(path, F_OK) != 0 { throw StoreFault.moved }
        try StoreFolder(database: path).create()
        let database = try Database(path: path, fileSystem: settings.fileSystem)
        database.setPatience(settings.patience)
        let deadline = ContinuousClock.now + settings.patience
        while true {
            do {
                try Schema.prepare(database)
                break
            } catch SQLiteCode.busy where ContinuousClock.now < deadline {
                // Changing the kind of journal does not wait for others by itself.
                usleep(2_000)
            }
        }
        if let pages = settings.pages { try database.execute("PRAGMA max_page_count = \(pages)") }
        self.database = database
        hadFile = true
        return database
    }

    /// What a person reads of an error. After one that may lie with what was opened, the file is opened anew; not after others: the
    /// connection knows what part of the log was committed.
    private func explain(_ error: any Error, purpose: String) -> StoreError {
        switch error {
        case let refusal as StoreRefusal: return refusal.error
        case let error as StoreError: return error
        case let error as StoreFault:
            close()
            return error.explained(purpose: purpose, path: path)
        case let error as SQLiteError:
            switch error.code {
            case .cannotOpen, .readOnly, .notADatabase, .corrupt: close()
            default: break
            }
            return StoreFault(error, path: path).explained(purpose: purpose, path: path)
        default: return .unusable("cannot \(purpose) in \(path): \(error)")
        }
    }
}

/// A write was refused after it had changed something, which has to be taken back.
private struct StoreRefusal: Error {
    let error: StoreError
}

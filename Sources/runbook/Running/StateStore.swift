import CommandSupport
import Glibc
import RunbookHost
import RunbookStore

/// The database of runs, below the state folder.
struct StateStore: Sendable {
    /// The state folder.
    let directory: String
    /// The database; it is made when it is first written to.
    let store: SQLiteStore

    /// The database of a configuration's state folder; nothing is opened yet.
    init(_ configuration: Configuration) {
        directory = configuration.stateDirectory
        store = SQLiteStore(path: directory + "/runbook.db")
    }

    /// Whether an owner of a run lives; `nil` if that cannot be told from here.
    func isAlive(_ owner: RunOwner) -> Bool? { owner.isAlive }

    /// The runs that a filter lets through, the newest first. Where there is no database there are none, and it is not
    /// made by asking.
    ///
    /// - Throws: ``CommandError``.
    func runs(_ filter: RunFilter) async throws(CommandError) -> [RunRecord] {
        guard exists else { return [] }
        do throws(StoreError) { return try await store.runs(filter) } catch { throw Self.error(error) }
    }

    /// A run by its id, by a beginning of it that no other has, or the newest one by the word `last`.
    ///
    /// - Throws: ``CommandError``.
    func run(_ name: String) async throws(CommandError) -> RunRecord {
        if name == "last" {
            guard let newest = try await runs(RunFilter(limit: 1)).first else {
                throw CommandError("there are no runs yet in \(directory)")
            }
            return newest
        }
        guard exists else { throw Self.error(.unknown(name)) }
        do throws(StoreError) { return try await store.run(name) } catch { throw Self.error(error) }
    }

    /// The history of a run that is named as ``run(_:)`` takes it.
    func history(_ name: String) async throws(CommandError) -> RunHistory {
        RunHistory(of: try await run(name), in: store, isAlive: isAlive)
    }

    /// What a command says of a store's error.
    static func error(_ error: StoreError) -> CommandError {
        switch error {
        case .unknown, .planUsed: CommandError(error.description.shown)
        case .unusable, .owned: CommandError(error.description.shown, code: .failed)
        }
    }

    private var exists: Bool { access(store.path, F_OK) == 0 }
}

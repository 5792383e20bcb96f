import RunbookHost
import RunbookStore

/// The stores that keep to one contract.
enum StoreKind: CaseIterable, Sendable {
    case inMemory, sqlite

    /// A store that keeps its file, if it has one, in a folder, and reads the time from a clock.
    func store(in folder: TemporaryFolder, clock: ManualClock) -> any RunStore {
        switch self {
        case .inMemory: InMemoryStore(now: { clock.now })
        case .sqlite: SQLiteStore(path: folder.path + "/state/runbook.db", now: { clock.now })
        }
    }
}

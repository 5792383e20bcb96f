import RunbookHost
import RunbookSchedule
import RunbookStore

/// The stores of schedules that keep to one contract.
enum ScheduleStoreKind: CaseIterable, Sendable {
    case inMemory, sqlite

    /// A store that keeps its file, if it has one, in a folder, and the store of the runs beside it.
    func stores(in folder: TemporaryFolder) -> (schedules: any ScheduleStore, runs: any RunStore) {
        switch self {
        case .inMemory:
            let runs = InMemoryStore()
            return (InMemoryScheduleStore(runs: runs), runs)
        case .sqlite:
            let store = SQLiteStore(path: folder.path + "/state/runbook.db")
            return (store, store)
        }
    }

    /// A store that keeps its file, if it has one, in a folder.
    func store(in folder: TemporaryFolder) -> any ScheduleStore { stores(in: folder).schedules }
}

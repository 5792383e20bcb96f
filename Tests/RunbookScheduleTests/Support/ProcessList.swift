import Synchronization

/// Some processes, for whoever asks on whatever thread.
final class ProcessList: Sendable {
    private let processes = Mutex<Set<Int32>>([])
    func insert(_ process: Int32) { processes.withLock { _ = $0.insert(process) } }
    func contains(_ process: Int32) -> Bool { processes.withLock { $0.contains(process) } }
}

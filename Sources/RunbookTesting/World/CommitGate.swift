internal import Synchronization

/// Keeps commits waiting until the run can do nothing more without them.
final class CommitGate: Sendable {
    private let thread: RunThread
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(on thread: RunThread) { self.thread = thread }

    func wait() async {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0.append(continuation) }
            thread.wake()
        }
    }

    /// A commit has ended.
    func wake() { thread.wake() }

    /// Lets everything through that waits; called when nothing else can be done.
    ///
    /// - Returns: whether anything waited.
    func open() -> Bool {
        let continuations = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for continuation in continuations { continuation.resume() }
        return !continuations.isEmpty
    }
}

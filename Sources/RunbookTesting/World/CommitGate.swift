internal import Synchronization

/// Keeps commits waiting until the run can do nothing more without them.
final class CommitGate: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Commits that were let through and have not ended.
        var underWay = 0
    }

    private let thread: RunThread
    private let state = Mutex(State())

    init(on thread: RunThread) { self.thread = thread }

    /// Makes a commit once it is let through.
    func pass<T: Sendable, Failure: Error>(_ commit: () async throws(Failure) -> T) async throws(Failure) -> T {
        await withCheckedContinuation { continuation in
            state.withLock { $0.waiting.append(continuation) }
            thread.wake()
        }
        defer {
            state.withLock { $0.underWay -= 1 }
            // Where nobody waits for the commit, nothing else tells that time can go on.
            thread.wake()
        }
        return try await commit()
    }

    /// Lets everything through that waits; called when nothing else can be done.
    ///
    /// - Returns: whether there are commits that have not ended: the run is not at its end with what it can do.
    func open() -> Bool {
        let (continuations, isBusy) = state.withLock { state in
            state.underWay += state.waiting.count
            defer { state.waiting = [] }
            return (state.waiting, state.underWay > 0)
        }
        for continuation in continuations { continuation.resume() }
        return isBusy
    }
}

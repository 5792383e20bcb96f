internal import Synchronization

/// Measures the time that a test file takes by itself, without that of the runs that it waits for.
final class Stopwatch: Sendable {
    private struct State {
        var spent: Duration = .zero
        var since: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// The time so far.
    var elapsed: Duration {
        state.withLock { $0.spent + ($0.since.map { ContinuousClock.now - $0 } ?? .zero) }
    }

    func start() { state.withLock { $0.since = .now } }

    /// Does something that does not count.
    func paused<T: Sendable>(_ body: @Sendable () async -> T) async -> T {
        state.withLock { state in
            state.spent += state.since.map { ContinuousClock.now - $0 } ?? .zero
            state.since = nil
        }
        defer { start() }
        return await body()
    }
}

internal import RunbookHost
internal import Synchronization

/// Waits for some time, or until somebody rings.
final class Doorbell: Sendable {
    private struct State {
        var hasRung = false
        var sleeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Ends the waiting, or the next one if nobody waits.
    func ring() {
        let sleeper = state.withLock { state in
            state.hasRung = true
            return state.sleeper
        }
        sleeper?.cancel()
    }

    /// Waits; returns early if it rings, or rang since the last time, or the task is cancelled.
    func wait(for duration: Duration, clock: any RunClock) async {
        let sleeper = Task { _ = try? await clock.sleep(for: duration) }
        let isOver = state.withLock { state in
            state.sleeper = sleeper
            return state.hasRung
        }
        if isOver || Task.isCancelled { sleeper.cancel() }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        state.withLock { $0 = State() }
    }
}

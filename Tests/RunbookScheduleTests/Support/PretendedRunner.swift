import RunbookHost
import Synchronization

@testable import RunbookSchedule

/// Carries runs until the test says how they end; one that is cancelled ends as such at once.
final class PretendedRunner: SlotRunner {
    private struct State {
        var started: [SlotOrder] = []
        var carried: [String: CheckedContinuation<SlotResult, Never>] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// All orders that were ever given.
    var started: [SlotOrder] { state.withLock(\.started) }

    func run(_ order: SlotOrder) async -> SlotResult {
        await withCheckedContinuation { continuation in
            let watchers = state.withLock { state in
                state.started.append(order)
                state.carried[order.run] = continuation
                let ready = state.watchers.filter { $0.count <= state.started.count }.map(\.continuation)
                state.watchers.removeAll { $0.count <= state.started.count }
                return ready
            }
            order.cancellation.onCancel {
                self.finish(order.run, .ended(.cancelled, message: "", canBeTakenUp: false))
            }
            for watcher in watchers { watcher.resume() }
        }
    }

    /// Ends a run.
    func finish(_ run: String, _ result: SlotResult = .ended(.succeeded, message: "", canBeTakenUp: false)) {
        state.withLock { $0.carried.removeValue(forKey: run) }?.resume(returning: result)
    }

    /// Waits until so many were started in all.
    func started(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.started.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}

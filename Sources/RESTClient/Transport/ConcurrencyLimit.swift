import Synchronization

/// Lets so many callers in at once; the others wait in line.
///
/// The HTTP client counts the time in its own queue against its connect timeout, so a call that only waits for a free
/// connection would fail as if the server were unreachable.
final class ConcurrencyLimit: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var free: Int
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
        /// Waiters that were cancelled before they stood in line.
        var cancelled: Set<UInt64> = []
    }

    private let state: Mutex<State>

    init(_ limit: Int) { state = Mutex(State(free: limit)) }

    /// How many stand in line.
    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Waits for a place; ``leave()`` must follow.
    ///
    /// - Throws: `CancellationError` if the task is cancelled while it waits: it then has no place.
    func enter() async throws(CancellationError) {
        let id: UInt64? = state.withLock { state in
            if state.free > 0 {
                state.free -= 1
                return nil
            }
            state.nextID &+= 1
            return state.nextID
        }
        guard let id else { return }
        let entered = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let entered: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let entered { continuation.resume(returning: entered) }
            }
        } onCancel: {
            let waiter: Waiter? = state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(returning: false)
        }
        // A place given at the very moment of the cancellation leaves the mark behind.
        state.withLock { _ = $0.cancelled.remove(id) }
        if !entered { throw CancellationError() }
    }

    /// Gives the place to the first in line.
    func leave() {
        let next: Waiter? = state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: true)
    }
}

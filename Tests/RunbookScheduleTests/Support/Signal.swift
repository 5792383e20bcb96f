import Synchronization

/// Lets somebody wait for something that happens once.
final class Signal: Sendable {
    private struct State {
        var hasRung = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var hasRung: Bool { state.withLock(\.hasRung) }

    func ring() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.hasRung = true
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let hasRung = state.withLock { state in
                if !state.hasRung { state.waiters.append(continuation) }
                return state.hasRung
            }
            if hasRung { continuation.resume() }
        }
    }
}

internal import RunbookHost
internal import Synchronization

/// Time that stands still while anything is done, and goes on at once to whatever is waited for next.
///
/// Two kinds of waits are told apart: the script's own, which move the time on, and those of the host that watches over
/// the run, which end only if the script's wait goes past them.
final class VirtualClock: RunClock {
    private struct Sleeper {
        let id: Int
        let due: Duration
        let isScript: Bool
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Duration = .zero
        var sleepers: [Sleeper] = []
        var lastID = 0
        /// Waits of the host that have ended, and whose effect is not seen yet.
        var settling = 0
        /// Whether time may go on although the host does not wait as it should.
        var isOverdue = false
        /// Counts how often time has gone on.
        var turns = 0
    }

    /// What came of an attempt to go on.
    enum Step: Sendable {
        /// The script waits for nothing.
        case none
        /// It has got what it waited for.
        case advanced
        /// Something must happen on the host's side first, as a rule within some microseconds.
        case settling(turn: Int)
    }

    private let thread: RunThread
    private let start: Int64
    private let hostWaits: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - thread: where the script's waits are made.
    ///   - start: milliseconds since 1970.
    ///   - hostWaits: how many waits of the host there are while a script runs: for its time to be up, and for the lease to be
    ///     renewed if there is one. Time does not go on before they have begun.
    init(on thread: RunThread, start: Int64, hostWaits: Int) {
        self.hostWaits = hostWaits
        self.thread = thread
        self.start = start
    }

    /// See `RunClock`.
    func unixMilliseconds() -> Int64 {
        let (seconds, attoseconds) = state.withLock(\.now).components
        return start + seconds * 1_000 + attoseconds / 1_000_000_000_000_000
    }

    /// See `RunClock`.
    func monotonic() -> Duration { state.withLock(\.now) }

    /// See `RunClock`.
    func sleep(for duration: Duration) async throws {
        let isScript = thread.isCurrent
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let mustWake = state.withLock { state in
                    state.sleepers.append(
                        Sleeper(
                            id: id, due: state.now + max(.zero, duration), isScript: isScript,
                            continuation: continuation))
                    if !isScript { state.settling = max(0, state.settling - 1) }
                    return !isScript
                }
                // Cancelled before it was there to be cancelled.
                if Task.isCancelled { cancel(id) }
                if mustWake { thread.wake() }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let sleeper = state.withLock { state in
            state.sleepers.firstIndex { $0.id == id }.map { state.sleepers.remove(at: $0) }
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }

    /// Goes on to the next of the script's waits; called when nothing else can be done.
    func advance() -> Step {
        let (ready, step) = state.withLock { state -> ([Sleeper], Step) in
            guard let next = state.sleepers.filter(\.isScript).min(by: { ($0.due, $0.id) < ($1.due, $1.id) }) else {
                return ([], .none)
            }
            let waits = state.sleepers.count { !$0.isScript }
            guard state.settling == 0, waits >= hostWaits || state.isOverdue else {
                return ([], .settling(turn: state.turns))
            }
            state.isOverdue = false
            state.turns += 1
            state.now = max(state.now, next.due)
            let now = state.now
            // Those of the host first: the script's time may be up.
            let hosts = state.sleepers.filter { !$0.isScript && $0.due <= now }
            let ready = hosts.isEmpty ? [next] : hosts
            state.sleepers.removeAll { sleeper in ready.contains { $0.id == sleeper.id } }
            state.settling = hosts.count
            return (ready, hosts.isEmpty ? .advanced : .settling(turn: state.turns))
        }
        for sleeper in ready { sleeper.continuation.resume() }
        return step
    }

    /// Goes on although the host has not done what it was to do, if it still has not.
    private func overrule(turn: Int) {
        state.withLock { state in
            guard state.turns == turn else { return }
            state.settling = 0
            state.isOverdue = true
        }
        thread.wake()
    }

    /// Goes on when nothing else can be done, again after a while if something must happen first.
    func goOn() {
        guard case .settling(let turn) = advance() else { return }
        Task { [self] in
            // The host tells by its next wait. Where it makes none it has ended the run, or another thread is very late.
            try? await Task.sleep(for: .milliseconds(500))
            overrule(turn: turn)
        }
    }
}

internal import Synchronization

/// A thread that waits beside the concurrency pool: what must happen in time happens also when scripts or others keep
/// that busy. It is started when it is first needed, and ends with this object.
public final class AlarmThread: TaskExecutor {
    private enum State {
        case unused
        case running(EventThread)
        /// The system has no threads left: what is due then has to wait for the pool.
        case unavailable
    }

    private let state = Mutex(State.unused)

    /// A thread that is not started yet.
    public init() {}

    deinit {
        state.withLock { state in
            if case .running(let thread) = state { thread.stop() }
        }
    }

    private var thread: EventThread? {
        state.withLock { state in
            if case .unused = state {
                state = (try? EventThread(inspectionInterval: .seconds(3_600))).map(State.running) ?? .unavailable
            }
            guard case .running(let thread) = state else { return nil }
            return thread
        }
    }

    /// Runs a part of a task on the thread; see `TaskExecutor`.
    public func enqueue(_ job: consuming ExecutorJob) {
        if let thread { thread.enqueue(job) } else { globalConcurrentExecutor.enqueue(job) }
    }

    /// Waits.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    public func sleep(for duration: Duration) async throws {
        guard let thread else { return try await ContinuousClock().sleep(for: duration) }
        try await Sleeper(thread).wait(for: duration)
    }

    /// One wait: whoever is first, the time or the cancellation, ends it.
    private final class Sleeper: Sendable {
        private enum State {
            case begun
            case waiting(TimerQueue.Ticket, CheckedContinuation<Void, any Error>)
            case over
        }

        private let state = Mutex(State.begun)
        private let thread: EventThread

        init(_ thread: EventThread) { self.thread = thread }

        func wait(for duration: Duration) async throws {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let ticket = thread.ticket(after: duration)
                    let isCancelled = state.withLock { state in
                        if case .over = state { return true }
                        state = .waiting(ticket, continuation)
                        return false
                    }
                    if isCancelled {
                        continuation.resume(throwing: CancellationError())
                    } else {
                        thread.at(ticket) { self.end()?.resume() }
                        if isOver { thread.cancel(ticket) }  // cancelled before the timer was there to be cancelled
                    }
                }
            } onCancel: {
                if let continuation = end() { continuation.resume(throwing: CancellationError()) }
            }
        }

        private var isOver: Bool {
            state.withLock { state in
                if case .over = state { true } else { false }
            }
        }

        private func end() -> CheckedContinuation<Void, any Error>? {
            let waiting = state.withLock { state -> (TimerQueue.Ticket, CheckedContinuation<Void, any Error>)? in
                defer { state = .over }
                guard case .waiting(let ticket, let continuation) = state else { return nil }
                return (ticket, continuation)
            }
            guard let (ticket, continuation) = waiting else { return nil }
            thread.cancel(ticket)
            return continuation
        }
    }
}

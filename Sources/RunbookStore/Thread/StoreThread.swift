internal import Dispatch
internal import Glibc
internal import RunbookHost
internal import Synchronization

/// The one thread that all of a store's SQL runs on: SQLite waits for disks and locks, and those who ask must not.
///
/// It is started when it is first needed. What comes while it is busy waits, and is then done together.
final class StoreThread: Sendable {
    private struct Shared {
        var writes: [StoreWrite] = []
        var reads: [@Sendable (StoreSession) -> Void] = []
        var isStarted = false
        var isStopping = false
        /// Whether the thread wants to know of each write at once.
        var isGathering = false

        var isIdle: Bool { writes.isEmpty && reads.isEmpty }
    }

    private let makeSession: @Sendable () -> StoreSession
    private let wakeUp = DispatchSemaphore(value: 0)
    private let shared = Mutex(Shared())

    /// A thread that is not started yet.
    ///
    /// - Parameter makeSession: makes what only the thread itself touches.
    init(makeSession: @escaping @Sendable () -> StoreSession) {
        self.makeSession = makeSession
    }

    /// Does a write, together with others that wait.
    ///
    /// - Throws: the system's error number if it has no threads left.
    func submit(_ write: StoreWrite) throws(SystemError) {
        try submit { $0.writes.append(write) }
    }

    /// Runs `read` on the thread.
    ///
    /// - Throws: the system's error number if it has no threads left.
    func submit(_ read: @escaping @Sendable (StoreSession) -> Void) throws(SystemError) {
        try submit { $0.reads.append(read) }
    }

    private func submit(_ add: (inout sending Shared) -> Void) throws(SystemError) {
        let result = shared.withLock { shared -> Result<Void, SystemError> in
            if !shared.isStarted {
                let failure = start()
                guard failure == 0 else { return .failure(SystemError(number: failure)) }
                shared.isStarted = true
            }
            let wasIdle = shared.isIdle
            add(&shared)
            if wasIdle || shared.isGathering { wakeUp.signal() }
            return .success(())
        }
        try result.get()
    }

    /// Ends the thread after what was submitted so far.
    func stop() {
        shared.withLock { shared in
            shared.isStopping = true
            if shared.isStarted { wakeUp.signal() }
        }
    }

    /// - Returns: the system's error number; 0 if it runs.
    private func start() -> Int32 {
        // The thread keeps itself alive until it is stopped.
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<StoreThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard failure == 0 else {
            Unmanaged<StoreThread>.fromOpaque(context).release()
            return failure
        }
        pthread_detach(thread)
        return 0
    }

    private func run() {
        // Signals belong to the program's other threads.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        let session = makeSession()
        var gathering = Gathering()
        while true {
            gather(gathering)
            let (writes, reads, isStopping) = shared.withLock { shared in
                defer {
                    shared.writes = []
                    shared.reads = []
                }
                return (shared.writes, shared.reads, shared.isStopping)
            }
            if !writes.isEmpty { gathering.measure(writes) { session.commit(writes) } }
            for read in reads { read(session) }
            guard writes.isEmpty, reads.isEmpty else { continue }
            if isStopping { break }
            wakeUp.wait()
        }
    }

    /// Waits a little for as many writes as were done together the last time: those who were answered then come back one
    /// after the other, and the first must not have the disk for itself.
    private func gather(_ gathering: Gathering) {
        guard gathering.count > 1 else { return }
        let deadline = DispatchTime.now() + .nanoseconds(gathering.patience)
        func isWorthIt() -> Bool {
            shared.withLock { shared in
                guard shared.reads.isEmpty, !shared.isStopping, shared.writes.count < gathering.count else {
                    return false
                }
                return shared.writes.contains { $0.isDurable }
            }
        }
        shared.withLock { $0.isGathering = true }
        while isWorthIt(), wakeUp.wait(timeout: deadline) == .success {}
        shared.withLock { $0.isGathering = false }
    }

    /// What the last writes tell about the next.
    private struct Gathering {
        /// How many were done together.
        private(set) var count = 0
        /// How many nanoseconds it is worth to wait for as many again.
        private(set) var patience = 0

        mutating func measure(_ writes: [StoreWrite], _ commit: () -> Void) {
            let start = DispatchTime.now()
            commit()
            guard writes.contains(where: \.isDurable) else { return }
            count = writes.count
            patience = Int(min((DispatchTime.now().uptimeNanoseconds - start.uptimeNanoseconds) / 2, 2_000_000))
        }
    }
}

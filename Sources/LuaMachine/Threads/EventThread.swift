internal import CRunbookVM
internal import Glibc
internal import Synchronization

/// One thread that waits for the descriptors of all workers, runs jobs handed to it, and keeps timers.
///
/// Runs are executed on it too: a worker's call is then decided and answered on the thread that read it, without waking
/// another one, which costs more than all the rest.
///
/// It also starts the workers: a worker dies with the *thread* that started it (`PR_SET_PDEATHSIG`), and threads of the
/// concurrency pool come and go.
final class EventThread: WorkerCarrier {
    /// Called on the thread.
    protocol Handler: AnyObject, Sendable {
        /// A descriptor is ready; `isHungUp` says that there is nobody at its other end.
        func descriptorIsReady(_ descriptor: Int32, isHungUp: Bool)
    }

    /// Called on the thread.
    protocol Inspector: AnyObject, Sendable {
        /// Time to look at what no descriptor tells.
        func inspect()
    }

    private struct Shared {
        var jobs: [@Sendable (EventThread) -> Void] = []
        var taskJobs: [UnownedJob] = []
        var thread: pthread_t?
        var isStopping = false
        /// Whether the thread has ended.
        var isOver = false

        var isIdle: Bool { jobs.isEmpty && taskJobs.isEmpty }

        /// Whether the thread ends, having been told to and having nothing left to do.
        mutating func endIfDone(watchesNothing: Bool) -> Bool {
            isOver = isStopping && isIdle && watchesNothing
            return isOver
        }
    }

    /// What only the thread itself touches.
    private struct Local {
        var handlers: [Int32: any Handler] = [:]
        var timers = TimerQueue()
        var inspected: [ObjectIdentifier: any Inspector] = [:]
        var nextInspection: ContinuousClock.Instant?
    }

    private let inspectionInterval: Duration
    private let poll: Int32
    private let wakeUp: Int32
    private let shared = Mutex(Shared())
    private let local = Mutex(Local())
    private let lastTicket = Atomic<UInt64>(0)

    /// Starts the thread.
    ///
    /// - Parameter inspectionInterval: how often each inspected handler is called; never while there is none.
    /// - Throws: ``MachineError/launch(path:reason:)`` if the system has no descriptors or threads left.
    init(inspectionInterval: Duration) throws(MachineError) {
        self.inspectionInterval = inspectionInterval
        poll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard poll >= 0, wakeUp >= 0 else {
            throw .launch(path: "thread for workers", reason: String(cString: strerror(errno)))
        }
        guard control(EPOLL_CTL_ADD, wakeUp, EPOLLIN.rawValue) == 0 else {
            throw .launch(path: "thread for workers", reason: String(cString: strerror(errno)))
        }
        // The thread keeps itself alive until it is stopped.
        let context = Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<EventThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard failure == 0 else {
            Unmanaged<EventThread>.fromOpaque(context).release()
            throw .launch(path: "thread for workers", reason: String(cString: strerror(failure)))
        }
        pthread_detach(thread)
    }

    /// Runs `job` on the thread, soon and in the order of the calls. Once the thread has ended it is dropped.
    func submit(_ job: @escaping @Sendable (EventThread) -> Void) {
        enqueue { shared in
            if !shared.isOver { shared.jobs.append(job) }
        }
    }

    /// Runs a part of a task on the thread; see `TaskExecutor`. A run holds its supervisor, and so this thread, to its end:
    /// no task is left behind by ``stop()``.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        enqueue { $0.taskJobs.append(job) }
    }

    private func enqueue(_ add: (inout sending Shared) -> Void) {
        shared.withLock { shared in
            let wasIdle = shared.isIdle
            add(&shared)
            // The thread looks for more before it waits again, so it need not wake itself.
            guard wasIdle, !shared.isIdle else { return }
            if let thread = shared.thread, pthread_equal(thread, pthread_self()) != 0 { return }
            wake(shared)
        }
    }

    /// Ends the thread after the jobs handed to it so far, once it watches nothing any more: whoever was killed is reaped.
    func stop() {
        shared.withLock { shared in
            shared.isStopping = true
            wake(shared)
        }
    }

    /// See ``WorkerCarrier/carry(_:for:)``.
    func carry(_ socket: Int32, for reader: any WorkerSocketReader) throws(MachineError) -> any WorkerSocket {
        let carried = ThreadSocket(socket, thread: self, reader: reader)
        guard watch(socket, carried) else {
            let reason = String(cString: strerror(errno))
            close(socket)
            throw .launch(path: "socket of a worker", reason: reason)
        }
        return carried
    }

    /// Calls `handler` whenever `descriptor` is readable.
    ///
    /// - Returns: `false`, with `errno`, if the system watches too much already.
    func watch(_ descriptor: Int32, _ handler: any Handler) -> Bool {
        local.withLock { $0.handlers[descriptor] = handler }
        guard control(EPOLL_CTL_ADD, descriptor, EPOLLIN.rawValue) == 0 else {
            local.withLock { _ = $0.handlers.removeValue(forKey: descriptor) }
            return false
        }
        return true
    }

    /// For what `descriptor` counts as ready; for a hang-up it always does. From the thread only.
    func watch(_ descriptor: Int32, forReading: Bool, forWriting: Bool) {
        _ = control(
            EPOLL_CTL_MOD, descriptor, (forReading ? EPOLLIN.rawValue : 0) | (forWriting ? EPOLLOUT.rawValue : 0))
    }

    /// Calls the handler's `inspect` at every interval from now on. From the thread only.
    func inspect(_ handler: any Inspector) {
        local.withLock { local in
            local.inspected[ObjectIdentifier(handler)] = handler
            local.nextInspection = local.nextInspection ?? .now + inspectionInterval
        }
    }

    /// Ends that. From the thread only.
    func endInspection(_ handler: any Inspector) {
        local.withLock { local in
            local.inspected[ObjectIdentifier(handler)] = nil
            if local.inspected.isEmpty { local.nextInspection = nil }
        }
    }

    /// Forgets `descriptor`, which the caller closes afterwards. From the thread only.
    func unwatch(_ descriptor: Int32) {
        local.withLock { _ = $0.handlers.removeValue(forKey: descriptor) }
        _ = control(EPOLL_CTL_DEL, descriptor, 0)
    }

    /// Runs `job` on the thread after `delay`.
    func after(_ delay: Duration, _ job: @escaping @Sendable () -> Void) { at(ticket(after: delay), job) }

    /// A ticket for a job that is due after `delay`.
    func ticket(after delay: Duration) -> TimerQueue.Ticket {
        TimerQueue.Ticket(
            due: .now + delay, number: lastTicket.wrappingAdd(1, ordering: .relaxed).newValue)
    }

    /// Runs `job` on the thread when its ticket says.
    func at(_ ticket: TimerQueue.Ticket, _ job: @escaping @Sendable () -> Void) {
        submit { thread in thread.local.withLock { $0.timers.add(ticket, job) } }
    }

    /// Forgets a job that has not begun.
    func cancel(_ ticket: TimerQueue.Ticket) {
        submit { thread in thread.local.withLock { $0.timers.cancel(ticket) } }
    }

    private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) -> Int32 {
        var event = epoll_event()
        event.events = events
        event.data.fd = descriptor
        return epoll_ctl(poll, operation, descriptor, &event)
    }

    /// Within the lock: once the thread has ended its descriptor's number may be another's.
    private func wake(_ shared: borrowing Shared) {
        guard !shared.isOver else { return }
        var one: UInt64 = 1
        _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
    }

    private func run() {
        // Signals belong to the program's other threads.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        shared.withLock { $0.thread = pthread_self() }
        var events = [epoll_event](repeating: epoll_event(), count: 64)
        while true {
            let patience = shared.withLock(\.isIdle) ? millisecondsToNextTimer() : 0
            let count = epoll_wait(poll, &events, Int32(events.count), patience)
            for event in events.prefix(Int(max(count, 0))) {
                let descriptor = event.data.fd
                if descriptor == wakeUp {
                    var value: UInt64 = 0
                    _ = read(wakeUp, &value, MemoryLayout<UInt64>.size)
                } else {
                    let isHungUp = event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0
                    local.withLock { $0.handlers[descriptor] }?.descriptorIsReady(descriptor, isHungUp: isHungUp)
                }
            }
            let (jobs, taskJobs) = shared.withLock { shared in
                defer {
                    shared.jobs = []
                    shared.taskJobs = []
                }
                return (shared.jobs, shared.taskJobs)
            }
            for job in jobs { job(self) }
            for job in taskJobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
            runDueTimers()
            runInspection()
            if shared.withLock({ $0.endIfDone(watchesNothing: local.withLock(\.handlers.isEmpty)) }) { break }
        }
        close(poll)
        close(wakeUp)
        local.withLock { $0 = Local() }
    }

    private func millisecondsToNextTimer() -> Int32 {
        let due = local.withLock { local in [local.timers.next, local.nextInspection].compactMap(\.self).min() }
        guard let due else { return -1 }
        let (seconds, attoseconds) = (due - .now).components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        return Int32(clamping: max(0, milliseconds + 1))
    }

    private func runDueTimers() {
        let now = ContinuousClock.now
        for job in local.withLock({ $0.timers.takeDue(at: now) }) { job() }
    }

    private func runInspection() {
        let now = ContinuousClock.now
        let handlers = local.withLock { local -> [any Inspector] in
            guard let due = local.nextInspection, due <= now else { return [] }
            local.nextInspection = now + inspectionInterval
            return Array(local.inspected.values)
        }
        for handler in handlers { handler.inspect() }
    }
}

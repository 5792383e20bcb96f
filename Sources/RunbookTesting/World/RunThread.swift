internal import Glibc
internal import Synchronization

/// One thread that carries out what a run does, one thing after the other, so that it does it in the same order each
/// time.
///
/// When nothing is left to be done it asks ``whenIdle(_:)`` whether time is to go on. A script that never comes back from
/// a function written in C keeps the thread for good: such a thread is given up, and another is used from there on.
final class RunThread: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
        var isAwake = false
        /// Whether the pipe is gone. Its descriptors may be those of other files then.
        var isClosed = false
        var whenIdle: (@Sendable () -> Void)?
        /// When the job under way began.
        var jobBegan: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    /// The ends of a pipe: a byte in it wakes the thread.
    private let (ear, bell): (CInt, CInt)
    private let thread: Mutex<pthread_t?> = Mutex(nil)

    /// - Throws: ``TestSetupError`` if the system has no threads or descriptors left.
    init() throws(TestSetupError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw TestSetupError("a thread for the tests cannot be started: \(String(cString: strerror(errno)))")
        }
        (ear, bell) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        // A pipe that is full wakes the thread all the same; nobody is to wait for it.
        _ = fcntl(bell, F_SETFL, O_NONBLOCK)
        var thread = pthread_t()
        let own = Unmanaged.passRetained(self)
        let status = pthread_create(
            &thread, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<RunThread>.fromOpaque(pointer).takeRetainedValue().work()
                return nil
            }, own.toOpaque())
        guard status == 0 else {
            own.release()
            for end in ends { close(end) }
            throw TestSetupError("a thread for the tests cannot be started: \(String(cString: strerror(status)))")
        }
        pthread_detach(thread)
        let started = thread
        self.thread.withLock { $0 = started }
    }

    /// Ends the thread once it has nothing left to do.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            // What it holds may hold this thread.
            state.whenIdle = nil
        }
        wake()
    }

    /// Whether the caller is on this thread.
    var isCurrent: Bool { thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false } }

    /// What is asked, on the thread, each time when nothing is left to be done.
    func whenIdle(_ action: (@Sendable () -> Void)?) { state.withLock { $0.whenIdle = action } }

    /// Whether one thing has been under way on the thread for so long: a script gives the thread back every millisecond,
    /// unless a function written in C keeps it.
    func isStuck(for time: Duration) -> Bool {
        state.withLock { $0.jobBegan.map { ContinuousClock.now - $0 >= time } ?? false }
    }

    /// Has the thread look again whether there is anything to be done.
    ///
    /// - Returns: whether there is a thread: nothing is written once it has ended.
    @discardableResult
    func wake() -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            var one: UInt8 = 1
            _ = write(bell, &one, 1)
            return true
        }
    }

    /// Runs a part of a task on the thread; see `TaskExecutor`.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustWake = state.withLock { state in
            state.jobs.append(job)
            defer { state.isAwake = true }
            return !state.isAwake
        }
        if mustWake { wake() }
    }

    private func work() {
        while true {
            let (jobs, whenIdle, isStopped) = state.withLock { state in
                defer { state.jobs = [] }
                state.isAwake = !state.jobs.isEmpty
                return (state.jobs, state.whenIdle, state.isStopped)
            }
            if jobs.isEmpty {
                if isStopped { break }
                whenIdle?()
                guard state.withLock({ $0.jobs.isEmpty }) else { continue }
                var bytes: (UInt64, UInt64) = (0, 0)
                _ = read(ear, &bytes, 16)
            }
            for job in jobs {
                state.withLock { $0.jobBegan = .now }
                job.runSynchronously(on: asUnownedTaskExecutor())
            }
            state.withLock { $0.jobBegan = nil }
        }
        state.withLock { state in
            state.isClosed = true
            close(ear)
            close(bell)
        }
    }
}

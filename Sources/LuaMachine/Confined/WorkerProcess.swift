internal import CRunbookVM
internal import Glibc
internal import Synchronization

/// A worker process and the host's end of its socket. What it sends is untrusted: whatever is not the protocol ends it.
final class WorkerProcess: WorkerSocketReader, EventThread.Handler, EventThread.Inspector {
    /// How long a worker that was interrupted has to say where its script stands. In a session more than a script is lost with
    /// it: there it is not for want of a turn on a busy system.
    static let grace: Duration = .milliseconds(75)
    static let graceInSession: Duration = .seconds(5)
    /// How many bytes of answers are sent ahead of the calls: enough for the worker not to wait, and no more, as what is kept
    /// here takes no room in the kernel.
    private static let window = 256 << 10

    private struct State {
        var process: pid_t = 0
        /// `nil` once it has hung up.
        var socket: (any WorkerSocket)?
        /// The descriptor that stands for the process; closed once it is reaped.
        var ended: Int32 = -1
        var hasHungUp = false
        /// Whether the process has ended; it is reaped once all that it sent has been read.
        var hasEnded = false
        var isReaped = false
        var talk: WorkerProtocol
        /// What was asked and is not sent yet.
        var inputs = Queue<MachineInput>()
        /// Whether somebody sends what was taken from them: all that comes after it must wait.
        var isSending = false
        var events: [MachineEvent] = []
        var nextEvent = 0
        var waitingBytes = 0
        var isPaused = false
        var failure: MachineError?
        /// What is told if it is our own signal that ends the process.
        var suspicion: MachineError?
        var isClosed = false
        /// Why the script that runs is to end.
        var interrupt: MachineInterrupt?
        /// The number of the statement that runs, or ran last; 0 for a run.
        var statement: UInt32 = 0
        /// Whether it was told a second time, and says where its script stands in whatever it is doing.
        var isPressed = false
        /// Whether it was killed because it did not end a statement in time.
        var isGivenUp = false
        /// Looks at it since the frame began that is not finished, or since the start until it has greeted.
        var looks = 0
        var waiter: CheckedContinuation<Void, Never>?
        var endWaiters: [CheckedContinuation<Void, Never>] = []

        /// Whether the last event, or the failure, is known: nothing more is taken from the worker.
        var isOver: Bool { talk.isOver || failure != nil }

        /// Within the lock, so that the last word about it is the socket's too.
        mutating func setPaused(_ isPaused: Bool) {
            self.isPaused = isPaused
            socket?.setReading(!isPaused)
        }

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? { waiter.take() }

        func signal(_ number: Int32) {
            if ended >= 0 { rb_process_signal(ended, number) }
        }

        /// Tells the worker that the statement, or the run, is to end.
        func tell(_ why: MachineInterrupt) {
            if ended >= 0 { rb_process_signal_with_value(ended, why.signal, Int32(statement)) }
        }

        /// Whether that statement, or the run, was interrupted, and its end has not been told.
        func isInterrupted(_ number: UInt32) -> Bool { interrupt != nil && statement == number }

        /// What was asked for a statement that has ended is not done.
        mutating func endStatement() {
            inputs.removeAll()
            interrupt = nil
            isPressed = false
        }

        mutating func append(_ new: [MachineEvent]) {
            events += new
            for event in new {
                waitingBytes += event.cost
                if event.isEnd, !talk.isOver { endStatement() }
            }
        }

        /// What the worker owes the host now; `nil` if it may be silent.
        var lack: String? {
            if talk.report == nil { return "no greeting in time" }
            if talk.isWithinFrame { return "half a frame and not the rest" }
            return talk.phase == .preparing ? "no word in time that it is ready" : nil
        }

        /// Whether it is worth while to send answers that had to wait for the calls before them.
        var canSendMore: Bool { !inputs.isEmpty && talk.bytesAhead <= WorkerProcess.window / 2 }

        /// The frames that are to be sent next; `nil` if there are none now. Whoever gets some asks again when they are sent.
        mutating func takeFrames() -> [UInt8]? {
            var frames: [UInt8] = []
            while frames.count < WorkerProcess.window, takeInput(&frames) {}
            isSending = !frames.isEmpty
            return isSending ? frames : nil
        }

        /// Takes one input; `false` if it has to wait.
        private mutating func takeInput(_ frames: inout [UInt8]) -> Bool {
            if isOver { inputs.removeAll() }
            guard let input = inputs.first else { return false }
            switch input {
            case .answer(let reply):
                if talk.answer(reply.id) { FrameEncoder.append(reply, isAhead: false, to: &frames) }
            case .answerAhead(let reply):
                let length = FrameEncoder.length(of: reply)
                guard talk.bytesAhead == 0 || talk.bytesAhead + length <= WorkerProcess.window else { return false }
                talk.answerAhead(reply.id, bytes: length)
                FrameEncoder.append(reply, isAhead: true, to: &frames)
            case .limits(let limits): FrameEncoder.appendLimits(limits, to: &frames)
            case .synchronization:
                talk.synchronize()
                FrameEncoder.appendSynchronization(to: &frames)
            case .statement(let next): FrameEncoder.append(next, number: statement, to: &frames)
            }
            _ = inputs.popFirst()
            return true
        }

        /// What the worker has asked for and nobody has begun is not carried out.
        mutating func fail(_ error: MachineError) {
            inputs.removeAll()
            events = []
            nextEvent = 0
            waitingBytes = 0
            failure = error
        }
    }

    /// How long it has to come to a hook, before it says so from within a library function.
    private static let patienceWithHooks: Duration = .milliseconds(40)
    private static let patienceInSession: Duration = .milliseconds(750)

    private let thread: EventThread
    private let carrier: any WorkerCarrier
    private let patience: WorkerPatience
    private let maximumUnsent: Int
    private let state: Mutex<State>

    init(
        thread: EventThread, carrier: any WorkerCarrier, limits: MachineLimits, patience: WorkerPatience,
        isSession: Bool = false
    ) {
        self.thread = thread
        self.carrier = carrier
        self.patience = patience
        maximumUnsent = max(limits.memory, patience.waitingAnswers)
        state = Mutex(State(talk: WorkerProtocol(limits: limits, isSession: isSession)))
    }

    /// Starts the process. On the event thread only.
    func start(path: String, arguments: [String], firstFrame: [UInt8]) throws(MachineError) {
        var process: pid_t = 0
        var socket: Int32 = -1, ended: Int32 = -1
        var pointers = ([path] + arguments).map { strdup($0) } + [nil]
        defer { pointers.forEach { free($0) } }
        let failure = rb_process_spawn(path, &pointers, &socket, &process, &ended)
        guard failure == 0 else { throw .launch(path: path, reason: String(cString: strerror(failure))) }
        state.withLock { state in
            state.process = process
            state.ended = ended
        }
        do throws(MachineError) {
            let carried = try carrier.carry(socket, for: self)
            // It may have hung up by now.
            state.withLock { if !$0.hasHungUp { $0.socket = carried } }
        } catch {
            abandon(process)
            throw error
        }
        guard thread.watch(ended, self) else {
            let reason = String(cString: strerror(errno))
            abandon(process)
            throw .launch(path: path, reason: reason)
        }
        thread.inspect(self)
        send(firstFrame)
    }

    /// Ends a process that cannot be watched.
    private func abandon(_ process: pid_t) {
        let (socket, ended) = state.withLock { state in
            state.signal(SIGKILL)
            state.isReaped = true
            defer { state.ended = -1 }
            return (state.socket.take(), state.ended)
        }
        waitpid(process, nil, 0)
        socket?.close()
        Glibc.close(ended)
    }

    /// The worker's confinement report, once it has said hello.
    var report: [UInt8]? { state.withLock(\.talk.report) }

    var descriptors: [Int32] { state.withLock { [$0.socket?.descriptor ?? -1, $0.ended].filter { $0 >= 0 } } }

    var waitingBytes: Int { state.withLock(\.waitingBytes) }

    var processIdentifier: pid_t? { state.withLock { $0.isReaped || $0.process == 0 ? nil : $0.process } }

    // MARK: What the machine asks

    func nextEvent() async throws(MachineError) -> MachineEvent {
        while true {
            let (event, mustResume) = try state.withLock { state throws(MachineError) in try takeEvent(&state) }
            if mustResume { resumeReading() }
            if let event { return event }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.isClosed || state.nextEvent < state.events.count || state.failure != nil { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private func takeEvent(_ state: inout State) throws(MachineError) -> (MachineEvent?, mustResume: Bool) {
        if state.isClosed { throw .closed }
        guard state.nextEvent < state.events.count else {
            if let failure = state.failure { throw failure }
            return (nil, false)
        }
        let event = state.events[state.nextEvent]
        // The last event is told again to whoever asks again.
        if state.talk.isOver, state.failure == nil, state.nextEvent == state.events.count - 1 { return (event, false) }
        state.nextEvent += 1
        state.waitingBytes -= event.cost
        if state.nextEvent == state.events.count {
            state.events.removeAll(keepingCapacity: true)
            state.nextEvent = 0
        }
        return (event, state.isPaused && state.waitingBytes < patience.waitingEvents / 4)
    }

    func reply(_ reply: MachineReply) { ask(.answer(reply)) }

    func replay(_ replies: [MachineReply]) {
        let canSendMore = state.withLock { state in
            guard state.talk.isListening else { return false }
            for reply in replies { state.inputs.append(.answerAhead(reply)) }
            return state.canSendMore
        }
        // Else they go out together, when calls have been made.
        if canSendMore { sendInputs() }
    }

    func narrow(to limits: MachineLimits) { ask(.limits(limits)) }

    func synchronize() { ask(.synchronization) }

    private func ask(_ input: MachineInput) {
        sendInputs { state in
            if state.talk.isListening { state.inputs.append(input) }
        }
    }

    /// Sends what may be sent of the inputs, unless another thread does so already: they go out in their order.
    private func sendInputs(after prepare: (inout State) -> Void = { _ in }) {
        var frames = state.withLock { state in
            prepare(&state)
            return state.isSending ? nil : state.takeFrames()
        }
        while let next = frames {
            send(next)
            frames = state.withLock { $0.takeFrames() }
        }
    }

    func evaluate(_ statement: MachineStatement) {
        sendInputs { state in
            // It may have been lost since it was ready.
            guard !state.isOver else { return }
            let isReady = state.talk.begin(statement.limits)
            precondition(isReady, "evaluate(_:) is allowed once after .ready")
            state.statement = (state.statement &+ 1) & UInt32(Int32.max)
            state.inputs.append(.statement(statement))
        }
    }

    func interrupt(_ why: MachineInterrupt) {
        let interrupted = state.withLock { state -> UInt32? in
            guard !state.isOver, !state.isReaped, state.talk.isListening, state.interrupt == nil else { return nil }
            state.interrupt = why
            state.talk.interrupted(why)
            state.tell(why)
            return state.statement
        }
        guard let interrupted else { return }
        resumeReading()
        thread.after(interrupted > 0 ? Self.patienceInSession : Self.patienceWithHooks) { [weak self] in
            self?.state.withLock { state in
                guard !state.isOver, state.isInterrupted(interrupted) else { return }
                state.isPressed = true
                state.tell(why)
            }
        }
        thread.after(interrupted > 0 ? Self.graceInSession : Self.grace) { [weak self] in
            self?.state.withLock { state in
                guard state.isInterrupted(interrupted) else { return }
                state.isGivenUp = interrupted > 0
                state.signal(SIGKILL)
            }
        }
    }

    /// Ends the process and returns when it is gone.
    func close() async {
        let waiter = state.withLock { state in
            state.isClosed = true
            return state.takeWaiter()
        }
        waiter?.resume()
        killNow()
        await withCheckedContinuation { continuation in
            let isGone = state.withLock { state in
                if state.isReaped || state.process == 0 { return true }
                state.endWaiters.append(continuation)
                return false
            }
            if isGone { continuation.resume() }
        }
    }

    /// `SIGKILL`, if it still lives.
    func killNow() { state.withLock { $0.signal(SIGKILL) } }

    /// Ends the run with an error, if it has not ended.
    private func fail(_ error: MachineError) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isOver else { return nil }
            state.fail(error)
            state.signal(SIGKILL)
            return state.takeWaiter()
        }
        waiter?.resume()
    }

    private func send(_ frame: [UInt8]) {
        guard let socket = state.withLock(\.socket) else { return }
        let waiting = socket.send(frame)
        if waiting > maximumUnsent {
            fail(.protocolViolation(reason: "it asked for \(waiting) bytes of answers and does not read them"))
        }
    }

    // MARK: Receiving, on the carrier's thread

    private func resumeReading() {
        state.withLock { if $0.isPaused { $0.setPaused(false) } }
    }

    func received(_ bytes: UnsafeRawBufferPointer) {
        let (waiter, canSendMore, mustKill) = state.withLock { state in
            guard !state.isOver else { return (nil as CheckedContinuation<Void, Never>?, false, false) }
            do throws(MachineError) {
                let wasWithinFrame = state.talk.isWithinFrame, hadGreeted = state.talk.report != nil
                let events = try state.talk.receive(bytes)
                if !events.isEmpty || !wasWithinFrame && hadGreeted { state.looks = 0 }
                state.append(events)
            } catch {
                state.fail(error)
            }
            // Once it is to end, its last words must not wait for the host.
            let isRunning = state.interrupt == nil && !state.hasEnded && !state.isOver
            if isRunning, !state.isPaused, state.waitingBytes > patience.waitingEvents { state.setPaused(true) }
            return (state.takeWaiter(), state.canSendMore, state.isOver)
        }
        if canSendMore { sendInputs() }
        waiter?.resume()
        if mustKill { killNow() }
    }

    func hungUp() {
        let hasEnded = state.withLock { state in
            state.hasHungUp = true
            state.socket = nil
            return state.hasEnded
        }
        if hasEnded { return thread.submit { [self] _ in reap() } }
        // A worker that dies closes its socket too; one that lives on is none of ours.
        thread.after(patience.afterHangUp) { [weak self] in self?.killIfAlive() }
    }

    // MARK: The end, on the event thread

    /// The process has ended. What it sent before is read to its end first.
    func descriptorIsReady(_ descriptor: Int32, isHungUp: Bool) {
        let (isFirst, hasHungUp) = state.withLock { state in
            defer { state.hasEnded = true }
            state.socket?.setReading(true)
            return (!state.hasEnded, state.hasHungUp)
        }
        guard isFirst else { return }
        // It would count as ready until it is reaped.
        thread.watch(descriptor, forReading: false, forWriting: false)
        if hasHungUp { return reap() }
        // Should another process have got hold of its end of the socket, there would be no end to read to.
        thread.after(patience.afterEnd) { [weak self] in self?.reap() }
    }

    /// What no descriptor tells: that it is stopped, or that it leaves the host waiting for the rest of a frame, or for the
    /// word that it is ready.
    func inspect() {
        let ended = state.withLock { $0.hasEnded ? -1 : $0.ended }
        guard ended >= 0 else { return }
        var detail: Int32 = 0
        if rb_process_look(ended, &detail) == RB_PROCESS_STOPPED { return fail(.suspended(signal: detail)) }
        let lateness = state.withLock { state -> MachineError? in
            guard !state.isOver, !state.isPaused else { return nil }
            guard let lack = state.lack else { return nil }
            state.looks += 1
            let mebibytes = state.talk.bytesOfFrame >> 20
            let isStarting = state.talk.report == nil || state.talk.phase == .preparing && state.statement == 0
            let patience = isStarting ? patience.greeting : patience.frame + mebibytes * patience.perMebibyte
            return state.looks > patience ? .protocolViolation(reason: lack) : nil
        }
        if let lateness { fail(lateness) }
    }

    private func killIfAlive() {
        state.withLock { state in
            var detail: Int32 = 0
            guard state.ended >= 0, rb_process_look(state.ended, &detail) == RB_PROCESS_RUNS else { return }
            state.suspicion = .protocolViolation(reason: "it closed its socket and lived on")
            state.signal(SIGKILL)
        }
    }

    private func reap() {
        var detail: Int32 = 0
        let (ended, socket) = state.withLock { ($0.ended, $0.socket.take()) }
        guard ended >= 0 else { return }
        let how = rb_process_reap(ended, &detail)
        socket?.close()
        guard how != RB_PROCESS_RUNS else {
            // A debugger that holds on to it is told of its end first.
            return thread.after(.milliseconds(10)) { [weak self] in self?.reap() }
        }
        thread.endInspection(self)
        thread.unwatch(ended)
        let waiters = state.withLock { state in
            state.ended = -1
            state.isReaped = true
            if !state.isOver { Self.explain(how, detail, &state) }
            defer { state.endWaiters = [] }
            return state.endWaiters + (state.takeWaiter().map { [$0] } ?? [])
        }
        Glibc.close(ended)
        waiters.forEach { $0.resume() }
    }

    /// The end of a run whose worker has not told it.
    private static func explain(_ how: rb_process_state, _ detail: Int32, _ state: inout State) {
        let isKilled = how == RB_PROCESS_KILLED
        // It could not even say where it stood: inside a C function, or not yet listening.
        if let why = state.interrupt, isKilled,
            [SIGKILL, SIGUSR1, SIGUSR2].contains(detail) || state.isPressed && [SIGSEGV, SIGBUS].contains(detail)
        {
            let limit = why == .time ? "time" : "cancelled"
            let report = #"{"kind":"limit","limit":"\#(limit)","traceback":[]}"#
            state.append([state.talk.end(.stopped(report: Array(report.utf8), usage: MachineUsage(peakMemory: 0)))])
            if state.statement > 0 { state.failure = .sessionLost }
        } else if state.statement > 0, state.talk.phase == .preparing, how == RB_PROCESS_EXITED, detail == 0 {
            state.failure = .sessionLost  // after the end of a statement, which said why
        } else if state.isGivenUp, isKilled, detail == SIGKILL {
            state.failure = .sessionLost  // the statement has ended all the same, at the last moment
        } else if let suspicion = state.suspicion, isKilled, detail == SIGKILL {
            state.fail(suspicion)
        } else {
            state.failure = isKilled ? .killed(signal: detail) : .exited(status: how == RB_PROCESS_EXITED ? detail : -1)
        }
    }
}

extension MachineInterrupt {
    /// What tells the worker.
    fileprivate var signal: Int32 {
        switch self {
        case .time: SIGUSR1
        case .cancel: SIGUSR2
        }
    }
}

extension MachineEvent {
    /// Whether it is the last one of a script.
    fileprivate var isEnd: Bool {
        switch self {
        case .finished, .failed, .stopped, .diverged: true
        case .calls, .waiting, .ready: false
        }
    }

    /// About how many bytes of memory it takes.
    fileprivate var cost: Int {
        switch self {
        case .calls(let calls): calls.reduce(64) { $0 + 128 + $1.arguments.count }
        case .finished(let json, _), .failed(let json, _), .stopped(let json, _): 64 + json.count
        case .waiting, .diverged, .ready: 64
        }
    }
}

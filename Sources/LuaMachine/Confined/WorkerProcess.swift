internal import CRunbookVM
internal import Glibc
internal import Synchronization

/// A worker process and the host's end of its socket. What it sends is untrusted: whatever is not the protocol ends it.
final class WorkerProcess: EventThread.Handler {
    /// How long a worker that was interrupted has to say where its script stands.
    static let grace: Duration = .milliseconds(50)

    private struct State {
        var process: pid_t = 0
        var socket: Int32 = -1
        var ended: Int32 = -1
        var isReaped = false
        var decoder: FrameDecoder
        var report: [UInt8]?
        var events: [MachineEvent] = []
        var nextEvent = 0
        var failure: MachineError?
        /// Whether the last event, or the failure, is known: nothing more is taken from the worker.
        var isOver = false
        var isClosed = false
        var interrupt: MachineInterrupt?
        var lastCall: UInt32 = 0
        var pending: Set<UInt32> = []
        var received = 0
        var unsent: [UInt8] = []
        var sent = 0
        var waiter: CheckedContinuation<Void, Never>?
        var endWaiters: [CheckedContinuation<Void, Never>] = []

        mutating func takeWaiter() -> CheckedContinuation<Void, Never>? { waiter.take() }
    }

    private let thread: EventThread
    private let maximumReceived: Int
    private let state: Mutex<State>

    init(thread: EventThread, limits: MachineLimits) {
        self.thread = thread
        // What the machine itself lets out, its records' headers, a result and a report.
        let output = min(limits.output, 256 << 20)  // RB_FRAME_MAX
        maximumReceived = output * 2 + (4 << 20)
        state = Mutex(State(decoder: FrameDecoder(maximumPayload: output + (1 << 20))))
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
            state.socket = socket
            state.ended = ended
        }
        thread.watch(socket, self)
        thread.watch(ended, self)
        send(firstFrame)
    }

    /// The worker's confinement report, once it has said hello.
    var report: [UInt8]? { state.withLock(\.report) }

    var processIdentifier: pid_t? { state.withLock { $0.isReaped || $0.process == 0 ? nil : $0.process } }

    // MARK: What the machine asks

    func nextEvent() async throws(MachineError) -> MachineEvent {
        while true {
            let event: MachineEvent? = try state.withLock { state throws(MachineError) in
                if state.isClosed { throw .closed }
                if state.nextEvent < state.events.count {
                    let event = state.events[state.nextEvent]
                    // The last event is told again to whoever asks again.
                    if state.isOver, state.failure == nil, state.nextEvent == state.events.count - 1 { return event }
                    state.nextEvent += 1
                    if state.nextEvent == state.events.count {
                        state.events.removeAll(keepingCapacity: true)
                        state.nextEvent = 0
                    }
                    return event
                }
                if let failure = state.failure { throw failure }
                return nil
            }
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

    func reply(_ reply: MachineReply) {
        let isAwaited = state.withLock { !$0.isOver && $0.pending.remove(reply.id) != nil }
        if isAwaited { send(FrameEncoder.reply(reply)) }
    }

    func limitMemory(to bytes: Int) { send(FrameEncoder.memory(bytes)) }

    func interrupt(_ why: MachineInterrupt) {
        state.withLock { state in
            guard !state.isOver, !state.isReaped, state.interrupt == nil else { return }
            state.interrupt = why
            kill(state.process, why == .time ? SIGUSR1 : SIGUSR2)
        }
        thread.after(Self.grace) { [weak self] in self?.killNow() }
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
    func killNow() {
        state.withLock { state in
            if state.process != 0, !state.isReaped { kill(state.process, SIGKILL) }
        }
    }

    // MARK: Sending

    private func send(_ frame: [UInt8]) {
        let mustWatch = state.withLock { state in
            guard state.socket >= 0 else { return false }
            let wasIdle = state.unsent.isEmpty
            if wasIdle {
                let count = frame.withUnsafeBytes {
                    Glibc.send(state.socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                if count == frame.count { return false }
                state.unsent.append(contentsOf: frame[max(0, count)...])
                return true
            }
            state.unsent.append(contentsOf: frame)
            return false
        }
        if mustWatch { thread.submit { [weak self] thread in self?.watchForWriting(thread, true) } }
    }

    private func watchForWriting(_ thread: EventThread, _ forWriting: Bool) {
        let socket = state.withLock(\.socket)
        if socket >= 0 { thread.watch(socket, forWriting: forWriting) }
    }

    private func sendRest() {
        let isDone = state.withLock { state in
            guard !state.unsent.isEmpty, state.socket >= 0 else { return false }
            let count = state.unsent.withUnsafeBytes { bytes in
                Glibc.send(
                    state.socket, bytes.baseAddress.map { $0 + state.sent }, bytes.count - state.sent,
                    Int32(MSG_NOSIGNAL))
            }
            if count > 0 { state.sent += count }
            guard state.sent == state.unsent.count else { return false }
            state.unsent = []
            state.sent = 0
            return true
        }
        if isDone { watchForWriting(thread, false) }
    }

    // MARK: Receiving, on the event thread

    func descriptorIsReady(_ descriptor: Int32) {
        let (isEnd, isSocket) = state.withLock { ($0.ended == descriptor, $0.socket == descriptor) }
        if isSocket {
            sendRest()
            receive()
        } else if isEnd {
            receive()  // what it sent before it ended
            reap()
        }
    }

    private func receive() {
        let socket = state.withLock(\.socket)
        guard socket >= 0 else { return }
        withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 8) { chunk in
            while true {
                let count = recv(socket, chunk.baseAddress, chunk.count, 0)
                if count > 0 {
                    take(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
                    if count == chunk.count { continue }
                    return
                }
                if count < 0, errno == EAGAIN || errno == EINTR { return }
                closeSocket()
                // It closed its end and lives on: no worker of ours does that for long.
                thread.after(Self.grace) { [weak self] in self?.killNow() }
                return
            }
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        let (waiter, mustKill) = state.withLock { state -> (CheckedContinuation<Void, Never>?, Bool) in
            guard !state.isOver else { return (nil, false) }
            do throws(MachineError) {
                state.received += bytes.count
                guard state.received <= maximumReceived else {
                    throw .protocolViolation(reason: "more than \(maximumReceived) bytes in all")
                }
                state.decoder.append(bytes)
                while !state.isOver, let frame = try state.decoder.next() { try take(frame, &state) }
            } catch {
                state.failure = error
                state.isOver = true
            }
            return (state.takeWaiter(), state.isOver)
        }
        waiter?.resume()
        if mustKill { killNow() }
    }

    private func take(_ frame: FrameDecoder.Frame, _ state: inout State) throws(MachineError) {
        switch UInt32(frame.type) {
        case RB_FRAME_HELLO.rawValue:
            guard state.report == nil else { throw .protocolViolation(reason: "a second greeting") }
            state.report = frame.payload
        case RB_FRAME_BROKEN.rawValue:
            let reason = String(decoding: frame.payload.prefix(500), as: UTF8.self)
            throw state.report == nil ? .confinement(reason: reason) : .protocolViolation(reason: reason)
        case _ where state.report == nil: throw .protocolViolation(reason: "no greeting")
        case RB_FRAME_CALLS.rawValue:
            let calls = try CallRecords.read(frame.payload)
            for call in calls where !call.isNote {
                // The machine numbers its calls upwards, so a number that was used before is a lie.
                guard call.id > state.lastCall else { throw .protocolViolation(reason: "call \(call.id) made twice") }
                state.lastCall = call.id
                state.pending.insert(call.id)
            }
            state.events.append(.calls(calls))
        case RB_FRAME_FINISHED.rawValue:
            let (usage, json) = try outcome(frame.payload)
            end(.finished(result: json, usage: usage), &state)
        case RB_FRAME_FAILED.rawValue:
            let (usage, json) = try outcome(frame.payload)
            end(.failed(report: json, usage: usage), &state)
        case RB_FRAME_LIMIT.rawValue:
            let (usage, json) = try outcome(frame.payload)
            end(.stopped(report: json, usage: usage), &state)
        default: throw .protocolViolation(reason: "a frame of unknown type \(frame.type)")
        }
    }

    private func end(_ event: MachineEvent, _ state: inout State) {
        state.events.append(event)
        state.isOver = true
    }

    private func outcome(_ payload: [UInt8]) throws(MachineError) -> (MachineUsage, [UInt8]) {
        guard payload.count >= 8 else { throw .protocolViolation(reason: "an outcome is cut short") }
        let peak = payload.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self).littleEndian }
        return (MachineUsage(peakMemory: Int(clamping: peak)), Array(payload[8...]))
    }

    // MARK: The end

    private func closeSocket() {
        let socket = state.withLock { state in
            defer { state.socket = -1 }
            return state.socket
        }
        guard socket >= 0 else { return }
        thread.unwatch(socket)
        Glibc.close(socket)
    }

    private func reap() {
        // Under the lock, as every signal is sent: once it is reaped the number may belong to another process.
        let (ended, status) = state.withLock { state -> (Int32, Int32?) in
            var status: Int32 = 0
            guard waitpid(state.process, &status, WNOHANG) == state.process else { return (state.ended, nil) }
            state.isReaped = true
            return (state.ended, status)
        }
        guard let status else { return }
        closeSocket()
        thread.unwatch(ended)
        Glibc.close(ended)
        let waiters = state.withLock { state in
            state.ended = -1
            if !state.isOver {
                state.isOver = true
                if let why = state.interrupt {
                    // It was killed because it could not even say where it stood: inside a C function.
                    let limit = why == .time ? "time" : "cancelled"
                    let report = #"{"kind":"limit","limit":"\#(limit)","traceback":[]}"#
                    state.events.append(.stopped(report: Array(report.utf8), usage: MachineUsage(peakMemory: 0)))
                } else {
                    let signal = status & 0x7f
                    state.failure = signal != 0 ? .killed(signal: signal) : .exited(status: (status >> 8) & 0xff)
                }
            }
            defer { state.endWaiters = [] }
            return state.endWaiters + (state.takeWaiter().map { [$0] } ?? [])
        }
        waiters.forEach { $0.resume() }
    }
}

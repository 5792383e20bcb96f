internal import Synchronization

/// A machine in this process: quick to start, and for scripts that are trusted.
///
/// A busy script gives the thread back every millisecond; but a C library function that runs for ever
/// (`string.find` with a hostile pattern) holds it, and a fault of the Lua library ends the process. Scripts that are
/// not trusted belong in a ``ConfinedMachine``.
public final class InProcessMachine: LuaMachine {
    /// Hooks, of 10,000 instructions each, in one step: a fraction of a millisecond, so that many busy scripts still leave
    /// room for others.
    private static let slice: UInt32 = 2
    /// Events after which it gives the thread back.
    private static let turns = 64

    private enum Turn {
        case step(MachineReply?)
        case end(MachineEvent)
        case wait
        case closed
    }

    private struct State {
        var replies: [MachineReply] = []
        var nextReply = 0
        /// Whether the script can go on without a reply: at the start, and after a preemption.
        var isRunnable = true
        var isStepping = false
        var turns = 0
        /// Once interrupted it is stepped until it says that it has ended.
        var isInterrupted = false
        var isClosed = false
        var newLimits: MachineLimits?
        var end: MachineEvent?
        var waiter: CheckedContinuation<Void, Never>?

        /// Whether it has had so many turns that others should have theirs.
        mutating func countTurn() -> Bool {
            turns = (turns + 1) % InProcessMachine.turns
            return turns == 0
        }

        mutating func takeReply() -> MachineReply? {
            guard nextReply < replies.count else { return nil }
            defer {
                nextReply += 1
                if nextReply == replies.count {
                    replies.removeAll(keepingCapacity: true)
                    nextReply = 0
                }
            }
            return replies[nextReply]
        }

        mutating func takeTurn() -> Turn {
            if isClosed { return .closed }
            if let end { return .end(end) }
            precondition(!isStepping, "nextEvent() has one caller at a time")
            let reply = isRunnable ? nil : takeReply()
            guard isRunnable || reply != nil else { return .wait }
            isRunnable = false
            isStepping = true
            return .step(reply)
        }
    }

    private let handle: MachineHandle
    private let state: Mutex<State>

    /// Loads the program; it runs when the first event is asked for.
    ///
    /// - Throws: ``MachineError/outOfMemory``.
    public init(_ program: MachineProgram) throws(MachineError) {
        guard let handle = MachineHandle(program.limits, slice: Self.slice, seed: program.seed) else {
            throw .outOfMemory
        }
        self.handle = handle
        var state = State()
        if !handle.load(program) { state.end = handle.loadFailure }
        self.state = Mutex(state)
    }

    deinit {
        // Nobody can be stepping: that needs a reference.
        if state.withLock({ !$0.isClosed }) { handle.free() }
    }

    /// See ``LuaMachine/nextEvent()``.
    public func nextEvent() async throws(MachineError) -> MachineEvent {
        // A script whose calls are answered at once shares the thread too.
        if state.withLock({ $0.countTurn() }) { await Task.yield() }
        while true {
            switch state.withLock({ $0.takeTurn() }) {
            case .closed: throw .closed
            case .end(let event): return event
            case .wait: await waitForReply()
            case .step(let reply):
                if let limits = state.withLock({ $0.newLimits.take() }) { handle.narrow(to: limits) }
                if let reply { handle.answer(reply) }
                let calls = try step()
                if !calls.isEmpty { return .calls(calls) }
                // A script that computes shares the thread with the host's other work.
                if state.withLock({ $0.isRunnable }) { await Task.yield() }
            }
        }
    }

    private func step() throws(MachineError) -> [MachineCall] {
        let outcome: Result<(calls: [MachineCall], end: MachineEvent?, isPreempted: Bool), MachineError>
        do throws(MachineError) { outcome = .success(try handle.step()) } catch { outcome = .failure(error) }
        let mustFree = state.withLock { state in
            state.isStepping = false
            if case .success(let step) = outcome {
                state.end = step.end
                state.isRunnable = step.isPreempted || state.isInterrupted
            }
            return state.isClosed
        }
        if mustFree { handle.free() }
        return try outcome.get().calls
    }

    private func waitForReply() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.replies.isEmpty, !state.isClosed, !state.isRunnable else { return true }
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    /// See ``LuaMachine/reply(_:)``.
    public func reply(_ reply: MachineReply) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isClosed, state.end == nil else { return nil }
            state.replies.append(reply)
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// See ``LuaMachine/narrow(to:)``. Takes effect with the next step.
    public func narrow(to limits: MachineLimits) { state.withLock { $0.newLimits = limits } }

    /// See ``LuaMachine/interrupt(_:)``.
    public func interrupt(_ why: MachineInterrupt) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isClosed else { return nil }
            handle.interrupt(why)
            state.isInterrupted = true
            state.isRunnable = true  // so that a machine that waits for a reply learns of it
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// See ``LuaMachine/close()``.
    public func close() async {
        let (mustFree, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
            guard !state.isClosed else { return (false, nil) }
            state.isClosed = true
            handle.interrupt(.cancel)
            return (!state.isStepping, state.waiter.take())
        }
        if mustFree { handle.free() }
        waiter?.resume()
    }
}

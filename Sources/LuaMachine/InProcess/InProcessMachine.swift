internal import Synchronization

/// A machine in this process: quick to start, and for scripts that are trusted.
///
/// A busy script gives the thread back every millisecond; but a C library function that runs for ever
/// (`string.find` with a hostile pattern) holds it, and a fault of the Lua library ends the process. Scripts that are
/// not trusted belong in a ``ConfinedMachine``.
///
/// A script does the same in both, but for one thing: how many calls of C functions may stand in one another (`pcall` in
/// `pcall`, `string.gsub` in `string.gsub`, some 200) is counted anew where the script gave the thread back. One that comes
/// that far and computes meanwhile comes further here, and as far as that each time.
public final class InProcessMachine: LuaMachine {
    /// Hooks, of 10,000 instructions each, in one step: a fraction of a millisecond, so that many busy scripts still leave
    /// room for others.
    private static let slice: UInt32 = 2
    /// Events after which it gives the thread back.
    private static let turns = 64

    private enum Turn {
        /// Steps, once the input is taken in.
        case step(MachineInput?)
        case tell(MachineEvent)
        case wait
        case lost
        case closed
    }

    private enum Phase {
        /// A statement runs, or the one script of a run.
        case running
        /// A statement has ended, and that is to be told; the next one may come.
        case ended
        case ready
        /// A statement has ended with which the machine is lost.
        case lost
    }

    private struct State {
        let isSession: Bool
        var phase: Phase
        var inputs = Queue<MachineInput>()
        /// Whether the script can go on without a reply: at the start, and after a preemption.
        var isRunnable = true
        /// Whether somebody works with the handle.
        var isStepping = false
        var turns = 0
        /// Once interrupted it is stepped until it says that it has ended.
        var isInterrupted = false
        /// Why the script is to end: what was said first.
        var interrupt: MachineInterrupt?
        var isClosed = false
        var end: MachineEvent?
        var waiter: CheckedContinuation<Void, Never>?

        /// Whether it has had so many turns that others should have theirs.
        mutating func countTurn() -> Bool {
            turns = (turns + 1) % InProcessMachine.turns
            return turns == 0
        }

        init(isSession: Bool) {
            self.isSession = isSession
            phase = isSession ? .ended : .running
            isRunnable = !isSession
        }

        mutating func end(with event: MachineEvent) {
            end = event
            inputs.removeAll()
        }

        mutating func endStatement(with event: MachineEvent, isLost: Bool) {
            end(with: event)
            phase = isLost ? .lost : .ended
            isRunnable = false
            isInterrupted = false
            interrupt = nil
        }

        /// What a session tells before it takes anything in; `nil` while a statement runs.
        private mutating func takeWord() -> Turn? {
            if phase == .ended || phase == .lost, let event = end.take() { return .tell(event) }
            switch phase {
            case .running: return nil
            case .ready: return .wait
            case .lost: return .lost
            case .ended:
                phase = .ready
                return .tell(.ready)
            }
        }

        mutating func takeTurn() -> Turn {
            if isClosed { return .closed }
            if isSession, let word = takeWord() { return word }
            if let end { return .tell(end) }
            precondition(!isStepping, "nextEvent() has one caller at a time")
            var isBeginning = false
            if case .statement? = inputs.first { isBeginning = true }
            let input = isRunnable && !isBeginning ? nil : inputs.popFirst()
            if case .synchronization? = input { return .tell(.waiting) }
            guard isRunnable || input != nil else { return .wait }
            isRunnable = false
            isStepping = true
            return .step(input)
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
        var state = State(isSession: program.isSession)
        if program.isSession { handle.openSession() }
        if !handle.load(program) {
            state.end = handle.loadFailure
            state.phase = .running  // and has ended for good
        } else if program.isSession, !handle.isReady {
            state.phase = .lost
        }
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
            case .lost: throw .sessionLost
            case .tell(let event): return event
            case .wait: await waitForInput()
            case .step(let input):
                if let input, !take(input) { continue }
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
        endStep { state in
            guard case .success(let step) = outcome else { return }
            if let end = step.end {
                if state.isSession { return state.endStatement(with: end, isLost: !handle.isReady) }
                state.end(with: end)
            }
            state.isRunnable = step.isPreempted || state.isInterrupted
        }
        return try outcome.get().calls
    }

    /// Takes an input in, where every task waits; `false` if the script cannot go on by it.
    private func take(_ input: MachineInput) -> Bool {
        switch input {
        case .answer(let reply):
            if handle.answer(reply) { return true }
            endStep()
        case .answerAhead(let reply):
            if handle.answer(reply) { return true }
            let usage = handle.usage
            endStep { state in
                // Else the next step tells why it ends.
                if !state.isInterrupted { state.end(with: .diverged(call: reply.id, usage: usage)) }
            }
        case .limits(let limits):
            handle.narrow(to: limits)
            endStep()
        case .synchronization: endStep()
        case .statement(let statement): return begin(statement)
        }
        return false
    }

    /// Begins a statement; `false` if it is none.
    private func begin(_ statement: MachineStatement) -> Bool {
        let isBegun = handle.evaluate(statement)
        if isBegun {
            // What had come before the statement was there to be told.
            state.withLock { if let why = $0.interrupt { handle.interrupt(why) } }
        } else {
            let failure = handle.loadFailure
            endStep { $0.endStatement(with: failure, isLost: false) }
        }
        return isBegun
    }

    private func endStep(_ change: (inout State) -> Void = { _ in }) {
        let mustFree = state.withLock { state in
            state.isStepping = false
            change(&state)
            return state.isClosed
        }
        if mustFree { handle.free() }
    }

    private func waitForInput() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                guard state.inputs.isEmpty, !state.isClosed, !state.isRunnable else { return true }
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }

    private func ask(_ add: (inout Queue<MachineInput>) -> Void) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isClosed, state.end == nil, state.phase == .running else { return nil }
            add(&state.inputs)
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// See ``LuaMachine/reply(_:)``.
    public func reply(_ reply: MachineReply) { ask { $0.append(.answer(reply)) } }

    /// See ``LuaMachine/replay(_:)``.
    public func replay(_ replies: [MachineReply]) {
        ask { inputs in for reply in replies { inputs.append(.answerAhead(reply)) } }
    }

    /// See ``LuaMachine/narrow(to:)``.
    public func narrow(to limits: MachineLimits) { ask { $0.append(.limits(limits)) } }

    /// See ``LuaMachine/synchronize()``.
    public func synchronize() { ask { $0.append(.synchronization) } }

    /// See ``LuaMachine/evaluate(_:)``.
    public func evaluate(_ statement: MachineStatement) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            let hasFailed = state.phase == .running && state.end != nil  // the prelude has
            guard !state.isClosed, state.phase != .lost, !hasFailed else { return nil }
            precondition(state.phase == .ready, "evaluate(_:) is allowed once after .ready")
            state.phase = .running
            state.inputs.append(.statement(statement))
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// See ``LuaMachine/interrupt(_:)``.
    public func interrupt(_ why: MachineInterrupt) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isClosed, state.phase == .running else { return nil }
            let first = state.interrupt ?? why
            state.interrupt = first
            handle.interrupt(first)
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

internal import Synchronization

/// Listens to the keyboard while a statement runs: Control-C goes to a handler, all else is kept for the next line.
final class RunningWatch: Sendable {
    private struct State {
        var line: LineState
        var mustStop = false
        var isDone = false
        var waiters: [CheckedContinuation<LineState, Never>] = []
    }

    private static let interrupt: UInt8 = 0x03
    private static let suspend: UInt8 = 0x1A

    private let terminal: any Terminal
    private let onInterrupt: @Sendable (Int) -> Void
    private let state: Mutex<State>

    /// - Parameter onInterrupt: given how often Control-C was pressed. It is called on the thread that listens.
    init(terminal: any Terminal, line: LineState, onInterrupt: @escaping @Sendable (Int) -> Void) {
        self.terminal = terminal
        self.onInterrupt = onInterrupt
        state = Mutex(State(line: line))
    }

    func start() { WorkerThread.start { self.listen() } }

    /// Ends the listening and hands back the state with what was typed.
    func stop() async -> LineState {
        await withCheckedContinuation { continuation in
            let done = state.withLock { state -> LineState? in
                state.mustStop = true
                guard !state.isDone else { return state.line }
                state.waiters.append(continuation)
                return nil
            }
            if let done { continuation.resume(returning: done) } else { terminal.wake() }
        }
    }

    private func listen() {
        var count = 0
        while !state.withLock({ $0.mustStop }) {
            switch terminal.read(timeout: nil) {
            case .bytes(let bytes): take(bytes, count: &count)
            case .continued: _ = terminal.enterRawMode()
            case .ended:
                state.withLock {
                    $0.line.isAtEnd = true
                    $0.mustStop = true
                }
            case .woken, .resized, .timeout: break
            }
        }
        let (waiters, line) = state.withLock { state in
            state.isDone = true
            defer { state.waiters = [] }
            return (state.waiters, state.line)
        }
        for waiter in waiters { waiter.resume(returning: line) }
    }

    private func take(_ bytes: [UInt8], count: inout Int) {
        for byte in bytes where byte == Self.interrupt || byte == Self.suspend {
            guard byte == Self.interrupt else {
                terminal.suspend()
                continue
            }
            count += 1
            // What was typed before is dropped, as a terminal does.
            state.withLock { $0.line.typeAhead = [] }
            onInterrupt(count)
        }
        let rest = bytes.suffix(from: bytes.lastIndex(of: Self.interrupt).map { $0 + 1 } ?? 0)
        state.withLock { $0.line.keep(rest.filter { $0 != Self.suspend }) }
    }
}

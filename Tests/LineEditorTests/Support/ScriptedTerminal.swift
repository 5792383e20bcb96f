import Glibc
import Synchronization
import TerminalTesting

@testable import LineEditor

/// A terminal in memory: what is sent to it is read as keys, and what is written to it can be looked at.
final class ScriptedTerminal: Terminal {
    struct State {
        var inputs: [TerminalInput] = []
        var emulator: Emulator
        var written = ""
        var isRaw = false
        var isWoken = false
        var suspensions = 0
        var writes = 0
    }

    let isInteractive: Bool
    let hasViewer: Bool
    let state: Mutex<State>
    private let bell: (read: Int32, write: Int32)

    init(columns: Int = 40, rows: Int = 10, isInteractive: Bool = true, hasViewer: Bool = true) {
        self.isInteractive = isInteractive
        self.hasViewer = hasViewer
        state = Mutex(State(emulator: Emulator(columns: columns, rows: rows)))
        var ends: [Int32] = [0, 0]
        _ = pipe(&ends)
        bell = (ends[0], ends[1])
    }

    deinit {
        close(bell.read)
        close(bell.write)
    }

    var size: TerminalSize {
        state.withLock { TerminalSize(columns: $0.emulator.columns, rows: $0.emulator.height) }
    }
    var rows: [String] { state.withLock { $0.emulator.everything } }
    var isRaw: Bool { state.withLock { $0.isRaw } }

    func enterRawMode() -> Bool {
        state.withLock { $0.isRaw = isInteractive }
        return isInteractive
    }

    func leaveRawMode() { state.withLock { $0.isRaw = false } }

    func read(timeout: Int?) -> TerminalInput {
        while true {
            let next = state.withLock { state -> TerminalInput? in
                if state.isWoken {
                    state.isWoken = false
                    return .woken
                }
                if state.inputs == [.ended] { return .ended }
                return state.inputs.isEmpty ? nil : state.inputs.removeFirst()
            }
            if let next { return next }
            // Time that is waited for passes at once.
            if timeout != nil { return .timeout }
            var byte: UInt8 = 0
            _ = Glibc.read(bell.read, &byte, 1)
        }
    }

    @discardableResult
    func write(_ text: String) -> Bool {
        state.withLock { state in
            state.writes += 1
            state.written += text
            // A terminal that processes output begins new lines at the left.
            var plain = ""
            for scalar in text.unicodeScalars { plain += scalar == "\n" ? "\r\n" : String(scalar) }
            state.emulator.feed(plain)
        }
        return true
    }

    func wake() {
        state.withLock { $0.isWoken = true }
        ring()
    }

    func suspend() {
        state.withLock { $0.suspensions += 1 }
    }

    func send(_ text: String) { send(.bytes(Array(text.utf8))) }

    func send(_ input: TerminalInput) {
        state.withLock { $0.inputs.append(input) }
        ring()
    }

    func resize(columns: Int, rows: Int) {
        state.withLock { $0.emulator.resize(columns: columns, rows: rows) }
        send(.resized)
    }

    /// Waits until the screen is as wanted; false when that does not come to be.
    func shows(_ isWanted: ([String]) -> Bool) async -> Bool {
        await eventually { isWanted(rows) }
    }

    private func ring() {
        var byte: UInt8 = 1
        _ = Glibc.write(bell.write, &byte, 1)
    }
}

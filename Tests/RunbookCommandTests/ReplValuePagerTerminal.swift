import LineEditor
import Synchronization

@testable import runbook

/// A terminal in memory whose keys are known from the start: what is written to it can be looked at. When there are no
/// more keys its input has ended.
final class ReplValuePagerTerminal: LineEditor.Terminal {
    private struct State {
        var inputs: [TerminalInput]
        var sizes: [TerminalSize]
        var size: TerminalSize
        var display: ReplValuePagerDisplay
        var isRaw = false
        var suspensions = 0
        var written = ""
    }

    let isInteractive: Bool
    var hasViewer: Bool { true }
    private let state: Mutex<State>

    /// - Parameter sizes: the size after each `.resized`.
    init(
        columns: Int = 40, rows: Int = 10, inputs: [TerminalInput] = [], sizes: [TerminalSize] = [],
        isInteractive: Bool = true
    ) {
        self.isInteractive = isInteractive
        let size = TerminalSize(columns: columns, rows: rows)
        state = Mutex(State(inputs: inputs, sizes: sizes, size: size, display: ReplValuePagerDisplay(size: size)))
    }

    var size: TerminalSize { state.withLock { $0.size } }
    var display: ReplValuePagerDisplay { state.withLock { $0.display } }
    var isRaw: Bool { state.withLock { $0.isRaw } }
    var suspensions: Int { state.withLock { $0.suspensions } }
    var written: String { state.withLock { $0.written } }
    var inputsLeft: Int { state.withLock { $0.inputs.count } }

    func enterRawMode() -> Bool {
        state.withLock { $0.isRaw = isInteractive }
        return isInteractive
    }

    func leaveRawMode() { state.withLock { $0.isRaw = false } }

    func read(timeout: Int?) -> TerminalInput {
        state.withLock { state in
            guard timeout == nil else { return .timeout }
            guard !state.inputs.isEmpty else { return .ended }
            let input = state.inputs.removeFirst()
            if input == .resized, !state.sizes.isEmpty {
                state.size = state.sizes.removeFirst()
                state.display.resize(to: state.size)
            }
            return input
        }
    }

    @discardableResult
    func write(_ text: String) -> Bool {
        state.withLock { state in
            state.written += text
            state.display.feed(text)
        }
        return true
    }

    func wake() {}

    func suspend() { state.withLock { $0.suspensions += 1 } }
}

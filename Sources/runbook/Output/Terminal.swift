import CommandSupport
import Glibc
import Synchronization

/// What a person sees on stderr: log lines, and below them one line of progress while a run is under way.
final class Terminal: Sendable {
    private struct State {
        var progress = ""
        var isShown = false
        var lastShown: ContinuousClock.Instant?
    }

    /// Whether lines may be coloured.
    let hasColor: Bool
    private let showsProgress: Bool
    private let state = Mutex(State())

    init(options: GlobalOptions, environment: [String: String]) {
        let isTerminal = StandardStream.error.isTerminal
        // https://no-color.org: any value that is not empty.
        let noColor =
            options.noColor || !(environment[EnvironmentVariable.noColor.name] ?? "").isEmpty
            || environment["TERM"] == "dumb"
        hasColor = isTerminal && !noColor
        showsProgress = isTerminal && environment["TERM"] != "dumb"
    }

    /// Writes a line above the progress line.
    func write(line: String) {
        state.withLock { state in
            StandardStream.error.write(
                (state.isShown ? "\r\u{1b}[K" : "") + line + "\n" + (state.isShown ? state.progress : ""))
        }
    }

    /// Writes text to stdout, above the progress line where both are one terminal.
    func write(output text: String) {
        state.withLock { state in
            if state.isShown { StandardStream.error.write("\r\u{1b}[K") }
            StandardStream.output.write(text)
            if state.isShown { StandardStream.error.write(state.progress) }
        }
    }

    /// Shows how far a run is; ten times a second at most.
    func show(progress: @autoclosure () -> String) {
        guard showsProgress else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            if let last = state.lastShown, now - last < .milliseconds(100) { return }
            state.lastShown = now
            state.progress = progress()
            state.isShown = true
            StandardStream.error.write("\r\u{1b}[K\(state.progress)")
        }
    }

    /// Takes the progress line away.
    func clearProgress() {
        state.withLock { state in
            if state.isShown { StandardStream.error.write("\r\u{1b}[K") }
            state.isShown = false
        }
    }

    /// `text` in a colour, where colours are shown.
    func colored(_ text: String, _ color: Color) -> String {
        hasColor ? "\u{1b}[\(color.rawValue)m\(text)\u{1b}[0m" : text
    }

    /// The colours used.
    enum Color: Int, Sendable {
        case red = 31
        case green = 32
        case yellow = 33
        case cyan = 36
        case bold = 1
        case dim = 2
    }
}

import LineEditor
import Operations
import RunbookHost
import Synchronization

/// Connects what runs beside the session's own task with the terminal: questions of the script, and how long it runs.
final class ReplLink: Sendable {
    private struct State {
        var reader: LineEditor.LineReader?
        var began = ContinuousClock.now
    }

    private let state = Mutex(State())

    /// Where questions are asked; until it is known nobody can be asked.
    var reader: LineEditor.LineReader? {
        get { state.withLock(\.reader) }
        set { state.withLock { $0.reader = newValue } }
    }

    /// When the statement began that is under way.
    var began: ContinuousClock.Instant {
        get { state.withLock(\.began) }
        set { state.withLock { $0.began = newValue } }
    }

    /// What came of a question.
    enum Answer: Sendable {
        case yes
        /// Whatever is not a yes.
        case no
        /// There is nobody any more.
        case gone
    }

    /// Asks a question that is answered by yes or no. Only what is typed once it stands there counts.
    func ask(_ question: String) async -> Answer {
        guard let reader else { return .gone }
        return await reader.whilePaused {
            let prompt = LineEditor.Prompt(StyledText("\(question.shown) [y/N] ", Style(.yellow)))
            switch await reader.readLine(prompt, remembers: false, isFresh: true) {
            case .line(let answer): return ["y", "yes"].contains(answer.lowercased().trimmed) ? .yes : .no
            case .interrupted: return .no
            case .end: return .gone
            }
        }
    }

    /// The same, where only a yes counts.
    func confirm(_ question: String) async -> Bool { await ask(question) == .yes }

    /// Does what uses the terminal by itself, such as asking for a secret.
    func whilePaused<Value: Sendable>(_ body: @Sendable () async -> Value) async -> Value {
        guard let reader else { return await body() }
        return await reader.whilePaused(body)
    }
}

extension String {
    /// Without the blanks at both ends.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

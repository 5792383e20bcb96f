import CommandSupport
import LineEditor
import Operations
import RunbookHost
import Synchronization

/// `.watch`: one expression again and again.
extension Repl {
    /// Ends the waiting between two looks, and the looking.
    private final class Stop: Sendable {
        private let state = Mutex<(isAsked: Bool, waiting: Task<Void, Never>?)>((false, nil))

        var isAsked: Bool { state.withLock(\.isAsked) }

        func ask() {
            let waiting = state.withLock { state in
                state.isAsked = true
                return state.waiting
            }
            waiting?.cancel()
        }

        func wait(_ seconds: Double) async {
            let task = Task<Void, Never> { try? await Task.sleep(for: .seconds(seconds)) }
            let isAsked = state.withLock { state in
                state.waiting = task
                return state.isAsked
            }
            if isAsked { task.cancel() }
            await task.value
        }
    }

    func watch(_ arguments: String) async {
        let words = arguments.split(separator: " ", maxSplits: 1).map(String.init)
        guard let seconds = words.first.flatMap(Double.init), (0.1...86_400).contains(seconds) else {
            return complain(
                ".watch takes how many seconds to wait, from 0.1 on, and an expression: .watch 5 users.find { locked = true }"
            )
        }
        let last = statements.last { $0.isExpression }?.source
        guard let expression = words.count > 1 ? words[1] : last else {
            return complain(".watch takes an expression: .watch \(words[0]) users.find { locked = true }")
        }
        guard case .code(let source, true) = TypedLine.parse(expression) else {
            return complain("'\(expression)' is no expression, which is all that can be watched")
        }
        let stop = Stop(), interactive = parts.interactive
        await reader.whileRunning(onInterrupt: { _ in
            stop.ask()
            interactive.interrupt(isAgain: false)
        }) { await look(again: source, every: seconds, until: stop) }
    }

    private func look(again source: String, every seconds: Double, until stop: Stop) async {
        var limits = await parts.interactive.options.limits
        // Nobody agrees to each change here.
        limits.changes = 0
        let statement = Runbook(name: "watch", source: "return \(source)")
        while !stop.isAsked {
            link.began = .now
            let outcome = await parts.interactive.evaluate(statement, limits: limits)
            parts.session.terminal.clearProgress()
            noteRun()
            guard outcome.run.status == .succeeded else {
                if !stop.isAsked { await show(outcome, isOneLine: true) }
                return
            }
            if screen.isInteractive { say("\u{1b}[H\u{1b}[2J", ending: "") }
            say("\(Timestamp.now.time) UTC, every \(seconds.formatted) s: \(source.shown). Ctrl-C ends.", .dim)
            let lines = ValuePrinter(style: style).text(of: outcome.values, as: .natural)
                .split(separator: "\n", omittingEmptySubsequences: false)
            let room = screen.isInteractive ? max(1, screen.size.rows - 3) : lines.count
            say(lines.prefix(room).joined(separator: "\n"))
            if lines.count > room { say("… \(lines.count - room) more lines", .dim) }
            await stop.wait(seconds)
        }
    }
}

extension Double {
    /// Without a fraction of zero.
    fileprivate var formatted: String {
        self == rounded() && magnitude < 1e15 ? String(Int64(self)) : String(self)
    }
}

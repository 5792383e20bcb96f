import CommandSupport
import Glibc
import LineEditor
import Operations
import RunbookHost

/// What a person sees.
extension Repl {
    // MARK: Words

    /// Writes a line, or a part of one, to the screen.
    func say(_ text: String, _ color: Terminal.Color? = nil, ending: String = "\n") {
        let terminal = parts.session.terminal
        terminal.write(output: (color.map { terminal.colored(text, $0) } ?? text) + ending)
    }

    /// Says what is wrong.
    func complain(_ text: String) {
        let terminal = parts.session.terminal
        terminal.write(output: terminal.colored("error: ", .red) + text.shownLines + "\n")
    }

    /// How values are shown on this screen now.
    var style: ScreenStyle { ScreenStyle(options: setup.options, environment: setup.environment) }

    /// Shows a text, page by page if it is longer than the screen.
    func page(_ text: String) async {
        guard !text.isEmpty else { return }
        let text = text.hasSuffix("\n") ? text : text + "\n"
        let pager = Pager(), screen = screen
        guard screen.isInteractive, Pager.needsPaging(text, size: screen.size) else {
            return parts.session.terminal.write(output: text)
        }
        await OffThread.run { pager.run(text, on: screen) }
    }

    // MARK: Outcomes

    /// What is said where a machine was lost between two statements.
    static var lost: String { "The machine was gone before this, and all variables with it; this is a new one." }

    /// Shows what came of a statement.
    ///
    /// - Parameter isOneLine: whether the place of an error in it is plain to see.
    func show(_ outcome: StatementOutcome, isOneLine: Bool) async {
        let run = outcome.run
        if outcome.wasMachineLost { say(Self.lost, .yellow) }
        if run.status == .succeeded {
            await page(ValuePrinter(style: style).text(of: outcome.values, as: .natural))
            await showPlanned(outcome.planned)
        } else {
            showFailure(outcome, isOneLine: isOneLine)
        }
        if outcome.isMachineLost {
            say(
                "The machine is gone, and all variables with it; what is planned stays. The next statement starts a new one.",
                .yellow)
        }
        if showsTiming {
            say("\(run.duration.readable), \(Wording.count(run.calls, "call"))", .dim)
        }
    }

    private func showPlanned(_ planned: [PlannedChange]) async {
        guard !planned.isEmpty else { return }
        let view = PlanText(changes: planned, terminal: parts.session.terminal)
        let listed = 20
        for change in planned.prefix(listed) { say(view.lines(of: change).joined(separator: "\n")) }
        if planned.count > listed { say("  … and \(Wording.number(planned.count - listed)) more: .plan shows all") }
        let all = await parts.interactive.planned.count
        say(
            "\(Wording.count(planned.count, "change")) planned, nothing sent"
                + (all > planned.count ? " (\(Wording.number(all)) planned in all)" : "")
                + ". .plan shows the plan, .apply sends it.",
            .dim)
    }

    private func showFailure(_ outcome: StatementOutcome, isOneLine: Bool) {
        let run = outcome.run
        guard let error = run.error else { return }
        if error.kind == "cancelled" {
            if !outcome.isMachineLost {
                say("stopped; what it assigned is undone, but not what it did inside tables.", .yellow)
            }
        } else {
            let named = error.location ?? run.runbook
            var text = error.message
            if isOneLine {
                if text.hasPrefix("\(named): ") { text.removeFirst(named.utf8.count + 2) }
            } else if !text.hasPrefix(named) {
                text = "\(named): \(text)"
            }
            complain(text)
            // Of a line that was just typed only what it called tells more.
            let frames = error.traceback.filter { !$0.hasPrefix("[built in]") }
            if !isOneLine || frames.count > 1 { for frame in frames.prefix(12) { say("    \(frame.shown)", .dim) } }
        }
        let done = run.changes(.done), unknown = run.changes(.unknown)
        for (title, changes) in [
            ("done before the end", done), ("UNKNOWN: the server may or may not have carried them out", unknown),
        ] where !changes.isEmpty {
            say("  \(Wording.count(changes.count, "change")) \(title):", .yellow)
            for change in changes.prefix(20) { say("    \((change.summary ?? change.description).shown)") }
            if changes.count > 20 { say("    … and \(changes.count - 20) more: .show \(run.id)") }
        }
        if outcome.dropped > 0 {
            say("What it planned before it failed is dropped: \(Wording.count(outcome.dropped, "change")).", .dim)
        }
    }
}

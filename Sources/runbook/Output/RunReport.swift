import CommandSupport
import Operations
import RunbookHost

/// Shows how a run ended: the result on stdout, everything else on stderr.
struct RunReport {
    let terminal: Terminal
    /// Whether it says how to go on with a run that was cut short. Default: `true`.
    var withAdvice = true
    private static let listed = 20

    /// - Parameter withResult: whether the result goes to stdout. Default: `true`.
    func write(_ outcome: RunOutcome, asJSON: Bool, withResult: Bool = true) {
        if asJSON {
            StandardStream.output.write(outcome.json.text + "\n")
        } else if withResult, outcome.status == .succeeded, !outcome.result.isNull {
            StandardStream.output.write(Self.text(of: outcome.result) + "\n")
        }
        if let error = outcome.error { terminal.write(line: message(error, outcome)) }
        if outcome.status != .succeeded { listChanges(outcome) }
        listUnmade(outcome)
        terminal.write(line: summary(outcome))
        if let advice = advice(outcome) { terminal.write(line: advice) }
    }

    /// A string as it is, but for a terminal; anything else as JSON.
    static func text(of result: JSONValue) -> String {
        guard let text = result.stringValue else { return result.prettyText }
        guard StandardStream.output.isTerminal else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).shown }
            .joined(separator: "\n")
    }

    /// The exit code that tells how the run ended.
    static func exitStatus(_ outcome: RunOutcome) -> ExitStatus {
        outcome.error?.kind == RunError.Kind.parameters.rawValue && outcome.status == .failed
            ? .usage : exitStatus(outcome.status)
    }

    /// The exit code of a run that stands so, unless it failed because of its parameters.
    static func exitStatus(_ status: RunStatus) -> ExitStatus {
        switch status {
        case .succeeded, .running: .success
        case .failed: .failed
        case .stopped: .stopped
        case .cancelled: .interrupted
        case .needsDecision: .needsDecision
        case .diverged: .diverged
        }
    }

    private func message(_ error: RunError, _ outcome: RunOutcome) -> String {
        // A script's own errors begin with the place already.
        let named = error.location ?? outcome.runbook
        let place = error.message.hasPrefix(named) ? "" : "\(named): "
        let text = terminal.colored("runbook: ", .red) + (place + error.message).shown
        let frames = error.traceback.dropFirst(error.traceback.count > 1 ? 0 : 1)
        return ([text] + frames.prefix(12).map { "    \($0.shown)" }).joined(separator: "\n")
    }

    private func listChanges(_ outcome: RunOutcome) {
        for (title, state) in [
            ("done before the end", ChangeRecord.Outcome.done),
            ("UNKNOWN: they may or may not have been carried out; look before you run it again", .unknown),
        ] {
            let changes = outcome.changes(state)
            guard !changes.isEmpty else { continue }
            terminal.write(line: "  \(changes.count) \(changes.count == 1 ? "change" : "changes") \(title):")
            for change in changes.prefix(Self.listed) {
                terminal.write(line: "    \(change.description.shown)")
            }
            if changes.count > Self.listed { terminal.write(line: "    … and \(changes.count - Self.listed) more") }
        }
    }

    /// What a plan lists and the run found no more to do.
    private func listUnmade(_ outcome: RunOutcome) {
        guard !outcome.unmade.isEmpty, outcome.status == .succeeded else { return }
        let count = outcome.unmade.count
        terminal.write(
            line: "  \(count) \(count == 1 ? "change" : "changes") of the plan \(count == 1 ? "was" : "were") not made:"
        )
        for change in outcome.unmade.prefix(Self.listed) {
            terminal.write(line: "    \(change.summary.shown)")
        }
        if count > Self.listed { terminal.write(line: "    … and \(count - Self.listed) more") }
    }

    /// How to go on with a run that was cut short.
    private func advice(_ outcome: RunOutcome) -> String? {
        guard outcome.isResumable, withAdvice else { return nil }
        return "Go on with it: runbook resume \(outcome.id)"
    }

    private func summary(_ outcome: RunOutcome) -> String {
        let mark = outcome.status == .succeeded ? terminal.colored("✓", .green) : terminal.colored("✗", .red)
        let done = outcome.changes(.done).count, failed = outcome.changes(.failed).count
        var facts = [
            "\(outcome.calls) \(outcome.calls == 1 ? "call" : "calls")", "\(done) \(done == 1 ? "change" : "changes")",
        ]
        if failed > 0 { facts.append("\(failed) refused") }
        let unknown = outcome.changes(.unknown).count
        if unknown > 0 { facts.append("\(unknown) unknown") }
        let unsent = outcome.changes(.notSent).count
        if unsent > 0 { facts.append("\(unsent) not sent") }
        let confinement = outcome.isConfined ? "" : " (not confined)"
        return
            "\(mark) \(outcome.runbook) \(outcome.status.rawValue)\(confinement): \(facts.joined(separator: ", ")) in \(outcome.duration.readable)"
    }
}

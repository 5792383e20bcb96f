import ArgumentParser
import RunbookHost

/// What arguments of commands are completed with.
enum WordCompletion {
    /// A runbook's name or path.
    static let runbooks = custom(Suggestions.runbooks)
    /// A parameter of the runbook, up to the sign of equality.
    static let parameters = custom(Suggestions.parameters)
    /// The address of a configured server.
    static let addresses = custom(Suggestions.addresses)
    /// Any run.
    static let runs = custom { request in Suggestions.runs(request) { _ in true } }
    /// A run that waits for a decision.
    static let undecidedRuns = custom { request in Suggestions.runs(request) { $0.status == .needsDecision } }
    /// A run that has not come to its end.
    static let openRuns = custom { request in
        Suggestions.runs(request) { $0.mode != .plan && $0.status != .succeeded }
    }
    /// A run that has changed something.
    static let changingRuns = custom { request in
        Suggestions.runs(request) { $0.mode != .plan && $0.changes.values.contains { $0 > 0 } }
    }
    /// A plan's file or id.
    static let plans = custom(Suggestions.plans)
    /// A schedule's name.
    static let schedules = custom(Suggestions.schedules)
    /// An operation's name.
    static let operations = custom(Suggestions.operations)
    /// A time zone's name.
    static let zones = custom(Suggestions.zones)

    private static func custom(_ find: @escaping @Sendable (CommandLineRequest) -> [Suggestion]) -> CompletionKind {
        .custom { words, index, prefix in
            let request = CommandLineRequest(words: words, index: index, prefix: prefix)
            return lines(find(request), shell: CompletionShell.requesting)
        }
    }

    /// What a shell's completion script reads.
    static func lines(_ suggestions: [Suggestion], shell: CompletionShell?) -> [String] {
        var seen: Set<String> = []
        return suggestions.filter { seen.insert($0.text).inserted }.compactMap { $0.line(for: shell) }
    }
}

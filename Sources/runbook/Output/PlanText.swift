import Operations
import RunbookHost

/// A plan as a person reads it: grouped by operation, what happens to whom, before and after, and totals.
struct PlanText {
    let changes: [PlannedChange]
    let questions: [String]
    let terminal: Terminal
    /// Longer values are cut.
    private static let longest = 60

    init(plan: Plan, terminal: Terminal) {
        self.init(changes: plan.changes, questions: plan.questions, terminal: terminal)
    }

    /// - Parameter questions: what was assumed to be answered with yes. Default: nothing.
    init(changes: [PlannedChange], questions: [String] = [], terminal: Terminal) {
        self.changes = changes
        self.questions = questions
        self.terminal = terminal
    }

    var text: String {
        var lines: [String] = []
        for (operation, changes) in groups {
            lines.append("\(operation) (\(changes.count))")
            for change in changes { lines += self.lines(of: change) }
        }
        for question in questions {
            lines.append(terminal.colored("  assumes a yes to: \(question.shown)", .yellow))
        }
        lines.append(totals)
        return lines.joined(separator: "\n")
    }

    /// In the order in which the operations come first.
    private var groups: [(String, [PlannedChange])] {
        var order: [String] = []
        var byOperation: [String: [PlannedChange]] = [:]
        for change in changes {
            if byOperation[change.operation] == nil { order.append(change.operation) }
            byOperation[change.operation, default: []].append(change)
        }
        return order.map { ($0, byOperation[$0] ?? []) }
    }

    /// One change: what happens to whom, and each field before and after.
    func lines(of change: PlannedChange) -> [String] {
        var notes: [String] = []
        if change.isConditional { notes.append("conditional") }
        if change.hasNoEffect { notes.append("no effect") }
        let note = notes.isEmpty ? "" : terminal.colored(" (\(notes.joined(separator: ", ")))", .dim)
        var lines = ["  \(mark(change)) \(change.summary.shown)\(note)"]
        if let refusal = change.refusal {
            lines.append(terminal.colored("      will be refused: \(refusal.shown)", .red))
        }
        for field in change.changes.arrayValue ?? [] {
            let name = field["field"]?.stringValue ?? ""
            lines.append(
                terminal.colored("      \(name.shown): ", .dim)
                    + "\(value(field["before"])) → \(value(field["after"]))")
        }
        return lines
    }

    private func mark(_ change: PlannedChange) -> String {
        if change.refusal != nil { return terminal.colored("!", .red) }
        switch kind(of: change) {
        case .create: return terminal.colored("+", .green)
        case .delete: return terminal.colored("-", .red)
        case .update: return terminal.colored("~", .yellow)
        }
    }

    private enum Kind { case create, update, delete }

    private func kind(of change: PlannedChange) -> Kind {
        switch change.operation.split(separator: ".").last {
        case "create": .create
        case "delete": .delete
        default: .update
        }
    }

    private func value(_ value: JSONValue?) -> String {
        guard let value, !value.isNull else { return "–" }
        let text = (value.stringValue ?? value.text).shown
        return text.count > Self.longest ? text.prefix(Self.longest) + "…" : text
    }

    /// `Plan: 12 changes (1 to create, 11 to change, 0 to delete); 2 conditional, 1 without effect.`
    private var totals: String {
        let all = changes
        guard !all.isEmpty else { return "Plan: no changes." }
        let counts = [Kind.create, .update, .delete].map { kind in all.count { self.kind(of: $0) == kind } }
        var text = "Plan: \(all.count) \(all.count == 1 ? "change" : "changes")"
        text += " (\(counts[0]) to create, \(counts[1]) to change, \(counts[2]) to delete)"
        let notes = [
            (all.count(where: \.isConditional), "conditional"), (all.count(where: \.hasNoEffect), "without effect"),
            (all.count { $0.refusal != nil }, "that will be refused"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return text + (notes.isEmpty ? "." : "; \(notes.joined(separator: ", ")).")
    }
}

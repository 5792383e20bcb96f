import Operations
import RunbookHost

/// A run as a page of text: what `runbook show` writes.
struct RunPage {
    /// How many changes are listed where not all are asked for.
    private static let listed = 20
    /// A longer call is cut.
    private static let longest = 160

    let review: RunReview
    let undo: RunReview.Undo
    let style: ScreenStyle
    private var record: RunRecord { review.record }

    // MARK: The head

    /// What the run was and how it stands.
    var head: String {
        var lines = ["\(status)  \(title)"]
        var facts: [(String, String)] = []
        func add(_ name: String, _ parts: [String]) {
            let text = parts.filter { !$0.isEmpty }.joined(separator: ", ")
            if !text.isEmpty { facts.append((name, text)) }
        }
        add("run", [record.id.shown])
        add("runbook", ["\(record.runbook.shown) (sha256 \(record.sha256.prefix(12)))"])
        add("signed", [record.signedBy.isEmpty ? "" : "with the key \(String(record.signedBy.prefix(12)).shown)"])
        add(
            "mode",
            [
                record.mode.rawValue, record.plan.isEmpty ? "" : "plan \(record.plan.shown)",
                record.approval.isEmpty ? "" : "approved: \(record.approval.shown)",
            ])
        add("began", [Wording.second(record.began) + " UTC", "took " + Wording.span(review.duration)])
        add(
            "by",
            [
                record.actor.shown, record.origin.shown,
                "process \(record.owner.process) on \(record.owner.host.shown)",
                record.version.isEmpty ? "" : "version \(record.version.shown)",
            ])
        add("target", [Wording.target(record.target).shown])
        for (name, value) in record.parameters.sorted(by: { $0.key < $1.key }) {
            add(
                name == record.parameters.keys.min() ? "parameters" : "",
                ["\(name.shown) = \(Wording.value(value).shown)"])
        }
        add(
            "limits",
            [
                record.limits.time.readable, Wording.count(record.limits.calls, "call"),
                Wording.count(record.limits.changes, "change"), record.limits.memory.readableBytes,
            ])
        add("confined", [record.isConfined ? "" : "no"])
        add(
            "calls",
            [
                "\(review.calls)", review.retries > 0 ? "\(review.retries) sent once more" : "",
                review.failedReads.isEmpty ? "" : Wording.count(review.failedReads.count, "read") + " failed",
            ])
        add("changes", [changes])
        add("skipped", [review.skipped.isEmpty ? "" : "\(review.skipped.count)"])
        add("result", [result])
        add("error", [error])
        let width = facts.map(\.0.count).max() ?? 0
        lines += facts.map { name, text in
            style.paint(name + String(repeating: " ", count: width - name.count), .dim) + "  " + text
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var title: String { record.title.isEmpty ? record.runbook.shown : record.title.shown }

    private var status: String {
        let words = Wording.status(record.status)
        let text = review.standing == .abandoned ? "\(words), and its process is dead" : words
        return RunsTable.color(record.status).map { style.paint(text, $0) } ?? text
    }

    private var changes: String {
        let counts = Dictionary(grouping: review.changes, by: \.outcome.rawValue).mapValues(\.count)
        return counts.isEmpty ? "0" : Wording.changes(counts)
    }

    private var result: String {
        record.result.isNull
            ? "" : Wording.value(record.result).shown.fitted(style.width.map { max(20, $0 - 12) } ?? 2_000)
    }

    private var error: String {
        guard let message = record.error["message"]?.stringValue else { return "" }
        let place = record.error["where"]?.stringValue ?? ""
        let text = place.isEmpty || message.hasPrefix(place) ? message : "\(place): \(message)"
        return style.paint(text.shown, .red)
    }

    // MARK: Changes and calls

    /// The changes, from before to after; not all if they are many.
    var changeList: String {
        guard !review.changes.isEmpty else { return "" }
        var lines = ["", heading("Changes")]
        // What went wrong is never among those left out.
        let isLong = review.changes.count > Self.listed
        let notable = isLong ? review.changes.filter { $0.outcome != .done && $0.outcome != .planned } : review.changes
        let shown = notable.isEmpty ? Array(review.changes.prefix(Self.listed)) : Array(notable.prefix(Self.listed))
        for change in shown { lines += self.lines(of: change, indent: "  ") }
        let rest = review.changes.count - shown.count
        if rest > 0 {
            lines.append("  … and \(rest) more: 'runbook report \(record.id.shown)' has them all")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is to be done next.
    var advice: String {
        let advice = RunAdvice.all(for: review, undo: undo)
        guard !advice.isEmpty else { return "" }
        let lines = advice.flatMap { ["  \($0.reason.shown)", "    " + style.paint($0.command.shown, .yellow)] }
        return (["", heading("Next")] + lines).joined(separator: "\n") + "\n"
    }

    func heading(_ text: String) -> String { style.paint(text.uppercased(), .dim) }

    /// One entry of the run, in a line, and for a change what is otherwise after it.
    func line(of entry: HistoryEntry) -> String {
        switch entry {
        case .call(let call):
            return lines(of: call, indent: "").joined(separator: "\n") + "\n"
        case .log(let line):
            let color: Terminal.Color? = line.level == "error" ? .red : line.level == "warn" ? .yellow : .dim
            let level = color.map { style.paint(line.level.shown, $0) } ?? line.level.shown
            return moment(line.start) + "       log   " + level + " " + line.text.shown + "\n"
        case .decision(let call, let wasSent, let actor, let time, let start):
            let words = wasSent ? "was sent" : "was not sent"
            return moment(start)
                + "       "
                + style.paint("— call \(call) \(words), \(actor.shown) decided \(Wording.second(time)) UTC", .yellow)
                + "\n"
        case .resumption(let owner, let time, let start):
            let who = owner.map { " by process \($0.process) on \($0.host.shown)" } ?? ""
            return moment(start) + "       " + style.paint("— resumed\(who) \(Wording.second(time)) UTC", .yellow)
                + "\n"
        }
    }

    private func moment(_ start: Int64) -> String {
        let text = Wording.offset(start)
        return style.paint(String(repeating: " ", count: max(0, 9 - text.count)) + text, .dim) + "  "
    }

    /// A call with its number, which `runbook decide` takes.
    func lines(of call: RecordedCall, indent: String) -> [String] {
        let color: Terminal.Color? =
            switch call.outcome {
            case .done: call.isChange ? .green : .dim
            case .failed: .red
            case .unknown, .pending: .yellow
            case .notSent, .unanswered, .planned: .dim
            }
        let sign = color.map { style.paint(Wording.sign(call.outcome), $0) } ?? Wording.sign(call.outcome)
        let number = call.number == 0 ? "host" : "#\(call.number)"
        let task = call.task > 1 ? "t\(call.task)" : ""
        var text = sign + " " + number + String(repeating: " ", count: max(1, 6 - number.count))
        if indent.isEmpty {
            text =
                moment(call.start) + text
                + style.paint(task + String(repeating: " ", count: max(1, 5 - task.count)), .dim)
        } else {
            text = indent + text
        }
        // All of a long argument is in the JSON.
        text += (indent.isEmpty ? call.called : call.text).shown.fitted(Self.longest)
        var notes: [String] = []
        if call.outcome != .done || call.decidedAsSent != nil || call.hasNoEffect {
            notes.append(Wording.outcome(call))
        }
        if call.isRestoration { notes.append("to give back access") }
        if call.attempts > 1 { notes.append("\(call.attempts) attempts") }
        if indent.isEmpty, let duration = call.duration { notes.append(Wording.span(duration)) }
        if !notes.isEmpty { text += "  " + style.paint(notes.joined(separator: ", "), .dim) }
        let deep = indent.isEmpty ? String(repeating: " ", count: 24) : indent + "         "
        var lines = [text]
        let failure = Wording.failure(call)
        if !failure.isEmpty { lines.append(deep + style.paint(failure.shown, .red)) }
        guard call.isChange else { return lines }
        for difference in call.differences {
            let values = Wording.beforeAndAfter(difference)
            lines.append(deep + "\(difference.field.shown): \(values.before.shown) → \(values.after.shown)")
        }
        return lines
    }
}

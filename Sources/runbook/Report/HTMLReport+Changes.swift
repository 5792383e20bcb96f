import Operations
import RunbookHost

extension HTMLReport {
    var changesSection: String {
        guard !review.changes.isEmpty else {
            return section("changes", "Changes", "<p class=\"none\">None.</p>")
        }
        let groups = review.groups
        let body = groups.map { group in
            "<div class=\"group\"><h3>\(Markup.escaped(Wording.targetType(group.targetType))) "
                + "<code>\(Markup.escaped(group.operation))</code> \(badges(group))</h3>\n\(tables(group))</div>"
        }
        let filter =
            "<input type=\"search\" id=\"filter\" placeholder=\"Find a name, a field, an outcome…\" aria-label=\"Filter the changes\" hidden>"
        return section("changes", "Changes", count: review.changes.count, filter + body.joined(separator: "\n"))
    }

    /// Of a long group, what went as it should is folded away.
    private func tables(_ group: RunReview.Group) -> String {
        let titles = ["call", "change", "before → after", "outcome", "at, took"]
        guard group.changes.count > Self.shown else { return Self.table(titles, group.changes.map { row($0) }) }
        let notable = group.changes.filter { $0.outcome != .done && $0.outcome != .planned }
        let usual = group.changes.filter { $0.outcome == .done || $0.outcome == .planned }
        let open = notable.count <= Self.shown ? notable : []
        let folded = open.isEmpty ? group.changes : usual
        let words =
            open.isEmpty ? "Show all \(Wording.number(folded.count))" : "Show the other \(Wording.number(folded.count))"
        return (open.isEmpty ? "" : Self.table(titles, open.map { row($0) }))
            + (folded.isEmpty ? "" : Self.folded(words, Self.table(titles, folded.map { row($0) })))
    }

    /// The totals of a group, by outcome.
    private func badges(_ group: RunReview.Group) -> String {
        var counts = RecordedCall.Outcome.allCases.map { ($0, group.count($0)) }.filter { $0.1 > 0 }
        let same = group.changes.count { $0.hasNoEffect }
        if same > 0, let place = counts.firstIndex(where: { $0.0 == .done }) { counts[place].1 -= same }
        let texts = counts.filter { $0.1 > 0 }.map { outcome, count in
            "<span class=\"badge \(Self.look(outcome))\">\(Wording.number(count)) \(Wording.outcome(outcome))</span>"
        }
        return (texts + (same > 0 ? ["<span class=\"badge n\">\(Wording.number(same)) no effect</span>"] : [])).joined(
            separator: " ")
    }

    private func row(_ call: RecordedCall) -> String {
        let isNumbered = call.number > 0
        let number = isNumbered ? "<a href=\"#t\(call.number)\">\(call.number)</a>" : "–"
        let look = call.hasNoEffect ? "n" : Self.look(call.outcome)
        var what = "<span dir=\"auto\">\(Markup.escaped(call.text))</span>"
        if call.isRestoration { what += "<small>made by the host, to give back what an update had taken</small>" }
        let failure = Wording.failure(call)
        if !failure.isEmpty { what += "<small class=\"f\" dir=\"auto\">\(Markup.escaped(failure))</small>" }
        var time = Wording.offset(call.start) + " s"
        if let duration = call.duration { time += "<small>\(Wording.span(duration))</small>" }
        if call.attempts > 1 { time += "<small>\(call.attempts) attempts</small>" }
        return "<tr class=\"\(look)\"\(isNumbered ? " id=\"c\(call.number)\"" : "")><td class=\"number\">\(number)</td>"
            + "<td>\(what)</td><td>\(differences(call))</td>"
            + "<td><span class=\"badge \(look)\">\(Wording.outcome(call))</span></td><td class=\"time\">\(time)</td></tr>"
    }

    private func differences(_ call: RecordedCall) -> String {
        call.differences.map { part in
            let values = Wording.beforeAndAfter(part)
            let before =
                "<del\(part.before.isNull ? " class=\"none\"" : "")><bdi>\(Markup.escaped(values.before))</bdi></del>"
            let after =
                "<ins\(part.after.isNull ? " class=\"none\"" : "")><bdi>\(Markup.escaped(values.after))</bdi></ins>"
            return "<span class=\"field\">\(Markup.escaped(part.field))</span> \(before) → \(after)"
        }.joined(separator: "<br>")
    }

    static func look(_ outcome: RecordedCall.Outcome) -> String {
        switch outcome {
        case .done: "c"
        case .failed: "f"
        case .unknown: "u"
        case .notSent, .unanswered: "n"
        case .planned: "p"
        case .pending: "w"
        }
    }
}

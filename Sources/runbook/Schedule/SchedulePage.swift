import RunbookHost
import RunbookSchedule

/// A schedule as a page of text: what `runbook schedule show` writes.
struct SchedulePage {
    let entry: ScheduleEntry
    let firings: [Firing]
    /// Why nobody can tell when it comes, such as a zone that is gone; `nil` if it can be told.
    var fault: String?
    /// The latest first.
    let slots: [Slot]
    let advice: [ScheduleAdvice]
    let zones: TimeZoneCatalogue
    let zone: TimeZoneRules
    /// Milliseconds since 1970.
    let now: Int64
    let style: ScreenStyle

    var text: String { head + planned + history + next }

    private var schedule: Schedule { entry.schedule }

    private var head: String {
        let state = ScheduleState(entry)
        let words = state.kind == .paused ? state.kind.rawValue : state.text
        var facts: [(name: String, text: String)] = []
        if let paused = schedule.paused {
            facts.append(("paused", moment(paused)))
            if !schedule.pauseReason.isEmpty {
                facts.append(("why", style.paint(schedule.pauseReason.shown, .yellow)))
            }
        }
        facts += ScheduleFacts(schedule, zones: zones).all.filter { !$0.text.isEmpty }.map { ($0.name, $0.text) }
        facts.append(("id", schedule.id.shown))
        facts.append(("added", moment(schedule.created)))
        let actor = schedule.actor.isEmpty ? "" : ", by \(schedule.actor.shown)"
        facts.append(("changed", moment(schedule.edited) + actor))
        let title = (state.color.map { style.paint(words, $0) } ?? words) + "  " + schedule.name.shown
        return ([title] + ScheduleFacts.lines(facts, style)).joined(separator: "\n") + "\n"
    }

    private func moment(_ unixMilliseconds: Int64) -> String {
        Moment.local(unixMilliseconds / 60_000 * 60_000, in: zone)
            + " (\(Moment.relative(unixMilliseconds, now: now)))"
    }

    private var planned: String {
        guard schedule.phase != .removed else { return "" }
        var lines = ["", heading(schedule.phase == .paused ? "Planned, and skipped while it is paused" : "Planned")]
        if ScheduleTable.isOverdue(entry, now: now), let next = schedule.next {
            let since = "since \(Moment.local(next, in: zone)) nobody was there to run what was due"
            lines.append("  " + style.paint(since, .red))
        }
        lines += FiringTable(firings: firings, zone: zone).lines(style).map { "  " + $0 }
        if let fault {
            lines.append("  " + style.paint(fault.shown, .red))
        } else if firings.isEmpty {
            lines.append("  nothing any more")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var history: String {
        guard !slots.isEmpty else { return "" }
        let table = ColumnTable(
            columns: [
                ColumnTable.Column(title: "PLANNED"), ColumnTable.Column(title: "FATE", least: 10),
                ColumnTable.Column(title: "LATE", isNumber: true, leavesAs: 1),
                ColumnTable.Column(title: "TRIES", isNumber: true, leavesAs: 2), ColumnTable.Column(title: "RUN"),
                ColumnTable.Column(title: "BY", leavesAs: 3), ColumnTable.Column(title: "WHY", least: 16),
            ],
            rows: slots.map { slot in
                let text = SlotText(slot: slot, zone: zone, now: now)
                return [
                    ColumnTable.Cell(text: text.planned), ColumnTable.Cell(text: text.state, color: text.color),
                    ColumnTable.Cell(text: text.lateness, color: .dim),
                    ColumnTable.Cell(text: slot.attempts > 1 ? "\(slot.attempts)" : ""),
                    ColumnTable.Cell(text: slot.runs.last?.shown ?? ""), ColumnTable.Cell(text: text.origin),
                    ColumnTable.Cell(text: slot.reason.shown),
                ]
            })
        let lines = table.lines(width: style.width.map { $0 - 2 }, paint: style.paint)
        return (["", heading("Slots")] + lines.map { "  " + $0 }).joined(separator: "\n") + "\n"
    }

    private var next: String {
        guard !advice.isEmpty else { return "" }
        let lines = advice.flatMap { ["  \($0.reason.shown)", "    " + style.paint($0.command.shown, .yellow)] }
        return (["", heading("Next")] + lines).joined(separator: "\n") + "\n"
    }

    private func heading(_ text: String) -> String { style.paint(text.uppercased(), .dim) }
}

import RunbookSchedule

/// A list of schedules, one a line.
struct ScheduleTable {
    /// A schedule with the last of its slots that has its fate.
    struct Row {
        let entry: ScheduleEntry
        let last: Slot?
        /// The zone that its times are shown in.
        let zone: TimeZoneRules
    }

    /// A slot that was due this long ago should have its row, in milliseconds.
    static let patience: Int64 = 60_000

    let rows: [Row]
    /// Milliseconds since 1970.
    let now: Int64

    func text(_ style: ScreenStyle) -> String {
        let table = ColumnTable(
            columns: [
                ColumnTable.Column(title: "NAME"), ColumnTable.Column(title: "WHEN", least: 12),
                ColumnTable.Column(title: "ZONE", least: 8, keepsEnd: true, leavesAs: 1),
                ColumnTable.Column(title: "NEXT"), ColumnTable.Column(title: "LAST", leavesAs: 2),
                ColumnTable.Column(title: "STATE", least: 10),
            ],
            rows: rows.map { row in
                let state = ScheduleState(row.entry)
                let last = row.last.map { SlotText(slot: $0, zone: row.zone, now: now) }
                return [
                    ColumnTable.Cell(text: row.entry.schedule.name.shown),
                    ColumnTable.Cell(text: when(row)),
                    ColumnTable.Cell(text: row.entry.schedule.zone.shown, color: .dim),
                    ColumnTable.Cell(text: next(row), color: isOverdue(row) ? .red : nil),
                    ColumnTable.Cell(
                        text: last.map { "\($0.state) \(Moment.relative($0.slot.planned, now: now))" } ?? "",
                        color: last?.color),
                    ColumnTable.Cell(text: state.text, color: state.color),
                ]
            })
        return table.lines(width: style.width, paint: style.paint).joined(separator: "\n") + "\n"
    }

    /// Whether a slot is due and nobody has looked at it.
    func isOverdue(_ row: Row) -> Bool { Self.isOverdue(row.entry, now: now) }

    static func isOverdue(_ entry: ScheduleEntry, now: Int64) -> Bool {
        entry.schedule.phase == .active && (entry.schedule.next.map { $0 < now - patience } ?? false)
    }

    private func when(_ row: Row) -> String {
        guard let trigger = try? Trigger(row.entry.schedule.trigger, zone: row.zone) else {
            return row.entry.schedule.trigger.shown
        }
        return TriggerWords(trigger: trigger, zone: row.zone).short
    }

    /// On the zone's clocks: it is clear from the next column which ones.
    private func next(_ row: Row) -> String {
        guard row.entry.schedule.phase == .active, let next = row.entry.schedule.next else { return "" }
        let local = Moment.local(next, in: row.zone).split(separator: " ").prefix(2).joined(separator: " ")
        if isOverdue(row) { return "\(local) (\(Moment.span(now - next)) overdue)" }
        return "\(local) (\(Moment.relative(next, now: now)))"
    }
}

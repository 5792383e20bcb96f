import RunbookHost

/// A list of runs, one a line.
struct RunsTable {
    let runs: [(record: RunRecord, standing: RunStanding)]

    func text(_ style: ScreenStyle) -> String {
        let table = ColumnTable(
            columns: [
                ColumnTable.Column(title: "RUN"), ColumnTable.Column(title: "BEGAN (UTC)"),
                ColumnTable.Column(title: "RUNBOOK", least: 10, keepsEnd: true),
                ColumnTable.Column(title: "MODE", leavesAs: 1),
                ColumnTable.Column(title: "STATUS"), ColumnTable.Column(title: "CHANGES", least: 12, leavesAs: 3),
                ColumnTable.Column(title: "TIME", isNumber: true, leavesAs: 2), ColumnTable.Column(title: "NEXT"),
            ],
            rows: runs.map { record, standing in
                [
                    ColumnTable.Cell(text: record.id.shown),
                    ColumnTable.Cell(text: Wording.minute(record.began), color: .dim),
                    ColumnTable.Cell(text: StoreRules.name(of: record.runbook).shown),
                    ColumnTable.Cell(text: record.mode.rawValue),
                    ColumnTable.Cell(text: Wording.status(record.status), color: Self.color(record.status)),
                    ColumnTable.Cell(text: Wording.changes(record.changes)),
                    ColumnTable.Cell(text: record.ended == nil ? "" : Wording.span(record.duration)),
                    // That a decision is needed is the status.
                    ColumnTable.Cell(
                        text: standing == .needsDecision ? "" : record.next(standing).shown, color: .yellow),
                ]
            })
        return table.lines(width: style.width, paint: style.paint).joined(separator: "\n") + "\n"
    }

    static func color(_ status: RunStatus) -> Terminal.Color? {
        switch status {
        case .succeeded: .green
        case .failed, .diverged: .red
        case .stopped, .cancelled, .needsDecision: .yellow
        case .running: nil
        }
    }
}

import Operations
import RunbookSchedule

/// Planned times, one a line.
struct FiringTable {
    let firings: [Firing]
    let zone: TimeZoneRules

    /// A table with titles.
    func text(_ style: ScreenStyle) -> String {
        let table = ColumnTable(
            columns: [
                ColumnTable.Column(title: "LOCAL"), ColumnTable.Column(title: "UTC"),
                ColumnTable.Column(title: "NOTE", least: 20),
            ],
            rows: firings.map { firing in
                [
                    ColumnTable.Cell(text: Moment.local(firing.unixSeconds * 1_000, in: zone, weekday: true)),
                    ColumnTable.Cell(text: firing.utc, color: .dim),
                    ColumnTable.Cell(text: firing.note ?? "", color: .yellow),
                ]
            })
        return table.lines(width: style.width, paint: style.paint).joined(separator: "\n") + "\n"
    }

    /// The lines alone, to stand beside a name.
    func lines(_ style: ScreenStyle) -> [String] {
        firings.map { firing in
            let local = Moment.local(firing.unixSeconds * 1_000, in: zone, weekday: true)
            let note = firing.note.map { "  " + style.paint($0, .yellow) } ?? ""
            return "\(local)  \(style.paint(firing.utc, .dim))\(note)"
        }
    }

    /// `[{"utc","local","note"}]`; the note only where there is one.
    static func json(_ firings: [Firing]) -> JSONValue {
        .array(
            firings.map { firing in
                var members: [String: JSONValue] = ["utc": .string(firing.utc), "local": .string(firing.local)]
                if let note = firing.note { members["note"] = .string(note) }
                return .object(members)
            })
    }
}

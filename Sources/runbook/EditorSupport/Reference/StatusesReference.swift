import CommandSupport
import RunbookHost
import RunbookSchedule

/// The page of how runs, changes and slots stand.
enum StatusesReference {
    static var page: ReferencePage {
        ReferencePage(
            "Statuses-reference", title: "Statuses",
            abstract:
                "How a run stands, what became of its changes, and how a planned time of a schedule stands, and what its hooks are "
                + "told."
        ) { page in
            page.heading("Of a run")
            page.table(
                ["Status", "Meaning", "Exit code"],
                RunStatus.allCases.map { status in
                    [
                        Markdown.code(status.rawValue), Prose.standard.markup(status.meaning),
                        status == .running ? "" : "\(RunReport.exitStatus(status).rawValue)",
                    ]
                })
            page.paragraph(
                "A run that failed because of its parameters exits with \(ExitStatus.usage.rawValue). All codes are in "
                    + "<doc:Exit-codes-reference>, and why a run did not succeed in <doc:Error-kinds-reference>.")
            page.heading("Of a change")
            page.table(
                ["Outcome", "Meaning"],
                ChangeRecord.Outcome.allCases.map { [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning)] })
            page.heading("Of a slot")
            page.paragraph("A slot is one planned time of one schedule.")
            page.table(
                ["State", "Meaning"],
                Slot.State.allCases.map { [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning)] })
            page.heading("Of a notice")
            page.paragraph("What a schedule's hooks are told, in `RUNBOOK_EVENT` and in the body.")
            page.table(
                ["Event", "Meaning"],
                Notice.Kind.allCases.map { [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning)] })
        }
    }
}

import CommandSupport
import RunbookHost

/// The page of what stands in the audit log.
enum AuditEventsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Audit-events-reference", title: "Audit events",
            abstract: "What stands in the audit log, and what `runbook audit verify` finds when it was tampered with."
        ) { page in
            page.heading("Events")
            page.paragraph("The member `event` of a line.")
            page.table(
                ["Event", "What happened"],
                AuditEvent.Kind.allCases.map { [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning)] })
            page.heading("Members of a line")
            page.paragraph(
                """
                A line is one JSON object in its canonical form: no white space, members sorted by the bytes of their names. \
                A member that is not known, or has no meaning for the event, is absent. No line holds a secret: `‹secret›` \
                stands in its place.
                """)
            page.table(
                ["Member", "What it says"],
                AuditMember.allCases.map { [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning)] })
            page.heading("Faults")
            page.paragraph(
                "`runbook audit verify` names the first line that shows a fault, says which, and ends with "
                    + "\(ExitStatus.auditFailed.rawValue).")
            page.table(
                ["Fault", "What is wrong"],
                AuditFault.Kind.allCases.map { [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning)] })
        }
    }
}

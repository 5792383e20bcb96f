import RunbookHost

/// The page of what `runbook check` finds.
enum CheckFindingsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Check-findings-reference", title: "Findings of runbook check",
            abstract: "The codes in brackets that `runbook check` ends its lines with, and what to do about each."
        ) { page in
            page.paragraph(
                """
                Each line is `file:line: error: message [code]`, as editors read it. An error will fail when the line is \
                reached, and ends the command with 1; a warning works, and is probably not what was meant. With `--json` the \
                same comes as `findings`. The codes do not change between versions.
                """)
            page.table(
                ["Code", "What was found", "What to do"],
                Finding.Code.allCases.map {
                    [
                        Markdown.code($0.rawValue), Prose.standard.markup($0.meaning), Prose.standard.markup($0.advice),
                    ]
                })
        }
    }
}

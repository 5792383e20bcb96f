import CommandSupport

/// The page of exit codes.
enum ExitCodesReference {
    static var page: ReferencePage {
        ReferencePage(
            "Exit-codes-reference", title: "Exit codes", abstract: "The codes that `runbook` ends with."
        ) { page in
            page.paragraph(
                "They mean the same in every subcommand. Results go to stdout, all else to stderr; with `--json` exactly one "
                    + "JSON document goes to stdout.")
            page.table(
                ["Code", "Meaning"],
                ManualNotes.exits.map { ["\($0.status.rawValue)", Prose.standard.markup($0.text)] })
            page.heading("By command")
            page.paragraph(
                "Commands that are not named end with one of the first two, or with \(ExitStatus.usage.rawValue).")
            page.table(
                ["Command", "Codes"],
                ManualNotes.exitsByCommand.keys.sorted().filter { $0 != "runbook" }.map { command in
                    [
                        Markdown.code(command),
                        ManualNotes.exits(of: command).map { "\($0.status.rawValue)" }.joined(separator: ", "),
                    ]
                })
        }
    }
}

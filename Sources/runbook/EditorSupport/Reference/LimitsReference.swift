import RunbookHost

/// The page of what a run may use.
enum LimitsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Limits-reference", title: "Limits",
            abstract: "What one run may use, and who says so."
        ) { page in
            page.paragraph(
                """
                A run that reaches a limit is stopped for good: no handler in the script catches it, nothing more is sent, \
                and the run's status is `stopped`. The operator's configuration sets the limits, a flag replaces the \
                configuration's for one run, and a manifest or a project's configuration file can only lower what holds.
                """)
            page.heading("Limits of a run")
            page.table(
                ["Name", "Default", "Unit", "What it limits", "Flag"],
                RunLimits.Name.allCases.map { name in
                    [
                        Markdown.code(name.rawValue), Markdown.plain(name.standard), Markdown.plain(name.unit),
                        Prose.standard.markup(name.meaning), Markdown.code(name.flag ?? ""),
                    ]
                })
            page.paragraph(
                "The names are those of `limits` in a manifest and in a configuration file. Sizes are in units of 1,024: "
                    + "`64KB`, `64MB`, `1GB`. Times are `250ms`, `30s`, `5m`, `2h`, `1d`, or a number of seconds.")
            page.heading("Limits that nobody sets")
            page.table(
                ["What", "At most"],
                [
                    ["A file that is passed as a parameter", ParameterFile.maximumSize.readableBytes],
                    ["A configuration file", ConfigurationFile.maximumSize.readableBytes],
                    [
                        "The memory limit",
                        "\(RunLimits.memoryRange.lowerBound.readableBytes) to \(RunLimits.memoryRange.upperBound.readableBytes)",
                    ],
                ])
        }
    }
}

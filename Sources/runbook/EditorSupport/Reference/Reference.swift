/// The reference of everything that has a name: made from the code that defines it.
enum Reference {
    /// All pages; the first leads to the others.
    static var pages: [ReferencePage] {
        let script = [
            OperationsReference.page, LuaFunctionsReference.page, ManifestReference.page, LimitsReference.page,
            ErrorKindsReference.page, CheckFindingsReference.page, TestCasesReference.page,
        ]
        let command = [
            CommandsReference.page, ConfigurationReference.page, EnvironmentReference.page, ExitCodesReference.page,
        ]
        let record = [StatusesReference.page, AuditEventsReference.page, MetricsReference.page]
        let index = ReferencePage(
            "Reference-index", title: "Reference",
            abstract:
                "Every operation, function, setting, code and word that has a meaning, from the code that defines it."
        ) { page in
            page.heading("Topics")
            for (title, pages) in [
                ("In a script", script), ("At the command line", command), ("In what is recorded", record),
            ] {
                page.heading(title, level: 3)
                page.list(pages.map { "<doc:\($0.name)>" })
            }
        }
        return [index] + script + command + record
    }
}

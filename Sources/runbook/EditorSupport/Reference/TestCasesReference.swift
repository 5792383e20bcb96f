/// The page of what a test beside a runbook says.
enum TestCasesReference {
    static var page: ReferencePage {
        ReferencePage(
            "Test-cases-reference", title: "Test cases",
            abstract: "The keys of `test \"…\" { … }` in a file `NAME_test.lua`, which `runbook test` runs."
        ) { page in
            page.paragraph("A key that is not here is an error that names the nearest one that is.")
            for table in TestKey.Table.allCases {
                page.heading(table.rawValue)
                page.table(
                    ["Key", "Value", "Meaning"],
                    TestKey.all.filter { $0.table == table }.map { key in
                        [Markdown.code(key.name), Prose.standard.markup(key.value), Prose.standard.markup(key.text)]
                    })
            }
        }
    }
}

import Operations
import RunbookHost

/// The page of the kinds of errors, in scripts and of runs.
enum ErrorKindsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Error-kinds-reference", title: "Kinds of errors",
            abstract: "What `kind` of an error says: of a call that failed, and of a run that did not succeed."
        ) { page in
            page.heading("Of a call")
            page.paragraph(
                """
                A call that fails raises a table, which `pcall` catches: `kind`, `message`, `operation`, `status` if the \
                server answered, and `details` if it said more. `tostring` makes one readable line of it.
                """)
            page.code(
                """
                local ok, failure = pcall(users.get, 4711)
                if not ok and failure.kind == "not_found" then log.warn("no such user", { id = 4711 }) end
                """)
            page.table(
                ["Kind", "Status", "What happened", "What to do"],
                APIError.Kind.allCases.map {
                    [
                        Markdown.code($0.rawValue), $0.statuses, Prose.standard.markup($0.meaning),
                        Prose.standard.markup($0.advice),
                    ]
                })
            page.heading("Of a run")
            page.paragraph(
                """
                A run that does not succeed has an error with `kind`, `message`, and if they are known `where` and \
                `traceback`: on stderr for people, and in what `--json` prints. If a failed call ended it, the kind is that \
                of the call; else it is one of these.
                """)
            page.table(
                ["Kind", "What happened", "What to do"],
                RunError.Kind.allCases.map {
                    [
                        Markdown.code($0.rawValue), Prose.standard.markup($0.meaning), Prose.standard.markup($0.advice),
                    ]
                })
        }
    }
}

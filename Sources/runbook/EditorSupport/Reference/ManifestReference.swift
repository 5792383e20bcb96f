import Operations
import RunbookHost

/// The page of what a runbook declares.
enum ManifestReference {
    static var page: ReferencePage {
        ReferencePage(
            "Manifest-reference", title: "The manifest",
            abstract: "What `runbook { … }` at the beginning of a file declares: keys, parameters, capabilities."
        ) { page in
            let function = PreludeFunctions.named("runbook")
            page.code(function?.example ?? "")
            page.paragraph(Prose.standard.markup(function?.documentation ?? ""))
            page.heading("Keys")
            page.table(
                ["Key", "Type", "Meaning"],
                (function?.parameters.first?.fields ?? []).map {
                    [
                        Markdown.code($0.name), Markdown.plain(TypeWords.words($0.type)),
                        Prose.standard.markup($0.documentation),
                    ]
                })
            page.paragraph("The keys of `limits` have a page of their own: <doc:Limits-reference>.")
            page.heading("Parameters")
            page.paragraph(
                "Each parameter in `params` is a table with these keys. Whoever runs the runbook gives values with "
                    + "`--param NAME=VALUE`.")
            page.table(
                ["Key", "Type", "Meaning"],
                ParameterKey.allCases.map {
                    [Markdown.code($0.rawValue), Markdown.plain($0.type), Prose.standard.markup($0.meaning)]
                })
            page.heading("Types of parameters")
            page.table(
                ["Type", "What the script gets", "How a value is given"],
                ParameterDeclaration.ValueType.allCases.map {
                    [Markdown.code($0.rawValue), Prose.standard.markup($0.meaning), Prose.standard.markup($0.way)]
                })
            page.heading("Capabilities")
            page.paragraph(
                "`needs` lists the capabilities of all calls that the runbook makes; others are denied. `runbook check` says "
                    + "which are missing and which nothing uses. The operator's `policy.capabilities` can only take some away."
            )
            page.table(
                ["Capability", "What needs it"],
                KnownCalls(catalogue: .standard).capabilities.map { name, detail in
                    [
                        Markdown.code(name),
                        detail.split(separator: ", ").map { Markdown.code(String($0)) }.joined(separator: ", "),
                    ]
                })
        }
    }
}

import Operations
import RunbookHost

/// The page of the runbooks that `runbook list --markdown` finds.
enum RunbooksReference {
    /// The page.
    ///
    /// - Parameter manifests: the runbooks by name, in order.
    static func page(_ manifests: [(name: String, manifest: Manifest)]) -> ReferencePage {
        ReferencePage(
            "Runbooks-reference", title: "Runbooks",
            abstract: "What each runbook does, takes and may do, as its manifest says."
        ) { page in
            page.table(
                ["Runbook", "What it does"],
                manifests.map { [Markdown.code($0.name), Prose.standard.markup($0.manifest.title)] })
            for (name, manifest) in manifests {
                page.heading(name)
                if !manifest.title.isEmpty { page.paragraph(Prose.standard.markup(manifest.title + ".")) }
                if !manifest.documentation.isEmpty { page.paragraph(Prose.standard.markup(manifest.documentation)) }
                page.table(["Parameter", "Type", "", "Meaning"], manifest.parameters.map(row))
                var facts: [[String]] = []
                if !manifest.needs.isEmpty {
                    facts.append(
                        ["Capabilities", manifest.needs.map { Markdown.code($0.rawValue) }.joined(separator: ", ")])
                }
                let limits = limits(manifest.limits)
                if !limits.isEmpty { facts.append(["Limits", limits.joined(separator: ", ")]) }
                page.table(["Fact", ""], facts)
            }
        }
    }

    private static func row(_ parameter: ParameterDeclaration) -> [String] {
        let standard = parameter.defaultValue.map { "default \(Markdown.code(text($0)))" }
        var meaning = Prose.standard.markup(parameter.documentation)
        if !parameter.choices.isEmpty {
            let choices = parameter.choices.map { Markdown.code(text($0)) }.joined(separator: ", ")
            meaning += meaning.isEmpty ? "one of \(choices)" : ": \(choices)"
        }
        return [
            Markdown.code(parameter.name), Markdown.code(parameter.type.rawValue),
            parameter.isRequired ? "required" : standard ?? "optional", meaning,
        ]
    }

    private static func text(_ value: JSONValue) -> String { value.stringValue ?? value.text }

    private static func limits(_ declared: RunLimits.Declared) -> [String] {
        let values: [(RunLimits.Name, String?)] = [
            (.time, declared.time?.readable), (.memory, declared.memory?.readableBytes),
            (.calls, declared.calls.map { "\($0)" }), (.changes, declared.changes.map { "\($0)" }),
            (.log, declared.log?.readableBytes), (.result, declared.result?.readableBytes),
            (.tasks, declared.tasks.map { "\($0)" }), (.source, declared.source?.readableBytes),
        ]
        return values.compactMap { name, value in value.map { "\(Markdown.code(name.rawValue)) \($0)" } }
    }
}

import Operations

/// The page of all operations of both catalogues.
enum OperationsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Operations-reference", title: "Operations",
            abstract: "Every call that a runbook can make to the security console and to Cortex Xpanse."
        ) { page in
            let operations = Catalogue.standard.operations
            let answers = AnswerWords(catalogue: .standard)
            page.paragraph(
                "Besides these there are functions that are made of them, such as `users.each` and `users.patch`: see "
                    + "<doc:Lua-functions-reference>.")
            page.heading("Effect classes")
            page.paragraph(
                "What a call may do to the world decides what plan mode, a retry and a resumed run do with it.")
            page.terms(
                EffectClass.allCases.map { effect in
                    let words = effect.words.split(separator: ":", maxSplits: 1)
                    return (Markdown.code(effect.rawValue), Prose.standard.markup(words.last.map(sentence) ?? ""))
                })
            page.heading("All at a glance")
            page.table(
                ["Call", "Effect", "Capability", "What it does"],
                operations.map { operation in
                    [
                        Markdown.code(operation.signature), operation.effect.rawValue,
                        Markdown.code(operation.capability.rawValue), Markdown.plain(operation.summary),
                    ]
                })
            var table = ""
            for operation in operations {
                if operation.table != table {
                    table = operation.table
                    page.heading(table)
                }
                write(operation, answers, &page)
            }
        }
    }

    private static func sentence(_ text: Substring) -> String {
        let text = text.drop { $0 == " " }
        return text.prefix(1).uppercased() + text.dropFirst()
    }

    private static func write(_ operation: Operation, _ answers: AnswerWords, _ page: inout Markdown) {
        page.heading(operation.name, level: 3)
        page.code(operation.signature)
        page.paragraph(
            Prose.standard.markup([operation.summary + ".", operation.documentation].joined(separator: " ")))
        page.table(
            ["Argument", "Type", "", "Meaning"],
            operation.parameters.flatMap { parameter in
                [row(parameter.name, parameter.type, parameter.isRequired, parameter.documentation)]
                    + rows(of: parameter.type, below: parameter.name)
            })
        var facts: [(String, String)] = [
            ("Answers", Prose.standard.markup(answers.words(for: operation))),
            ("Effect", Prose.standard.markup(operation.effect.words)),
            ("Capability", Markdown.code(operation.capability.rawValue)),
        ]
        if let endpoint = operation.endpoint {
            let request = Markdown.code("\(endpoint.method.rawValue) \(endpoint.path)")
            facts.append(
                ("Request", "\(request) of the \(endpoint.service), there called \(Markdown.code(operation.apiName))"))
        }
        if !operation.errorStatuses.isEmpty {
            let errors = operation.errorStatuses.map {
                "\(Markdown.code(ErrorWords.kind($0).rawValue)) (\($0): \(Markdown.plain(ErrorWords.meaning($0))))"
            }
            facts.append(("Errors", errors.joined(separator: ", ")))
        }
        page.table(["Fact", ""], facts.map { [$0.0, $0.1] })
        page.code(OperationExample(operation).source)
    }

    private static func rows(of type: ValueType, below path: String) -> [[String]] {
        switch type {
        case .object(let fields):
            return fields.filter { !$0.isReadOnly }.flatMap { field in
                let name = "\(path).\(field.name)"
                return [row(name, field.type, field.isRequired, field.documentation)]
                    + rows(of: field.type, below: name)
            }
        case .array(let element, _): return rows(of: element, below: path + "[]")
        case .oneOf(let types): return types.flatMap { rows(of: $0, below: path) }
        default: return []
        }
    }

    private static func row(_ name: String, _ type: ValueType, _ isRequired: Bool, _ text: String) -> [String] {
        [
            Markdown.code(name), Markdown.plain(words(type)), isRequired ? "required" : "optional",
            Prose.standard.markup(text),
        ]
    }

    /// The type, and what of its values it takes.
    private static func words(_ type: ValueType) -> String {
        switch type {
        case .integer(let range) where type != .identifier:
            let most = range.upperBound >= Int64(Int32.max) ? "or more" : "to \(range.upperBound)"
            return "\(type.description), \(range.lowerBound) \(most)"
        case .string(let least) where least > 0: return "\(type.description), not empty"
        case .array(_, let least) where least > 0: return "\(type.description), not empty"
        default: return type.description
        }
    }
}

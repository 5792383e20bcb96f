import Operations
import RunbookHost

/// The page of all functions of the prelude and of Lua's own library that a runbook has.
enum LuaFunctionsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Lua-functions-reference", title: "Lua functions",
            abstract: "Everything that a script finds besides the operations: the host's own functions, and Lua's."
        ) { page in
            var groups: [(name: String, functions: [PreludeFunction])] = []
            for function in PreludeFunctions.all {
                let name = function.table ?? "Without a table"
                if let index = groups.firstIndex(where: { $0.name == name }) {
                    groups[index].functions.append(function)
                } else {
                    groups.append((name, [function]))
                }
            }
            page.heading("All at a glance")
            page.table(
                ["Call", "What it does"],
                PreludeFunctions.all.map { [Markdown.code($0.signature), Markdown.plain($0.summary)] })
            for group in groups {
                page.heading(group.name)
                for function in group.functions { write(function, &page) }
            }
            writeLibrary(&page)
            writeAbsent(&page)
        }
    }

    private static func write(_ function: PreludeFunction, _ page: inout Markdown) {
        page.heading(function.name, level: 3)
        page.code(function.signature)
        page.paragraph(Prose.standard.markup([function.summary + ".", function.documentation].joined(separator: " ")))
        page.table(["Argument", "Type", "", "Meaning"], function.parameters.flatMap { rows($0, below: "") })
        var facts: [(String, String)] = []
        let answers = function.returns.map(\.documentation).joined(separator: ", ")
        facts.append(
            (
                function.kind == .value ? "Is" : "Answers",
                answers.isEmpty ? "nothing" : Prose.standard.markup(answers)
            ))
        if !function.capabilities.isEmpty {
            facts.append(
                ("Capability", function.capabilities.map { Markdown.code($0.rawValue) }.joined(separator: ", ")))
        }
        page.table(["Fact", ""], facts.map { [$0.0, $0.1] })
        page.code(function.example)
    }

    private static func rows(_ parameter: PreludeFunction.Parameter, below path: String) -> [[String]] {
        let name = path.isEmpty ? parameter.name : "\(path).\(parameter.name)"
        let choices = parameter.choices.isEmpty ? "" : ": \(parameter.choices.joined(separator: ", "))"
        let row = [
            Markdown.code(name), Markdown.plain(TypeWords.words(parameter.type) + choices),
            parameter.isOptional ? "optional" : "required", Prose.standard.markup(parameter.documentation),
        ]
        return [row] + parameter.fields.flatMap { rows($0, below: name) }
    }

    private static func writeLibrary(_ page: inout Markdown) {
        page.heading("Lua's own library")
        page.paragraph(
            "As in the [manual of Lua 5.4](https://www.lua.org/manual/5.4/manual.html#6), but where the summary says "
                + "otherwise. What can be called as a method can also be written behind a text and a colon: `text:upper()`."
        )
        func rows(_ names: [String]) -> [[String]] {
            names.sorted().compactMap { name in
                guard let entry = LuaLibrary.all[name] else { return nil }
                return [Markdown.code(name + entry.call), Markdown.plain(entry.summary)]
            }
        }
        let names = Array(LuaLibrary.all.keys)
        page.table(["Call", "What it does"], rows(names.filter { !$0.contains(".") }))
        let tables = Set(names.filter { $0.contains(".") }.map { String($0.prefix { $0 != "." }) })
        for table in tables.sorted() {
            page.heading(table, level: 3)
            page.table(["Call", "What it does"], rows(names.filter { $0.hasPrefix(table + ".") }))
        }
    }

    private static func writeAbsent(_ page: inout Markdown) {
        page.heading("What is not there")
        page.paragraph(
            "Who calls one of these anyhow is told what to do instead, by the script's error and by `runbook check`.")
        page.table(
            ["Name", "Instead"],
            KnownNames.standard.advice.sorted { $0.key < $1.key }.map { name, advice in
                [Markdown.code(name), Prose.standard.markup(advice)]
            })
    }
}

import CommandSupport

/// The page of every command with its arguments and options.
enum CommandsReference {
    static var page: ReferencePage {
        ReferencePage(
            "Commands-reference", title: "Commands",
            abstract: "Every command with its arguments and options, as `--help` and the manual pages tell it."
        ) { page in
            let root = CommandHelp.root, shared = CommandHelp.sharedNames
            let family = root.family.filter { $0.path.count > 1 }
            page.paragraph(Prose.standard.markup(root.abstract))
            for part in ManualText.parts(of: root.discussion) { write(part, &page) }
            page.table(
                ["Command", "What it does"],
                family.map { [Markdown.code($0.path.joined(separator: " ")), Prose.standard.markup($0.abstract)] })
            page.heading("Options of all commands")
            let options = (family.first { $0.path == ["runbook", "run"] } ?? root).arguments
            page.table(["Option", "Meaning"], options.filter { isShared($0, shared) }.map(row))
            for command in family {
                page.heading(command.path.joined(separator: " "))
                page.paragraph(Prose.standard.markup(command.abstract))
                page.code(synopsis(command, shared), language: "text")
                for part in ManualText.parts(of: command.discussion) { write(part, &page) }
                let own = command.arguments.filter { !isShared($0, shared) }
                page.table(["Argument", "Meaning"], own.filter { $0.kind == .positional }.map(row))
                page.table(["Option", "Meaning"], own.filter { $0.kind != .positional }.map(row))
                if command.path == ["runbook", "repl"] { writeDotCommands(&page) }
                guard command.subcommands.isEmpty else { continue }
                let codes = ManualNotes.exits(of: command.path.joined(separator: " ")).map { "\($0.status.rawValue)" }
                page.paragraph("Exit codes: \(codes.joined(separator: ", ")). See <doc:Exit-codes-reference>.")
            }
        }
    }

    private static func writeDotCommands(_ page: inout Markdown) {
        page.paragraph("A session takes these besides code; `.help NAME` tells more.")
        page.table(
            ["Dot-command", "What it does"],
            DotCommand.allCases.map { command in
                let arguments = command.arguments.isEmpty ? "" : " \(command.arguments)"
                return [Markdown.code(".\(command.rawValue)\(arguments)"), Prose.standard.markup(command.summary)]
            })
    }

    private static func isShared(_ argument: CommandHelp.Argument, _ shared: Set<String>) -> Bool {
        argument.names.contains { shared.contains($0) }
    }

    private static func write(_ part: ManualText, _ page: inout Markdown) {
        switch part {
        case .paragraph(let text): page.paragraph(Prose.standard.markup(text))
        case .verbatim(let lines): page.code(lines.joined(separator: "\n"), language: "text")
        case .example(let lines): page.code(lines.joined(separator: "\n"), language: "sh")
        }
    }

    private static func synopsis(_ command: CommandHelp, _ shared: Set<String>) -> String {
        var words = [command.path.joined(separator: " ")]
        if !command.subcommands.isEmpty { return words[0] + " COMMAND" }
        if command.arguments.contains(where: { $0.kind != .positional }) { words.append("[OPTION…]") }
        for argument in command.arguments where argument.kind == .positional {
            let word = argument.valueName.uppercased() + (argument.isRepeating ? "…" : "")
            words.append(argument.isOptional ? "[\(word)]" : word)
        }
        return words.joined(separator: " ")
    }

    private static func row(_ argument: CommandHelp.Argument) -> [String] {
        let value = argument.kind == .option ? " \(argument.valueName)" : ""
        let names =
            argument.kind == .positional
            ? Markdown.code(argument.valueName)
            : argument.names.map { Markdown.code($0 + value) }.joined(separator: ", ")
        return [names, Prose.standard.markup(ManualPage.text(of: argument))]
    }
}

import CommandSupport

/// The manual page of one command.
struct ManualPage: Sendable {
    /// What the file begins with, which says that a later run may write it anew.
    static let mark = ".\\\" Written by 'runbook manual', which writes it anew: what you change here is lost."

    /// The command.
    let help: CommandHelp
    /// The whole command, for references.
    let root: CommandHelp
    /// The names of the options that all commands share.
    let shared: Set<String>

    /// The name of the file.
    var fileName: String { Self.pageName(help.path) + ".1" }

    /// The whole text.
    var text: String {
        var roff = Roff()
        roff.comment(String(Self.mark.dropFirst(4)))
        let name = Self.pageName(help.path)
        roff.title(name, section: 1, version: programVersion, source: "runbook", manual: "Runbook Manual")
        roff.section("NAME")
        roff.name(name, Self.withoutStop(help.abstract))
        roff.section("SYNOPSIS")
        roff.composed(synopsis)
        description(&roff)
        arguments(&roff)
        options(&roff)
        commands(&roff)
        dotCommands(&roff)
        exitStatus(&roff)
        environment(&roff)
        files(&roff)
        examples(&roff)
        seeAlso(&roff)
        return roff.text
    }

    /// `runbook-schedule-add`.
    static func pageName(_ path: [String]) -> String { path.joined(separator: "-") }

    private static func withoutStop(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    // MARK: Sections

    private var synopsis: String {
        var words = [Roff.bold(help.path.joined(separator: " "))]
        if !help.subcommands.isEmpty { return words[0] + " " + Roff.italic("command") }
        if help.arguments.contains(where: { $0.kind != .positional }) { words.append("[\(Roff.italic("options"))]") }
        for argument in positional {
            var word = Roff.italic(argument.valueName) + (argument.isRepeating ? " ..." : "")
            if argument.isOptional { word = "[\(word)]" }
            words.append(word)
        }
        return words.joined(separator: " ")
    }

    private var positional: [CommandHelp.Argument] { help.arguments.filter { $0.kind == .positional } }

    private var parts: [ManualText] {
        ManualText.parts(of: help.discussion).filter { part in
            // They have a section of their own.
            if case .paragraph(let text) = part { !text.hasPrefix("Exit codes: ") } else { true }
        }
    }

    private func description(_ roff: inout Roff) {
        roff.section("DESCRIPTION")
        roff.paragraph(help.abstract)
        for part in parts {
            switch part {
            case .paragraph(let text): roff.paragraph(text)
            case .verbatim(let lines): roff.verbatim(lines)
            case .example: break
            }
        }
    }

    private func arguments(_ roff: inout Roff) {
        guard !positional.isEmpty else { return }
        roff.section("ARGUMENTS")
        for argument in positional { roff.entry(Roff.italic(argument.valueName), Self.text(of: argument)) }
    }

    private func options(_ roff: inout Roff) {
        let options = help.arguments.filter { $0.kind != .positional }
        let own = options.filter { !isShared($0) }, rest = options.filter(isShared)
        guard !options.isEmpty else { return }
        roff.section("OPTIONS")
        entries(own, &roff)
        if !own.isEmpty, !rest.isEmpty { roff.part("Options of all commands") }
        entries(rest, &roff)
    }

    /// Writes options; a flag and the one that takes it back are one entry.
    private func entries(_ options: [CommandHelp.Argument], _ roff: inout Roff) {
        var index = 0
        while index < options.count {
            let option = options[index], next = index + 1 < options.count ? options[index + 1] : option
            let isPair = next != option && next.text == option.text && option.kind == .flag && next.kind == .flag
            roff.entry(
                Self.tag(of: option) + (isPair ? ", " + Self.tag(of: next) : ""), Self.text(of: option))
            index += isPair ? 2 : 1
        }
    }

    private func isShared(_ argument: CommandHelp.Argument) -> Bool {
        argument.names.contains { shared.contains($0) }
    }

    private static func tag(of option: CommandHelp.Argument) -> String {
        let names = option.names.map(Roff.bold).joined(separator: ", ")
        return option.kind == .flag ? names : names + " " + Roff.italic(option.valueName)
    }

    /// What an argument or an option means, with its values and its default.
    static func text(of argument: CommandHelp.Argument) -> String {
        var text = argument.text
        // Most say so themselves.
        let isListed = argument.values.allSatisfy { text.contains($0) }
        if !argument.values.isEmpty, !isListed { text += " One of \(argument.values.joined(separator: ", "))." }
        if !argument.defaultValue.isEmpty, !text.contains("Default: ") { text += " Default: \(argument.defaultValue)." }
        let saysSo = text.lowercased().contains("may be given")
        if argument.isRepeating, argument.kind == .option, !saysSo {
            text += " May be given more than once."
        }
        return text
    }

    private func commands(_ roff: inout Roff) {
        guard !help.subcommands.isEmpty else { return }
        roff.section("COMMANDS")
        for command in help.subcommands { roff.entry(reference(command.path), command.abstract) }
    }

    private func dotCommands(_ roff: inout Roff) {
        guard help.path == ["runbook", "repl"] else { return }
        roff.section("DOT-COMMANDS")
        roff.paragraph("A session takes these besides code; .help NAME tells more.")
        for command in DotCommand.allCases {
            let arguments = command.arguments.isEmpty ? "" : " " + Roff.italic(command.arguments)
            roff.entry(Roff.bold(".\(command.rawValue)") + arguments, command.summary)
        }
    }

    private func exitStatus(_ roff: inout Roff) {
        guard help.subcommands.isEmpty || help.path.count == 1 else { return }
        roff.section("EXIT STATUS")
        for exit in ManualNotes.exits(of: help.path.joined(separator: " ")) {
            roff.entry(Roff.bold("\(exit.status.rawValue)"), exit.text)
        }
    }

    private func environment(_ roff: inout Roff) {
        let isRoot = help.path.count == 1
        let names = Set(help.arguments.flatMap(\.names))
        let variables = EnvironmentVariable.ofFlags.filter { isRoot || names.contains($0.flag ?? "") }
        guard !variables.isEmpty else { return }
        roff.section("ENVIRONMENT")
        guard isRoot else {
            let names = variables.map { Roff.bold($0.name) }.joined(separator: ", ")
            return roff.composed("\(names) say the same as the options of these names: see \(reference(root.path)).")
        }
        for entry in variables + ManualNotes.variables { roff.entry(Roff.bold(entry.name), entry.text) }
    }

    private func files(_ roff: inout Roff) {
        guard help.path.count == 1 else { return }
        roff.section("FILES")
        for file in ManualNotes.files { roff.entry(Roff.italic(file.path), file.text) }
    }

    private func examples(_ roff: inout Roff) {
        let examples = parts.compactMap { part -> [String]? in
            if case .example(let lines) = part { lines } else { nil }
        }
        guard !examples.isEmpty else { return }
        roff.section("EXAMPLES")
        for lines in examples { roff.verbatim(lines) }
    }

    private func seeAlso(_ roff: inout Roff) {
        var paths = root.family.map(\.path).filter { $0 != help.path && mentions($0) }
        if help.path.count == 1 { paths = help.subcommands.map(\.path) }
        for path in [Array(help.path.dropLast())] where !path.isEmpty && !paths.contains(path) { paths.append(path) }
        guard !paths.isEmpty else { return }
        roff.section("SEE ALSO")
        roff.composed(paths.sorted { $0.lexicographicallyPrecedes($1) }.map(reference).joined(separator: ", "))
    }

    /// Whether the help names another command, or has it below itself.
    private func mentions(_ path: [String]) -> Bool {
        guard path.count > 1 else { return false }
        if help.subcommands.contains(where: { $0.path == path }) { return true }
        let call = path.joined(separator: " ")
        let texts = [help.abstract, help.discussion] + help.arguments.map(\.text)
        let isBelow = root.family.contains { $0.path.count > path.count && $0.path.starts(with: path) }
        return texts.contains { text in
            text.ranges(of: call).contains { range in
                let rest = text[range.upperBound...]
                if rest.first?.isLetter == true || rest.first == "-" { return false }
                // `runbook schedule add` is not about `runbook schedule`.
                return !isBelow || !(rest.first == " " && rest.dropFirst().first?.isLetter == true)
            }
        }
    }

    /// `runbook-run(1)`.
    private func reference(_ path: [String]) -> String { Roff.bold(Self.pageName(path)) + "(1)" }
}

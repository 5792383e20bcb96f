import Operations
import RunbookHost

/// The pages that question marks open: of operations, functions, tables, Lua's own library and the session's commands.
struct HelpPages: Sendable {
    private let catalogue: Catalogue
    private let known: KnownNames
    private let names: LuaNames
    private let calls: KnownCalls
    private let commands: [SessionCommand]

    /// Pages for a catalogue's operations and a session's commands.
    init(catalogue: Catalogue, commands: [SessionCommand], known: KnownNames = .standard) {
        self.catalogue = catalogue
        self.known = known
        self.commands = commands
        names = LuaNames(catalogue: catalogue, known: known)
        calls = KnownCalls(catalogue: catalogue)
    }

    /// All about a name; `nil` if there is nothing of the name: ``unknown(_:)`` says what may have been meant.
    ///
    /// A name may be written as in Lua, with brackets behind it, as the API calls the operation, or with a command's dot.
    ///
    /// - Parameters:
    ///   - width: how many columns there are. Default: 80.
    ///   - paint: gives a text of a style its look. Default: plain.
    func help(for name: String, width: Int = 80, paint: @escaping HelpSheet.Paint = { text, _ in text }) -> String? {
        var page = HelpSheet(width: width, paint: paint)
        let name = Self.plain(name)
        if name.hasPrefix(".") {
            guard let command = commands.first(where: { $0.name == name.dropFirst() }) else { return nil }
            write(command, &page)
        } else if let function = PreludeFunctions.named(name) {
            write(function, &page)
        } else if let operation = catalogue[name] {
            write(operation, &page)
        } else if let members = names.members[name] {
            write(name, members, &page)
        } else if let entry = LuaLibrary.all[name] {
            write(name, entry, &page)
        } else if let advice = advice(for: name) {
            page.title(name)
            page.paragraph("\(name) is not available in a runbook: \(advice).")
        } else if let keyword = LuaKeyword(rawValue: name) {
            page.title(name)
            page.paragraph("'\(keyword.rawValue)' is a reserved word of Lua 5.4: see https://www.lua.org/manual/5.4/")
        } else if let command = commands.first(where: { $0.name == name }) {
            write(command, &page)
        } else {
            return nil
        }
        return page.text
    }

    /// What to say of a name that there is no help for, in one sentence or two.
    func unknown(_ name: String) -> String {
        let name = Self.plain(name)
        var candidates = catalogue.operations.flatMap { [$0.name, $0.apiName] } + PreludeFunctions.all.map(\.name)
        candidates += Array(names.members.keys) + Array(LuaLibrary.all.keys)
        candidates += commands.flatMap { [".\($0.name)", $0.name] }
        if let near = name.nearest(among: candidates) {
            return "there is no help for '\(name)'. Did you mean '\(near)'?"
        }
        // The right function in the wrong table.
        let function = name.split(separator: ".").last.map(String.init) ?? name
        let same = candidates.filter { $0.hasSuffix(".\(function)") }.sorted()
        if !same.isEmpty, name.contains(".") {
            return "there is no help for '\(name)'. There is: \(same.joined(separator: ", "))"
        }
        let tables = calls.tables.sorted().map { "?\($0)" }.joined(separator: ", ")
        return "there is no help for '\(name)'. These list what there is: \(tables), .help"
    }

    /// What there is to call, in a few lines.
    func overview(width: Int = 80, paint: @escaping HelpSheet.Paint = { text, _ in text }) -> String {
        var page = HelpSheet(width: width, paint: paint)
        let tables = ordered(calls.tables)
        let column = (tables.map(\.columns).max() ?? 0) + 3
        for table in tables {
            page.item(table, (names.members[table] ?? []).sorted().joined(separator: ", "), column: column)
        }
        let globals = PreludeFunctions.all.filter { $0.table == nil }.map(\.name)
        page.item("", globals.joined(separator: ", "), column: column)
        return page.text
    }

    /// A name without blanks and without the brackets of a call.
    private static func plain(_ name: String) -> String {
        String(name.filter { !$0.isWhitespace }.prefix { $0 != "(" && $0 != "{" })
    }

    private func advice(for name: String) -> String? {
        known.advice[name] ?? name.firstIndex(of: ".").flatMap { known.advice[String(name[..<$0])] }
    }

    /// The tables of operations in the catalogue's order, then the others.
    private func ordered(_ tables: Set<String>) -> [String] {
        var ordered: [String] = []
        let all = catalogue.operations.map(\.table) + PreludeFunctions.all.compactMap(\.table)
        for table in all where tables.contains(table) && !ordered.contains(table) { ordered.append(table) }
        return ordered
    }

    // MARK: Operations

    private func write(_ operation: Operation, _ page: inout HelpSheet) {
        page.title(operation.signature)
        page.paragraph(operation.summary + ".")
        if !operation.documentation.isEmpty {
            page.space()
            page.paragraph(operation.documentation)
        }
        if !operation.parameters.isEmpty {
            page.heading("Arguments")
            for parameter in operation.parameters {
                argument(
                    parameter.name, parameter.type.description, isOptional: !parameter.isRequired,
                    parameter.documentation, 1, &page)
                write(parameter.type, 2, &page)
            }
        }
        page.heading("Facts")
        func fact(_ name: String, _ text: String) { page.item(name, text, column: 14, indent: 2) }
        fact("Answers", AnswerWords(calls: calls).words(for: operation))
        fact("Effect", operation.effect.words)
        fact("Capability", operation.capability.rawValue)
        if let endpoint = operation.endpoint {
            fact(
                "Request",
                "\(endpoint.method.rawValue) \(endpoint.path) of the \(endpoint.service), there called \(operation.apiName)"
            )
        }
        if !operation.errorStatuses.isEmpty {
            page.heading("Errors")
            for status in operation.errorStatuses {
                let kind = ErrorWords.kind(status).rawValue
                page.item("\(status)  \(kind)", ErrorWords.meaning(status), column: 22, indent: 2)
            }
        }
        page.heading("Example")
        page.code(OperationExample(operation).source)
    }

    private func argument(
        _ name: String, _ type: String, isOptional: Bool, _ documentation: String, _ depth: Int, _ page: inout HelpSheet
    ) {
        let head = page.paint("\(type), \(isOptional ? "optional" : "required")", .dim)
        let indent = depth * 4 - 2
        let blanks = String(repeating: " ", count: indent)
        page.add("\(blanks)\(page.paint(name, .name))  \(head)")
        page.paragraph(documentation, indent: indent + 4)
    }

    private func write(_ type: ValueType, _ depth: Int, _ page: inout HelpSheet) {
        guard case .object(let fields) = type else { return }
        for field in fields where !field.isReadOnly {
            argument(
                field.name, field.type.description, isOptional: !field.isRequired, field.documentation, depth, &page)
            write(field.type, depth + 1, &page)
        }
    }

    // MARK: Functions

    private func write(_ function: PreludeFunction, _ page: inout HelpSheet) {
        page.title(function.signature)
        page.paragraph(function.summary + ".")
        page.space()
        page.paragraph(function.documentation)
        if !function.parameters.isEmpty {
            page.heading("Arguments")
            for parameter in function.parameters { write(parameter, 1, &page) }
        }
        page.heading("Facts")
        func fact(_ name: String, _ text: String) { page.item(name, text, column: 14, indent: 2) }
        let answers = function.returns.map(\.documentation).joined(separator: ", ")
        if function.kind == .value {
            fact("Is", answers)
        } else {
            fact("Answers", answers.isEmpty ? "nothing" : answers)
        }
        if function.isChange {
            fact("Effect", "changes something. Plan mode shows the changes and does not send them.")
        }
        if !function.capabilities.isEmpty {
            fact("Capability", function.capabilities.map(\.rawValue).joined(separator: ", "))
        }
        if function.kind == .function { fact("Source", "??\(function.name)") }
        page.heading("Example")
        page.code(function.example)
    }

    private func write(_ parameter: PreludeFunction.Parameter, _ depth: Int, _ page: inout HelpSheet) {
        argument(
            parameter.name, TypeWords.words(parameter.type), isOptional: parameter.isOptional, parameter.documentation,
            depth, &page)
        for field in parameter.fields { write(field, depth + 1, &page) }
    }

    // MARK: Tables, the library, commands

    private func write(_ table: String, _ members: Set<String>, _ page: inout HelpSheet) {
        page.title(table)
        let lines = members.sorted().map { member -> (head: String, summary: String, isChange: Bool) in
            let name = "\(table).\(member)"
            guard let call = calls.byName[name] else {
                return (name + (LuaLibrary.all[name]?.call ?? ""), LuaLibrary.all[name]?.summary ?? "", false)
            }
            return (name + call.call, call.summary, isChange(name))
        }
        // A long head has a line of its own.
        let column = min(40, 4 + (lines.map(\.head.columns).filter { $0 <= 34 }.max() ?? 0))
        for line in lines {
            page.item((line.isChange ? "* " : "  ") + line.head, line.summary, column: column)
        }
        page.space()
        if lines.contains(where: \.isChange) { page.paragraph("* changes something") }
        let example = lines.first.map { "?" + $0.head.prefix { $0 != "(" && $0 != " " } } ?? ""
        page.paragraph("A question mark before a name tells more: \(example)")
    }

    private func isChange(_ name: String) -> Bool {
        PreludeFunctions.named(name)?.isChange ?? catalogue[name]?.effect.isChange ?? false
    }

    private func write(_ name: String, _ entry: LuaLibrary.Entry, _ page: inout HelpSheet) {
        page.title(name + entry.call)
        page.paragraph("\(entry.summary).")
        page.space()
        page.paragraph("It is Lua's own: see https://www.lua.org/manual/5.4/manual.html#\(Self.anchor(name))")
    }

    /// Where the manual tells of a function.
    private static func anchor(_ name: String) -> String { "pdf-\(name)" }

    private func write(_ command: SessionCommand, _ page: inout HelpSheet) {
        page.title(".\(command.name)\(command.arguments.isEmpty ? "" : " \(command.arguments)")")
        page.paragraph(command.summary)
        guard !command.text.isEmpty else { return }
        page.space()
        page.paragraph(command.text)
    }
}

extension PreludeFunction {
    /// Whether calling it may change something at the target.
    fileprivate var isChange: Bool {
        capabilities.contains { !$0.rawValue.hasSuffix(":read") && $0 != "secrets:reveal" }
    }
}

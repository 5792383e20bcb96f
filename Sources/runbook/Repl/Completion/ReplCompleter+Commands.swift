import LineEditor

/// Commands of the session and what stands behind them, and names after question marks.
extension ReplCompleter {
    /// - Parameters:
    ///   - rest: what stands between the dot and the cursor.
    ///   - end: the cursor.
    func command(_ rest: String, end: Int, after: TextAfter) async -> Completions? {
        let name = rest.prefix { !$0.isWhitespace }
        guard name.utf8.count < rest.utf8.count else {
            let candidates = NameMatch.best(sources.commands, rest) { $0.name }.map { command in
                Candidate(
                    command.name, label: ".\(command.name)", detail: Self.joined(command.arguments, command.summary),
                    ending: command.arguments.isEmpty || after.byte == UInt8(ascii: " ") ? "" : " ")
            }
            return Completions(replacing: end - rest.utf8.count..<end, candidates)
        }
        guard let command = meant(by: String(name)) else { return nil }
        let typed = String(rest.dropFirst(name.count).drop { $0.isWhitespace })
        switch command.argument {
        case .none: return nil
        case .words(let words): return choose(words.map { .init(name: $0, detail: "") }, typed, end)
        case .target: return choose(await sources.targets(), typed, end)
        case .run: return choose(await sources.runs(), typed, end)
        case .file(let ending): return await file(typed, ending, end)
        case .name:
            let commands = sources.commands.map { CompletionSources.Entry(name: $0.name, detail: $0.summary) }
            let names = typed.contains(".") ? nil : choose(commands, typed, end)
            let others = help(typed, end: end, false)
            guard let names, let others else { return names ?? others }
            return Completions(replacing: names.range, names.candidates + others.candidates)
        case .seconds:
            guard let space = typed.firstIndex(where: \.isWhitespace) else { return nil }
            return await code(String(typed[space...]), end: end, after: after)
        case .code: return await code(typed, end: end, after: after)
        }
    }

    /// The command of a name, or of a beginning that no other has.
    private func meant(by name: String) -> SessionCommand? {
        if let command = sources.commands.first(where: { $0.name == name }) { return command }
        let candidates = sources.commands.filter { $0.name.hasPrefix(name) }
        return candidates.count == 1 ? candidates.first : nil
    }

    /// Lua that does not begin where the text does.
    private func code(_ source: String, end: Int, after: TextAfter) async -> Completions? {
        let blanks = String(repeating: " ", count: end - source.utf8.count)
        return await code(CompletionContext(blanks + source, cursor: end), after: after)
    }

    /// What begins as the one word that was typed.
    private func choose(_ entries: [CompletionSources.Entry], _ typed: String, _ end: Int) -> Completions? {
        guard !typed.contains(where: \.isWhitespace) else { return nil }
        let candidates = NameMatch.best(entries, typed) { $0.name }.map { Candidate($0.name, detail: $0.detail) }
        return Completions(replacing: end - typed.utf8.count..<end, candidates)
    }

    /// Files and folders; those with an ending first of all.
    private func file(_ typed: String, _ ending: String?, _ end: Int) async -> Completions? {
        // What stands behind a blank is no longer the file.
        guard !typed.contains(where: \.isWhitespace) else { return nil }
        let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
        let beginning = String(typed.dropFirst(folder.count))
        guard let files = await sources.files(folder) else { return nil }
        let visible = files.filter { beginning.hasPrefix(".") || !$0.name.hasPrefix(".") }
        let fitting = NameMatch.best(visible.sorted { $0.name < $1.name }, beginning) { $0.name }
        let wanted = fitting.filter { file in file.isFolder || ending.map { file.name.hasSuffix($0) } ?? true }
        return Completions(
            replacing: end - beginning.utf8.count..<end,
            (wanted.isEmpty ? fitting : wanted).map { Candidate($0.isFolder ? $0.name + "/" : $0.name) })
    }

    // MARK: Names after question marks

    /// Names that can stand behind one question mark or two; the source of runbooks is shown too.
    func asked(_ typed: String, end: Int, _ wantsSource: Bool) async -> Completions? {
        let names = help(typed, end: end, wantsSource)
        guard wantsSource, names?.candidates.isEmpty != false else { return names }
        return await file(typed, ".lua", end)
    }

    /// Names that there is help for.
    ///
    /// - Parameter wantsSource: whether only those are wanted whose source can be shown.
    func help(_ typed: String, end: Int, _ wantsSource: Bool) -> Completions? {
        guard !typed.contains(where: \.isWhitespace) else { return nil }
        let table = typed.lastIndex(of: ".").map { String(typed[..<$0]) }
        let beginning = table.map { String(typed.dropFirst($0.count + 1)) } ?? typed
        let sourced = PreludeFunctions.all.filter { $0.kind == .function }
        let range = end - beginning.utf8.count..<end
        if let table {
            let known = wantsSource ? Set(sourced.filter { $0.table == table }.map(\.function)) : names.members[table]
            let members = (known ?? []).sorted().map { member in
                Candidate(member, detail: detail(ofFunction: "\(table).\(member)"))
            }
            return Completions(replacing: range, NameMatch.best(members, beginning) { $0.text })
        }
        let globals = wantsSource ? Set(sourced.filter { $0.table == nil }.map(\.name)) : names.globals
        let tables = wantsSource ? Set(sourced.compactMap(\.table)) : Set(names.members.keys)
        let candidates =
            tables.sorted().map { Candidate($0, detail: detail(ofTable: $0), ending: ".") }
            + globals.filter { !$0.hasPrefix("_") }.sorted().map { Candidate($0, detail: detail(ofFunction: $0)) }
        return Completions(replacing: range, NameMatch.best(candidates, beginning, inside: false) { $0.text })
    }

    /// What a table holds.
    func detail(ofTable table: String) -> String {
        let members = (names.members[table] ?? []).sorted()
        return members.isEmpty ? "" : members.joined(separator: ", ")
    }

    /// What a function does, and how it is called: where there is little room the first is wanted more.
    func detail(ofFunction name: String) -> String {
        if let call = calls.byName[name] { return Self.joined(call.summary, call.call.withoutLeadingSpace) }
        return LuaLibrary.all[name].map { Self.joined($0.summary, $0.call) } ?? ""
    }

    static func joined(_ first: String, _ second: String) -> String {
        [first, second].filter { !$0.isEmpty }.joined(separator: "  ")
    }
}

extension String {
    fileprivate var withoutLeadingSpace: String { String(drop { $0 == " " }) }
}

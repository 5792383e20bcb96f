import LineEditor
import RunbookHost

/// Lua: names, members, arguments and values.
extension ReplCompleter {
    /// What belongs at a place in Lua source.
    enum Slot {
        /// A key of a table with these fields, some of which are there already.
        case key([FieldShape], written: [String])
        /// A value.
        case value(ValueShape)
    }

    /// - Parameter after: what stands behind the cursor.
    func code(_ context: CompletionContext, after: TextAfter) async -> Completions? {
        guard !context.isClosed else { return nil }
        let locals = LocalNames(context.tokens, context.source, calls)
        if context.string != nil { return await string(context, locals, after) }
        let path = LuaPath(endOf: context.source)
        if let path, path.access == .field || path.access == .method {
            return await members(path, context, locals, after)
        }
        if let last = context.tokens.last?.kind, Self.announcesNewName(last) { return nil }
        let partial = context.partial
        var candidates: [Candidate] = []
        // What else may stand there, if the place asks for something: nothing, or the session's own variables.
        var rest = Names.all
        switch slot(context) {
        case .key(let fields, let written)?:
            candidates = keys(fields, written, partial, after)
            if !candidates.isEmpty { rest = .none }
        case .value(let shape)?:
            candidates = await values(shape, partial, quote: nil, after)
            if !candidates.isEmpty { rest = partial.isEmpty || shape.isBoolean ? .none : .own }
        case nil: break
        }
        if rest != .none, context.word?.kind != .number {
            let taken = Set(candidates.map(\.text))
            candidates += await globals(rest, partial, context, locals, after).filter { !taken.contains($0.text) }
        }
        return Completions(replacing: context.partialRange, candidates)
    }

    /// Which of the names that can stand anywhere are offered.
    private enum Names {
        case all
        case own
        case none
    }

    /// Whether a new name follows, which nobody can complete.
    private static func announcesNewName(_ token: LuaToken.Kind) -> Bool {
        switch token {
        case .keyword(.local), .keyword(.function), .keyword(.for), .keyword(.goto), .symbol(.doubleColon): true
        default: false
        }
    }

    // MARK: Places

    /// What belongs at the cursor; `nil` if nothing is known, or the value is under way already.
    private func slot(_ context: CompletionContext) -> Slot? {
        guard let frame = context.frames.last, context.isAtItemStart else { return nil }
        switch frame.bracket {
        case .openParenthesis:
            return call(frame.callee).flatMap { $0.parameter(frame.position) }.map { .value($0.shape) }
        case .openBrace:
            guard let table = table(context.frames, context.frames.count - 1) else { return nil }
            if let key = frame.key { return table.value(under: key).map { .value($0) } }
            if let fields = table.fields { return .key(fields, written: frame.keys) }
            return table.element.map { .value($0) }
        default: return nil
        }
    }

    /// What is known of the table that a brace opened.
    private func table(_ frames: [CompletionContext.Frame], _ index: Int) -> ValueShape? {
        let frame = frames[index]
        if let call = call(frame.callee) { return call.parameter(0)?.shape }
        guard index > 0, frames[index - 1].item == frame.opener else { return nil }
        let outer = frames[index - 1]
        switch outer.bracket {
        case .openParenthesis: return call(outer.callee)?.parameter(outer.position)?.shape
        case .openBrace:
            let table = table(frames, index - 1)
            return outer.key.map { table?.value(under: $0) } ?? table?.element
        default: return nil
        }
    }

    /// The function at the end of a path.
    private func call(_ path: [PathKey]?) -> CallShape? {
        guard let path, !path.isEmpty, path.count <= 2 else { return nil }
        let names = path.compactMap { if case .name(let name) = $0 { name } else { nil } }
        return names.count == path.count ? calls.byName[names.joined(separator: ".")] : nil
    }

    private func keys(
        _ fields: [FieldShape], _ written: [String], _ partial: String, _ after: TextAfter
    ) -> [Candidate] {
        let open = fields.filter { !written.contains($0.name) && $0.name != "..." }
        return NameMatch.best(open, partial) { $0.name }.map { field in
            Candidate(
                field.name,
                detail: Self.joined(
                    field.isOptional ? field.documentation : "required: \(field.documentation)", field.shape.type),
                ending: after.continuesName || after.assigns ? "" : " = ")
        }
    }

    // MARK: Strings

    /// Inside a string: only what the place asks for.
    private func string(_ context: CompletionContext, _ locals: LocalNames, _ after: TextAfter) async -> Completions? {
        if let path = LuaPath(endOf: context.source), case .key = path.access {
            return await members(path, context, locals, after)
        }
        let shape: ValueShape?
        if case .value(let value)? = slot(context) {
            shape = value
        } else if let last = context.tokens.last, last.is(.equal) || last.is(.unequal) {
            shape = compared(LuaPath.keys(endingAt: context.tokens.count - 2, context.tokens, context.source))
        } else {
            // `roles.get "…"`
            shape = call(context.pathBefore)?.parameter(0)?.shape
        }
        guard let shape else { return nil }
        let candidates = await values(shape, context.partial, quote: context.quote ?? "", after)
        return Completions(replacing: context.partialRange, candidates)
    }

    /// What a field of something that was read is compared with: `user.role.id == "…"`.
    private func compared(_ path: [PathKey]?) -> ValueShape? {
        guard let path, case .name(let field)? = path.last else { return nil }
        var owner = ""
        if path.count > 1, case .name(let name) = path[path.count - 2] { owner = name }
        switch (owner, field) {
        case ("role", "id"): return ValueShape(reference: .roleID)
        case (_, "login"): return ValueShape(reference: .userLogin)
        case ("authentication", "type"):
            return calls.byName["users.each"]?.parameter(0)?.shape.value(under: "source")
        default: return nil
        }
    }

    // MARK: Members

    private func members(
        _ path: LuaPath, _ context: CompletionContext, _ locals: LocalNames, _ after: TextAfter
    ) async -> Completions? {
        let found: [Candidate]
        if let fields = fields(path, context, locals) {
            // Nothing that is read has methods.
            guard path.access != .method else { return nil }
            found = fields.map { Candidate($0.name, detail: Self.joined($0.documentation, $0.shape.type)) }
        } else if let keys = path.keys {
            found = await members(keys, path.access, after)
        } else {
            return nil
        }
        let matching = NameMatch.best(found, path.partial) { $0.text }
        guard case .key(let quote) = path.access else { return Completions(replacing: path.range, matching) }
        return Completions(
            replacing: path.range,
            matching.map { candidate in
                Candidate(
                    Self.escaped(candidate.text, quote), label: candidate.text, detail: candidate.detail,
                    ending: after.byte == nil && !quote.isEmpty ? "\(quote)]" : "")
            })
    }

    /// The fields of a value that the source itself tells of: a variable of a loop, what a call answers.
    private func fields(_ path: LuaPath, _ context: CompletionContext, _ locals: LocalNames) -> [FieldShape]? {
        guard let keys = path.keys else {
            // `users.get(7).`: the token before the last one closes a call.
            guard path.access == .field || path.access == .method else { return nil }
            let index = context.tokens.count - (context.tokens.last?.is(.dot) == true ? 2 : 1)
            return locals.model(endingAt: index, context.tokens, context.source, calls).flatMap { calls.models[$0] }
        }
        guard case .name(let root)? = keys.first, let model = locals.models[root] ?? nil,
            var fields = calls.models[model]
        else { return nil }
        for key in keys.dropFirst() {
            guard case .name(let name) = key, let field = fields.first(where: { $0.name == name }) else { return nil }
            fields = field.shape.fields ?? []
        }
        return fields
    }

    /// What is in a table of the session, or in one that every session has.
    private func members(_ keys: [PathKey], _ access: LuaPath.Access, _ after: TextAfter) async -> [Candidate] {
        var table: String?
        if keys.count == 1, case .name(let name)? = keys.first { table = name }
        var entries = await sources.names(keys)
        if access == .method {
            guard let functions = entries else { return await stringMethods(keys, after) }
            entries = functions.filter { $0.kind == "function" }
        }
        if entries == nil, let table, let known = names.members[table] {
            entries = known.sorted().map { ($0, sources.known.members[table] == nil ? "function" : "") }
        }
        let isKey = if case .key = access { true } else { false }
        return (entries ?? []).filter { isKey || Self.isName($0.name) }.map { entry in
            let name = table.map { "\($0).\(entry.name)" } ?? ""
            let detail = detail(ofFunction: name)
            return Candidate(
                entry.name, detail: detail.isEmpty ? entry.kind : detail,
                ending: isKey ? "" : ending(ofFunction: name, isFunction: entry.kind == "function", after))
        }
    }

    /// The functions of the library for strings, if the value at the end of a path is one.
    private func stringMethods(_ keys: [PathKey], _ after: TextAfter) async -> [Candidate] {
        guard case .name(let last)? = keys.last,
            await sources.names(Array(keys.dropLast()))?.contains(where: { $0.name == last && $0.kind == "string" })
                == true
        else { return [] }
        return (names.members["string"] ?? []).filter { LuaLibrary.all["string.\($0)"]?.isMethod == true }.sorted().map
        {
            Candidate(
                $0, detail: detail(ofFunction: "string.\($0)"), ending: after.continuesName || after.usesName ? "" : "("
            )
        }
    }

    // MARK: Globals

    private func globals(
        _ which: Names, _ partial: String, _ context: CompletionContext, _ locals: LocalNames, _ after: TextAfter
    ) async -> [Candidate] {
        let machine = await sources.names([]) ?? []
        var candidates: [Candidate] = []
        var seen: Set<String> = []
        func add(_ name: String, _ candidate: @autoclosure () -> Candidate) {
            guard Self.isName(name), seen.insert(name).inserted else { return }
            candidates.append(candidate())
        }
        for name in locals.models.keys.sorted() { add(name, Candidate(name, detail: "variable")) }
        let isKnown = { (name: String) in names.members[name] != nil || names.globals.contains(name) }
        // The session's own, without what is there only to say that it is not.
        for entry in machine where !isKnown(entry.name) && sources.known.advice[entry.name] == nil {
            guard !entry.name.hasPrefix("_") || partial.hasPrefix("_") else { continue }
            add(entry.name, Candidate(entry.name, detail: entry.kind))
        }
        if which == .own { return NameMatch.best(candidates, partial, inside: false) { $0.text } }
        let operations = names.members.keys.sorted().partitioned { calls.tables.contains($0) }
        for table in operations {
            add(
                table,
                Candidate(
                    table, detail: detail(ofTable: table), ending: after.continuesName || after.usesName ? "" : "."))
        }
        let functions = names.globals.sorted().partitioned { calls.byName[$0] != nil }
        for function in functions where !function.hasPrefix("_") || partial.hasPrefix("_") {
            add(
                function,
                Candidate(
                    function, detail: detail(ofFunction: function),
                    ending: ending(ofFunction: function, isFunction: false, after)))
        }
        // Of nothing typed: what a newcomer wants to see, without Lua's own library.
        if partial.isEmpty {
            return candidates.filter { candidate in
                calls.byName[candidate.text] != nil || calls.tables.contains(candidate.text) || !isKnown(candidate.text)
            }
        }
        candidates += LuaKeyword.allCases.map { Candidate($0.rawValue, detail: "keyword") }
        return NameMatch.best(candidates, partial, inside: false) { $0.text }
    }

    /// What is added behind a function's name when it is the only candidate.
    private func ending(ofFunction name: String, isFunction: Bool, _ after: TextAfter) -> String {
        guard !after.continuesName, !after.usesName else { return "" }
        guard let call = calls.byName[name] else {
            return isFunction || LuaLibrary.all[name].map { !$0.call.isEmpty } == true ? "(" : ""
        }
        guard call.isFunction else { return "" }
        if call.takesTable { return " { " }
        return call.parameters.isEmpty ? "()" : "("
    }

    /// Whether a text can stand as a name.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, LuaTokenizer.isLetter(first), LuaKeyword(rawValue: text) == nil else {
            return false
        }
        return text.utf8.allSatisfy { LuaTokenizer.isLetter($0) || LuaTokenizer.isDigit($0) }
    }
}

extension CallShape {
    /// What is known of an argument, counted from 0.
    fileprivate func parameter(_ position: Int) -> FieldShape? {
        position < parameters.count ? parameters[position] : nil
    }
}

extension Array {
    /// Those that meet a condition first, each part in the order it had.
    fileprivate func partitioned(_ isFirst: (Element) -> Bool) -> [Element] {
        filter(isFirst) + filter { !isFirst($0) }
    }
}

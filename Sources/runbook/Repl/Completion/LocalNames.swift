/// The variables that a piece of source makes itself, which no machine knows yet, and what is known of their values.
struct LocalNames {
    /// What is known of each: `nil` for nothing but the name.
    private(set) var models: [String: CallShape.Model?] = [:]

    /// Finds variables in tokens without comments.
    init(_ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls) {
        var index = 0
        while index < tokens.count {
            switch tokens[index].kind {
            case .keyword(.local): index = addLocal(index + 1, tokens, source, calls)
            case .keyword(.for): index = addLoop(index + 1, tokens, source, calls)
            case .keyword(.function): index = addFunction(index + 1, tokens, source, calls)
            // Not of a loop, nor of a table's field, which has a model of its own.
            case .name
            where index + 1 < tokens.count && tokens[index + 1].is(.assign) && Self.beginsStatement(index, tokens):
                add(source.text(of: tokens[index]), Self.model(from: index + 2, tokens, source, calls))
                index += 2
            default: index += 1
            }
        }
    }

    private mutating func add(_ name: String, _ model: CallShape.Model?) { models.updateValue(model, forKey: name) }

    private static func beginsStatement(_ index: Int, _ tokens: [LuaToken]) -> Bool {
        guard index > 0 else { return true }
        let before = tokens[index - 1]
        switch before.kind {
        case .symbol(.semicolon), .symbol(.closeParenthesis), .name, .number, .string, .symbol(.closeBrace),
            .symbol(.closeBracket):
            return true
        case .keyword(let keyword): return keyword != .local && keyword != .for && keyword != .function
        default: return false
        }
    }

    /// `local a, b <const> = …`
    private mutating func addLocal(
        _ start: Int, _ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls
    ) -> Int {
        var index = start
        var names: [String] = []
        while index < tokens.count, tokens[index].kind == .name {
            names.append(source.text(of: tokens[index]))
            index += 1
            if index + 2 < tokens.count, tokens[index].is(.less) { index += 3 }
            guard index < tokens.count, tokens[index].is(.comma) else { break }
            index += 1
        }
        let isAssigned = index < tokens.count && tokens[index].is(.assign)
        for (place, name) in names.enumerated() {
            add(name, isAssigned && place == 0 ? Self.model(from: index + 1, tokens, source, calls) : nil)
        }
        return max(index, start)
    }

    /// `for user in users.each { … }`, `for _, role in ipairs(roles.list())`
    private mutating func addLoop(
        _ start: Int, _ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls
    ) -> Int {
        var index = start
        var names: [String] = []
        while index < tokens.count, tokens[index].kind == .name {
            names.append(source.text(of: tokens[index]))
            index += 1
            guard index < tokens.count, tokens[index].is(.comma) else { break }
            index += 1
        }
        for name in names { add(name, nil) }
        guard index < tokens.count, tokens[index].is(.in), let last = names.last else { return max(index, start) }
        var first = index + 1
        if first + 1 < tokens.count, source.is(tokens[first], "ipairs"), tokens[first + 1].is(.openParenthesis) {
            first += 2
        } else if names.count > 1 {
            return first
        }
        if case .many(let model)? = Self.model(from: first, tokens, source, calls) { add(last, model) }
        return first
    }

    /// `function name(a, b)`, and the work of `parallel(users.each { … }, 8, function(user)`.
    private mutating func addFunction(
        _ start: Int, _ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls
    ) -> Int {
        var index = start
        if index < tokens.count, tokens[index].kind == .name {
            if index + 1 < tokens.count, tokens[index + 1].is(.openParenthesis) {
                add(source.text(of: tokens[index]), nil)
            }
            while index < tokens.count, !tokens[index].is(.openParenthesis) {
                guard tokens[index].kind == .name || tokens[index].is(.dot) || tokens[index].is(.colon) else {
                    return index
                }
                index += 1
            }
        }
        guard index < tokens.count, tokens[index].is(.openParenthesis) else { return max(index, start) }
        index += 1
        var isFirst = true
        while index < tokens.count, tokens[index].kind == .name {
            let model = isFirst ? Self.workedOn(before: start - 1, tokens, source, calls) : nil
            add(source.text(of: tokens[index]), model)
            isFirst = false
            index += 1
            guard index < tokens.count, tokens[index].is(.comma) else { break }
            index += 1
        }
        return index
    }

    /// The model of the items of a `parallel` whose work is the function at an index.
    private static func workedOn(
        before function: Int, _ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls
    ) -> CallShape.Model? {
        guard function > 0, tokens[function - 1].is(.comma) else { return nil }
        // The call is not written over many lines before its work.
        let earliest = max(0, function - 64)
        guard
            let parallel = (earliest..<function).last(where: {
                source.is(tokens[$0], "parallel") && tokens[$0 + 1].is(.openParenthesis)
            }), case .many(let model)? = model(from: parallel + 2, tokens, source, calls)
        else { return nil }
        return model
    }

    /// What an expression that begins with a call of a known function answers.
    private static func model(
        from start: Int, _ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls
    ) -> CallShape.Model? {
        guard start + 3 < tokens.count, tokens[start].kind == .name, tokens[start + 1].is(.dot),
            tokens[start + 2].kind == .name, tokens[start + 3].is(.openParenthesis) || tokens[start + 3].is(.openBrace)
        else { return nil }
        let name = source.text(of: tokens[start]) + "." + source.text(of: tokens[start + 2])
        guard let model = calls.byName[name]?.model else { return nil }
        // What is done with the answer in the same expression makes something else of it.
        guard let end = matching(start + 3, tokens), end + 1 < tokens.count else { return model }
        switch tokens[end + 1].kind {
        case .symbol(.dot), .symbol(.openBracket), .symbol(.colon), .symbol(.openParenthesis): return nil
        default: return model
        }
    }

    /// What a call of a known function answers that ends with the bracket at an index: `users.get(7)`.
    func model(
        endingAt end: Int, _ tokens: [LuaToken], _ source: LuaSource, _ calls: KnownCalls
    ) -> CallShape.Model? {
        guard end >= 4, tokens[end].is(.closeParenthesis) || tokens[end].is(.closeBrace) else { return nil }
        let earliest = max(0, end - 512)
        guard
            let start = (earliest...end - 4).last(where: { index in
                tokens[index].kind == .name && tokens[index + 1].is(.dot) && Self.matching(index + 3, tokens) == end
            })
        else { return nil }
        return calls.byName[source.text(tokens[start].range.lowerBound..<tokens[start + 2].range.upperBound)]?.model
    }

    /// The index of the bracket that closes the one at an index.
    private static func matching(_ opening: Int, _ tokens: [LuaToken]) -> Int? {
        guard case .symbol(let first) = tokens[opening].kind, first.isOpening else { return nil }
        var depth = 0
        // Nobody writes a longer one by hand.
        for index in opening..<min(tokens.count, opening + 512) {
            if case .symbol(let symbol) = tokens[index].kind {
                if symbol.isOpening { depth += 1 }
                if symbol.isClosing { depth -= 1 }
            }
            if depth == 0 { return index }
        }
        return nil
    }
}

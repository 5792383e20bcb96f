/// Looks for secrets in one piece of Lua source.
struct SecretScan {
    private let source: LuaSource
    /// Without comments.
    private let tokens: [LuaToken]
    private let rules: SecretLines
    /// For each opening bracket the index of its counterpart, or of the end; zero for other tokens.
    private let counterparts: [Int]
    /// How many texts stand before each token, and before the end: strings that are not empty and no constant keys.
    private let texts: [Int]

    /// Tokens that are looked at of a list of names before `=`, and of an argument.
    private static let longestList = 64
    /// Operands and operators of a value.
    private static let longestValue = 1_024

    /// How a function was written that takes secrets, or may have been meant to.
    private enum Function {
        /// An operation, and the places of its secrets.
        case operation(Set<Int>)
        /// No function, but of a table that has such operations.
        case mistyped
    }

    init(_ source: LuaSource, _ rules: SecretLines) {
        self.source = source
        self.rules = rules
        let tokens = source.code
        self.tokens = tokens
        var counterparts = [Int](repeating: 0, count: tokens.count)
        var open: [Int] = []
        var texts = [0]
        texts.reserveCapacity(tokens.count + 1)
        for (index, token) in tokens.enumerated() {
            if case .symbol(let symbol) = token.kind {
                if symbol.isOpening {
                    open.append(index)
                    counterparts[index] = tokens.count
                } else if symbol.isClosing, let opening = open.popLast() {
                    counterparts[opening] = index
                }
            }
            let isText =
                token.kind == .string && !source.value(ofString: token).isEmpty
                && !(Self.isKey(index, tokens) && index > 1 && LuaPath.isOperandEnd(tokens[index - 2]))
            texts.append((texts.last ?? 0) + (isText ? 1 : 0))
        }
        self.counterparts = counterparts
        self.texts = texts
    }

    /// Whether the string at an index stands alone between brackets.
    private static func isKey(_ index: Int, _ tokens: [LuaToken]) -> Bool {
        index > 0 && tokens[index - 1].is(.openBracket) && index + 1 < tokens.count
            && tokens[index + 1].is(.closeBracket)
    }

    /// Whether a name in it stands for a secret.
    var namesSecret: Bool { tokens.contains { $0.kind == .name && rules.words.match(source.text(of: $0)) } }

    /// Whether there is a secret in clear.
    var findsSecret: Bool {
        if source.tokens.contains(where: isSecretText) { return true }
        // The variables that are given texts here: one of them may be passed where a secret is due.
        var variables: Set<String> = []
        for index in tokens.indices {
            guard let name = name(at: index) else { continue }
            let after = tokens[index].kind == .string ? index + 2 : index + 1
            if givesText(to: name, from: after, &variables) { return true }
        }
        return tokens.indices.contains { isPassed(at: $0, variables) }
    }

    /// Whether there is a secret in a comment or a string, as `password: x`.
    private func isSecretText(_ token: LuaToken) -> Bool {
        switch token.kind {
        case .comment: rules.words.areAssigned(in: source.text(of: token))
        case .string: rules.words.areAssigned(in: source.value(ofString: token))
        default: false
        }
    }

    // MARK: Names

    /// The name that a name token is, or the key that a string in brackets is.
    private func name(at index: Int) -> String? {
        let token = tokens[index]
        guard token.range.count <= 256 else { return nil }
        if token.kind == .name { return source.text(of: token) }
        guard token.kind == .string, Self.isKey(index, tokens) else { return nil }
        return source.value(ofString: token)
    }

    private func isSecretName(_ name: String) -> Bool {
        // Slips of the finger are not looked for in what no finger typed.
        rules.words.match(name) || source.bytes.count <= StatementParser.compileLimit && rules.words.nearlyMatch(name)
    }

    /// Whether a name that stands for a secret is given a text, or is compared, joined or called with one.
    ///
    /// - Parameters:
    ///   - after: the index of what stands behind it.
    ///   - variables: gets the name if it is given a text whatever it stands for.
    private func givesText(to name: String, from after: Int, _ variables: inout Set<String>) -> Bool {
        guard after < tokens.count else { return false }
        if let start = assignment(from: after) {
            let value = value(from: start, isList: start > after + 1 || isInList(after - 1))
            guard hasText(value) else { return isNumber(value) && rules.words.matchNumbers(name) }
            variables.insert(name)
            return isSecretName(name)
        }
        switch tokens[after].kind {
        case .symbol(.equal), .symbol(.unequal), .symbol(.concatenate), .keyword(.or), .keyword(.and):
            return isSecretName(name) && hasText(value(from: after + 1))
        case .symbol(.openParenthesis), .symbol(.openBrace), .string:
            // What operations take is known better.
            return function(endingAt: after - 1) == nil && !isOperation(endingAt: after - 1) && isSecretName(name)
                && hasText(value(from: after))
        default: return false
        }
    }

    /// The index of what is assigned, if `=` comes next, or after more names: `local password <const>, b = "x", 1`.
    private func assignment(from after: Int) -> Int? {
        var index = after
        while index < min(tokens.count, after + Self.longestList) {
            switch tokens[index].kind {
            case .symbol(.assign): return index + 1
            case .symbol(.comma), .symbol(.less), .symbol(.greater): break
            case .name, .symbol(.dot): if index == after { return nil }
            default: return nil
            }
            index += 1
        }
        return nil
    }

    /// Whether the name at an index is one of several before `=`, and not the first: `local a, password = 1, "x"`.
    private func isInList(_ end: Int) -> Bool {
        guard end > 0, tokens[end].kind == .name, tokens[end - 1].is(.comma) else { return false }
        var index = end
        while index > max(0, end - Self.longestList) {
            switch tokens[index - 1].kind {
            case .name, .symbol(.comma), .symbol(.dot), .symbol(.less), .symbol(.greater): index -= 1
            // In a table or a call each value stands for itself.
            case .symbol(.assign), .symbol(.openBrace), .symbol(.openParenthesis): return false
            default: return true
            }
        }
        return true
    }

    // MARK: Values

    /// The tokens of an expression from an index on.
    ///
    /// - Parameter isList: whether expressions after commas belong to it. Default: they do not.
    private func value(from start: Int, isList: Bool = false) -> Range<Int> {
        var index = start
        var steps = 0
        scan: while index < tokens.count {
            let token = tokens[index]
            steps += 1
            // Of what no person writes, all that follows is taken for the value.
            if steps > Self.longestValue { return start..<tokens.count }
            switch token.kind {
            case .symbol(let symbol) where symbol.isOpening: index = counterparts[index]
            case .symbol(let symbol) where symbol.isClosing: break scan
            case .symbol(.semicolon), .symbol(.assign): break scan
            case .symbol(.comma) where !isList: break scan
            // Between an operand and a name there is no operator: a statement begins.
            case .name where index > start && Self.endsOperand(tokens[index - 1]): break scan
            case .keyword(let keyword) where Self.beginningsOfStatements.contains(keyword): break scan
            default: break
            }
            index += 1
        }
        return min(start, index)..<min(index, tokens.count)
    }

    private static let beginningsOfStatements: Set<LuaKeyword> = [
        .local, .if, .then, .while, .repeat, .until, .for, .goto, .break, .else, .elseif, .do, .in,
    ]

    private static func endsOperand(_ token: LuaToken) -> Bool {
        switch token.kind {
        case .name, .number, .string, .symbol(.closeParenthesis), .symbol(.closeBrace), .symbol(.closeBracket): true
        case .keyword(let keyword): keyword.isConstant || keyword == .end
        default: false
        }
    }

    /// Whether there is a text in a value that is not empty, and is no constant key of a table.
    private func hasText(_ value: Range<Int>) -> Bool { texts[value.upperBound] > texts[value.lowerBound] }

    /// Whether there is such a text behind a token.
    private func hasText(after index: Int) -> Bool { hasText(index + 1..<tokens.count) }

    private func isNumber(_ value: Range<Int>) -> Bool { value.count == 1 && tokens[value.lowerBound].kind == .number }

    // MARK: Operations

    /// The table and the function of a path that ends at an index: `users.unlock`.
    private func path(endingAt index: Int) -> (table: String, function: String)? {
        guard index >= 2, tokens[index].kind == .name, tokens[index - 1].is(.dot), tokens[index - 2].kind == .name
        else {
            return nil
        }
        return (source.text(of: tokens[index - 2]), source.text(of: tokens[index]))
    }

    private func isOperation(endingAt index: Int) -> Bool {
        path(endingAt: index).map { rules.functions[$0.table]?.contains($0.function) == true } ?? false
    }

    private func function(endingAt index: Int) -> Function? {
        guard let path = path(endingAt: index), let known = rules.functions[path.table] else { return nil }
        guard known.contains(path.function) else { return .mistyped }
        return rules.places["\(path.table).\(path.function)"].map { .operation($0) }
    }

    /// Whether a text is passed where an operation takes a secret.
    private func isPassed(at index: Int, _ variables: Set<String>) -> Bool {
        // `users["reset_password"]`
        if tokens[index].kind == .string, let name = name(at: index), index >= 2, tokens[index - 2].kind == .name,
            rules.places["\(source.text(of: tokens[index - 2])).\(name)"] != nil
        {
            return hasText(after: index)
        }
        guard let function = function(endingAt: index), index + 1 < tokens.count else { return false }
        let isCall = tokens[index + 1].is(.openParenthesis)
        switch function {
        case .operation(let places) where isCall:
            return arguments(from: index + 2).enumerated().contains { place, argument in
                guard places.contains(place) else { return false }
                return hasText(argument) || isNumber(argument)
                    || argument.prefix(Self.longestList).contains {
                        tokens[$0].kind == .name && variables.contains(source.text(of: tokens[$0]))
                    }
            }
        // It is passed on, to be called somewhere else.
        case .operation: return hasText(after: index)
        // A text of its own behind the first argument.
        case .mistyped:
            return isCall && arguments(from: index + 2).dropFirst().contains { $0.count == 1 && hasText($0) }
        }
    }

    /// The arguments of a call whose opening parenthesis stands before an index.
    private func arguments(from start: Int) -> [Range<Int>] {
        var arguments: [Range<Int>] = []
        var index = start
        // No operation has more.
        while index < tokens.count, arguments.count < 16 {
            let argument = value(from: index)
            arguments.append(argument)
            guard argument.upperBound < tokens.count, tokens[argument.upperBound].is(.comma) else { break }
            index = argument.upperBound + 1
        }
        return arguments
    }
}

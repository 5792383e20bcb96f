import Operations

/// Finds the texts in a statement that are secrets: those that stand where an operation wants one, and those that are known.
struct SecretLiterals {
    /// A text in a statement.
    struct Literal: Hashable {
        /// Where it stands, with its quotes, in the statement's UTF-8.
        let range: Range<Int>
        let value: String
        /// What a parameter in its place is called: `password`.
        let name: String
        /// Whether something else can stand in its place: it is a whole value, and no part of one.
        let isWhole: Bool
    }

    /// The places of arguments that are secrets, from 0, by operation.
    private let arguments: [String: [Int: String]]
    /// The fields that are secrets.
    private let fields: Set<String>
    private let words: SecretWords
    private let isSecret: (String) -> Bool

    /// - Parameter isSecret: whether a text is, or holds, a secret of the session.
    init(_ catalogue: Catalogue, isSecret: @escaping (String) -> Bool) {
        var arguments: [String: [Int: String]] = [:]
        for operation in catalogue.operations {
            for (place, parameter) in operation.parameters.enumerated() {
                guard parameter.type == .secret else { continue }
                arguments[operation.name, default: [:]][place] = parameter.name
            }
        }
        self.arguments = arguments
        fields = catalogue.secretNames
        words = SecretWords(catalogue: catalogue)
        self.isSecret = isSecret
    }

    /// The secrets among the texts of a statement, in their order.
    func find(in lua: LuaSource) -> [Literal] {
        let code = lua.code
        var found: [Literal] = []
        var brackets: [Bracket] = []
        for (index, token) in code.enumerated() {
            switch token.kind {
            case .symbol(let symbol) where symbol.isOpening:
                let isCall = symbol == .openParenthesis && Self.endsValue(index > 0 ? code[index - 1] : nil)
                let operation = isCall ? name(before: index, code, lua) : nil
                brackets.append(Bracket(isCall: isCall, isList: symbol == .openBrace, operation: operation))
            case .symbol(let symbol) where symbol.isClosing: _ = brackets.popLast()
            case .symbol(.comma) where !brackets.isEmpty: brackets[brackets.count - 1].place += 1
            case .string:
                let value = lua.value(ofString: token)
                let due = dueName(at: index, code, lua, brackets.last)
                guard !value.isEmpty, due != nil || isSecret(value) else { continue }
                found.append(
                    Literal(
                        range: token.range, value: value, name: due ?? "secret",
                        isWhole: Self.isWhole(at: index, code, brackets.last)))
            default: break
            }
        }
        return found
    }

    /// The statement with something else in the place of its secrets.
    static func replace(_ literals: [Literal], in lua: LuaSource, by text: (Literal) -> String) -> String {
        var bytes = lua.bytes
        for literal in literals.reversed() { bytes.replaceSubrange(literal.range, with: Array(text(literal).utf8)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Tokens

    private struct Bracket {
        let isCall: Bool
        let isList: Bool
        /// The operation that is called with what is between them.
        let operation: String?
        /// How many commas there were.
        var place = 0
    }

    /// The name of a call, `users.get`, whose parenthesis stands at a place.
    private func name(before index: Int, _ code: [LuaToken], _ lua: LuaSource) -> String? {
        guard index >= 3, code[index - 1].kind == .name, code[index - 2].is(.dot), code[index - 3].kind == .name
        else { return nil }
        return lua.text(of: code[index - 3]) + "." + lua.text(of: code[index - 1])
    }

    /// What a text is that stands where a secret is due; `nil` where none is.
    private func dueName(at index: Int, _ code: [LuaToken], _ lua: LuaSource, _ bracket: Bracket?) -> String? {
        guard index > 0 else { return nil }
        let previous = code[index - 1]
        if let bracket, let operation = bracket.operation, previous.is(.openParenthesis) || previous.is(.comma) {
            return arguments[operation]?[bracket.place]
        }
        guard previous.is(.assign), index > 1 else { return nil }
        var field = code[index - 2]
        if field.is(.closeBracket), index > 3, code[index - 4].is(.openBracket) { field = code[index - 3] }
        let name = field.kind == .string ? lua.value(ofString: field) : lua.text(of: field)
        // Of other names only those that stand for nothing else, as of `key` one cannot tell.
        if fields.contains(name) { return name }
        return words.matchNumbers(name) && LuaKeyword(rawValue: name) == nil ? name : nil
    }

    /// Whether a text is a value by itself.
    private static func isWhole(at index: Int, _ code: [LuaToken], _ bracket: Bracket?) -> Bool {
        let isBegun: Bool
        switch index > 0 ? code[index - 1].kind : .unknown {
        case .symbol(.assign), .symbol(.comma), .symbol(.openBrace), .keyword(.return): isBegun = true
        case .symbol(.semicolon): isBegun = bracket?.isList == true
        case .symbol(.openParenthesis): isBegun = bracket?.isCall == true
        default: isBegun = false
        }
        guard isBegun, index + 1 < code.count else { return isBegun }
        switch code[index + 1].kind {
        case .symbol(.comma), .symbol(.semicolon), .symbol(.closeParenthesis), .symbol(.closeBrace), .name: return true
        case .keyword(let keyword): return keyword != .and && keyword != .or
        default: return false
        }
    }

    /// Whether a token may be the end of what is called.
    private static func endsValue(_ token: LuaToken?) -> Bool {
        switch token?.kind {
        case .name, .string, .symbol(.closeParenthesis), .symbol(.closeBracket), .symbol(.closeBrace): true
        default: false
        }
    }
}

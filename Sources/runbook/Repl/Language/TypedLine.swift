/// What a person typed, by its form.
enum TypedLine: Sendable, Hashable {
    /// Nothing, or nothing but comments.
    case empty
    /// Lua. An expression has a value to show, and is to be compiled after `return`; other source is statements. What is
    /// neither, because it has a mistake, counts as statements.
    case code(source: String, isExpression: Bool)
    /// `.name arguments`: the name without its dot, whether there is such a command or not, and the arguments without the
    /// blanks around them.
    case command(name: String, arguments: String)
    /// `?name`, or `name?`: wants to know all about it; empty for help in general.
    case help(String)
    /// `??name`, or `name??`: wants to read its source.
    case source(String)

    /// What a text is. A line whose first sign is a dot before a letter is a command; the `=` of old Lua before an
    /// expression is left out.
    static func parse(_ text: String) -> TypedLine {
        switch kind(of: text) {
        case .empty: return .empty
        case .command(let rest):
            let name = rest.prefix { !$0.isWhitespace }
            return .command(name: String(name), arguments: rest.dropFirst(name.count).withoutOuterSpace)
        case .help(let name, let wantsSource): return wantsSource ? .source(name) : .help(name)
        case .code(let source):
            guard LuaTokenizer(Array(source.utf8)).contains(where: { $0.kind != .comment }) else { return .empty }
            // What is longer than a source may be is not worth compiling.
            let isExpression =
                source.utf8.count <= 1 << 20 && StatementParser.outcome(of: source, asExpression: true) == .whole
            return .code(source: source, isExpression: isExpression)
        }
    }

    /// The form of a text, found without compiling it.
    enum Kind: Sendable, Hashable {
        case empty
        /// What follows the dot.
        case command(String)
        case help(String, wantsSource: Bool)
        case code(String)
    }

    /// The form of a text.
    static func kind(of text: String) -> Kind {
        let start = text.drop { $0.isWhitespace }
        switch start.first {
        case nil: return .empty
        case ".":
            let rest = start.dropFirst()
            if rest.first.map({ $0.isASCII && $0.isLetter }) == true { return .command(String(rest)) }
        case "?":
            let rest = start.dropFirst()
            if rest.first == "?" { return .help(rest.dropFirst().withoutOuterSpace, wantsSource: true) }
            return .help(rest.withoutOuterSpace, wantsSource: false)
        case "=": return .code(String(start.dropFirst()))
        default:
            if let asked = asked(start) { return asked }
        }
        return .code(text)
    }

    /// A name, or a name of a table's member, with one or two question marks behind it.
    private static func asked(_ text: Substring) -> Kind? {
        // Whoever asks so types little.
        guard text.utf8.count < 200, text.utf8.contains(UInt8(ascii: "?")) else { return nil }
        let trimmed = text.withoutOuterSpace
        let name = trimmed.prefix { $0 != "?" }
        let marks = trimmed.dropFirst(name.count)
        let isName = name.utf8.allSatisfy {
            LuaTokenizer.isLetter($0) || LuaTokenizer.isDigit($0) || $0 == UInt8(ascii: ".")
        }
        guard isName, marks == "?" || marks == "??" else { return nil }
        return .help(String(name), wantsSource: marks == "??")
    }
}

extension StringProtocol {
    /// Without white space before and behind it.
    fileprivate var withoutOuterSpace: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}

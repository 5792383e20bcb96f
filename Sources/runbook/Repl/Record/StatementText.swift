import LuaMachine
import RunbookHost

/// The text of a statement, and what can be told of it without running it.
struct StatementText {
    /// It, without white space around it.
    let text: String
    /// Its tokens.
    let lua: LuaSource
    /// Whether it is an expression, or several with commas between.
    let isExpression: Bool
    /// The globals that it uses; `nil` if it does not compile.
    let usage: GlobalUsage?

    /// A statement or an expression.
    init(_ source: String, isExpression: Bool) {
        let bytes = Array(source.utf8)
        let start = bytes.firstIndex { !LuaTokenizer.isSpace($0) } ?? bytes.endIndex
        let end = (bytes.lastIndex { !LuaTokenizer.isSpace($0) } ?? bytes.startIndex - 1) + 1
        text = String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
        lua = LuaSource(text)
        self.isExpression = isExpression
        usage = Self.usage(of: isExpression ? "return " + text : text)
    }

    /// The globals that a source uses; `nil` if it does not compile.
    static func usage(of source: String) -> GlobalUsage? {
        bytecode(of: source).flatMap { try? GlobalUsage(bytecode: $0) }
    }

    static func compiles(_ source: String) -> Bool { bytecode(of: source) != nil }

    private static func bytecode(of source: String) -> [UInt8]? {
        try? LuaCompiler.compile(name: "session", source: Array(source.utf8))
    }

    /// Whether it reads a global of this name.
    func reads(_ name: String) -> Bool {
        usage?.accesses.contains { $0.kind != .write && $0.path.first == name } ?? false
    }

    /// Whether it may reach globals by names that are not to be seen in it.
    var hidesNames: Bool {
        guard let usage else { return true }
        return !usage.environmentChanges.isEmpty
            || usage.accesses.contains { $0.path.isEmpty || $0.path[0] == "_G" || $0.path[0] == "load" }
    }

    /// What of a statement matters when others stand around it.
    struct Shape: Hashable {
        /// It makes locals, or labels, that would reach into what follows.
        var declares = false
        /// It may end what it stands in.
        var returns = false
        /// It names the arguments of what it stands in: `...`.
        var takesArguments = false
        /// A function within it names `_`.
        var hasAnswerInFunction = false
        /// Behind a name or a call it would be taken for its arguments.
        var beginsWithParenthesis = false
    }

    var shape: Shape {
        var shape = Shape()
        // What is open: true for a function.
        var open: [Bool] = []
        var isFirst = true
        for token in lua.tokens where token.kind != .comment {
            switch token.kind {
            case .symbol(.openParenthesis) where isFirst: shape.beginsWithParenthesis = true
            case .symbol(.varargs) where !open.contains(true): shape.takesArguments = true
            case .name where open.contains(true) && lua.is(token, "_"): shape.hasAnswerInFunction = true
            case .keyword(.function): open.append(true)
            case .keyword(.do), .keyword(.if), .keyword(.repeat): open.append(false)
            case .keyword(.end), .keyword(.until): _ = open.popLast()
            case .keyword(.local) where open.isEmpty, .symbol(.doubleColon) where open.isEmpty: shape.declares = true
            case .keyword(.return) where !open.contains(true): shape.returns = true
            default: break
            }
            isFirst = false
        }
        return shape
    }

    /// It, with two spaces before each of its lines but those that begin within a string or a comment.
    var indented: String {
        var lines: [ArraySlice<UInt8>] = []
        var kept: Set<Int> = []
        for token in lua.tokens where token.kind == .string || token.kind == .comment {
            for offset in token.range.dropFirst() where lua.bytes[offset - 1] == UInt8(ascii: "\n") {
                kept.insert(offset)
            }
        }
        var start = 0
        for line in lua.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let isBlank = line.allSatisfy { LuaTokenizer.isSpace($0) }
            lines.append(kept.contains(start) || isBlank ? line : Array("  ".utf8) + line)
            start = line.endIndex + 1
        }
        return String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }
}

import LuaMachine

/// Tells what a person means by Enter: whether a text is whole, and what a new line begins with.
enum StatementParser {
    /// Bytes up to which a text is compiled to find out; a longer one is judged by its brackets and blocks.
    static let compileLimit = 65_536
    /// What a line inside a block begins with, more than the line that opens the block.
    static let indentUnit = "    "

    /// Whether Enter ends the text: a line for the session, whole Lua, or Lua whose mistake no further line can mend.
    ///
    /// It is not whole exactly if the compiler, reading an expression or statements, would have wanted more at the end.
    static func isComplete(_ text: String) -> Bool {
        switch TypedLine.kind(of: text) {
        case .empty, .command, .help: return true
        case .code(let source):
            guard source.utf8.count <= compileLimit else { return isBalanced(source) }
            let expression = outcome(of: source, asExpression: true)
            guard expression != .whole else { return true }
            let statements = outcome(of: source, asExpression: false)
            return statements == .whole || expression == .wrong && statements == .wrong
        }
    }

    /// What a new line begins with, given the text before it: four blanks more than the line of the innermost block or
    /// bracket that is open, and nothing in a string or comment, which would become a part of it.
    static func indentation(_ text: String) -> String {
        guard case .code = TypedLine.kind(of: text) else { return "" }
        let nesting = LuaNesting(lines: text)
        guard !nesting.endsInText, let opener = nesting.openers.last else { return "" }
        let bytes = Array(text.utf8)
        let start = bytes[..<opener.offset].lastIndex { $0 == UInt8(ascii: "\n") }.map { $0 + 1 } ?? 0
        let blanks = bytes[start...].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return String(decoding: blanks, as: UTF8.self) + indentUnit
    }

    /// What the compiler says of Lua source.
    enum Outcome: Hashable {
        case whole
        /// There is a mistake, and it is not that something is missing at the end.
        case wrong
        /// The mistake is where the source ends.
        case unfinished
    }

    /// Compiles source.
    ///
    /// - Parameter asExpression: whether it is read as what a `return` answers.
    static func outcome(of source: String, asExpression: Bool) -> Outcome {
        // With a line's end, a short string that is not closed is wrong: no further line could close it.
        let text = (asExpression ? "return " : "") + source + "\n"
        do {
            _ = try LuaCompiler.compile(name: "repl", source: Array(text.utf8))
            return .whole
        } catch {
            return error.description.hasSuffix("<eof>") ? .unfinished : .wrong
        }
    }

    private static func isBalanced(_ source: String) -> Bool {
        let nesting = LuaNesting(lines: source)
        return nesting.isBroken || nesting.openers.isEmpty && !nesting.endsInText
    }
}

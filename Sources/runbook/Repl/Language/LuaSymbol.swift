/// The operators and other signs of Lua 5.4.
enum LuaSymbol: String, Sendable, CaseIterable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case wholeDivide = "//"
    case modulo = "%"
    case power = "^"
    case length = "#"
    case and = "&"
    case tilde = "~"
    case or = "|"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case equal = "=="
    case unequal = "~="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case less = "<"
    case greater = ">"
    case assign = "="
    case openParenthesis = "("
    case closeParenthesis = ")"
    case openBrace = "{"
    case closeBrace = "}"
    case openBracket = "["
    case closeBracket = "]"
    case doubleColon = "::"
    case semicolon = ";"
    case colon = ":"
    case comma = ","
    case dot = "."
    case concatenate = ".."
    case varargs = "..."

    /// Whether it opens a pair of brackets.
    var isOpening: Bool { self == .openParenthesis || self == .openBrace || self == .openBracket }
    /// Whether it closes a pair of brackets.
    var isClosing: Bool { self == .closeParenthesis || self == .closeBrace || self == .closeBracket }
}

/// The reserved words of Lua 5.4.
enum LuaKeyword: String, Sendable, CaseIterable {
    case and
    case `break`
    case `do`
    case `else`
    case elseif
    case end
    case `false`
    case `for`
    case function
    case goto
    case `if`
    case `in`
    case local
    case `nil`
    case not
    case or
    case `repeat`
    case `return`
    case then
    case `true`
    case until
    case `while`

    /// Whether it is a value: `nil`, `true`, `false`.
    var isConstant: Bool { self == .nil || self == .true || self == .false }
}

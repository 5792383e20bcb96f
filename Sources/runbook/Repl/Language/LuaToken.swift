/// A piece of Lua source that belongs together.
struct LuaToken: Sendable, Hashable {
    /// What it is.
    enum Kind: Sendable, Hashable {
        case name
        case keyword(LuaKeyword)
        /// Whatever begins as a number does, malformed ones too.
        case number
        /// A string of any form, with its quotes or brackets.
        case string
        /// A comment of either form, with its hyphens; a short one without the line's end.
        case comment
        case symbol(LuaSymbol)
        /// What no token of Lua begins with, such as `!` or a letter outside ASCII.
        case unknown
    }

    /// What it is.
    let kind: Kind
    /// Where it is, as offsets in the text's UTF-8.
    let range: Range<Int>
    /// Whether it has its end: false for a string or a long comment that is not closed, and for a short comment with no
    /// line's end behind it. Default: `true`.
    let isClosed: Bool

    init(_ kind: Kind, _ range: Range<Int>, isClosed: Bool = true) {
        self.kind = kind
        self.range = range
        self.isClosed = isClosed
    }

    /// Whether it is this sign.
    func `is`(_ symbol: LuaSymbol) -> Bool { kind == .symbol(symbol) }
    /// Whether it is this word.
    func `is`(_ keyword: LuaKeyword) -> Bool { kind == .keyword(keyword) }
}

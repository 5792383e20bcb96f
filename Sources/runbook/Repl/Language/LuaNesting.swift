/// The blocks and brackets that are open at the end of Lua source.
struct LuaNesting {
    /// What opened and was not closed.
    struct Opener: Hashable {
        /// The bracket; `nil` for a block.
        let bracket: LuaSymbol?
        /// Where it opened.
        let offset: Int
    }

    /// What is open, the outermost first.
    private(set) var openers: [Opener] = []
    /// Whether something was closed that was not open, or more is open than Lua allows.
    private(set) var isBroken = false
    /// The last token, comments among them.
    private var last: LuaToken?

    /// What is open at the end of the lines of a text.
    init(lines text: String) {
        for token in LuaTokenizer(Array(text.utf8) + [UInt8(ascii: "\n")]) { add(token) }
    }

    /// Whether the end is inside a string or a comment.
    var endsInText: Bool { last?.isClosed == false }

    /// Lua itself nests no deeper.
    private static let deepest = 256

    private mutating func open(_ bracket: LuaSymbol?, _ token: LuaToken) {
        guard openers.count < Self.deepest else { return isBroken = true }
        openers.append(Opener(bracket: bracket, offset: token.range.lowerBound))
    }

    /// Goes on with the next token.
    private mutating func add(_ token: LuaToken) {
        last = token
        switch token.kind {
        case .keyword(.function), .keyword(.do), .keyword(.then), .keyword(.repeat):
            open(nil, token)
        case .keyword(.end), .keyword(.until), .keyword(.elseif): close(nil)
        case .symbol(let symbol) where symbol.isOpening:
            open(symbol, token)
        case .symbol(.closeParenthesis): close(.openParenthesis)
        case .symbol(.closeBrace): close(.openBrace)
        case .symbol(.closeBracket): close(.openBracket)
        default: break
        }
    }

    /// Closes the innermost opener of this kind and whatever was left open inside it.
    private mutating func close(_ bracket: LuaSymbol?) {
        // A bracket never reaches over the block that it stands in.
        let end = bracket == nil ? 0 : openers.lastIndex { $0.bracket == nil } ?? 0
        guard let index = openers[end...].lastIndex(where: { $0.bracket == bracket }) else {
            isBroken = true
            return
        }
        openers.removeSubrange(index...)
    }
}

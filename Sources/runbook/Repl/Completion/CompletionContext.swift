/// Where in Lua source a cursor stands: inside which calls and tables, and behind what.
struct CompletionContext {
    /// A bracket or a block that is open at the cursor.
    struct Frame {
        /// The bracket; `nil` for a block.
        let bracket: LuaSymbol?
        /// The index of the token that opened it.
        let opener: Int
        /// The path of what is called, or indexed, directly before it; `nil` if there is none, or it cannot be known.
        let callee: [PathKey]?
        /// How many commas stand in it before the cursor.
        var position = 0
        /// The key of the value at the cursor, if one was written.
        var key: String?
        /// The keys that were written.
        var keys: [String] = []
        /// The index of the first token of the item, or of its value, at the cursor.
        var item: Int
    }

    /// The source before the cursor.
    let source: LuaSource
    /// The tokens before what is being typed, without comments.
    let tokens: [LuaToken]
    /// The open brackets and blocks, the outermost first.
    let frames: [Frame]
    /// The beginning of a string at the cursor, whose end is missing; `nil` if the cursor is in none.
    let string: LuaToken?
    /// The word or number that ends at the cursor; `nil` if there is none.
    let word: LuaToken?
    /// Whether the cursor stands in a comment, or right behind a string.
    let isClosed: Bool

    /// Reads the source before a cursor.
    init(_ text: String, cursor: Int) { self.init(LuaSource(text, upTo: cursor)) }

    /// Reads the source before a cursor at its end.
    init(_ source: LuaSource) {
        self.source = source
        let end = source.bytes.count
        var tokens = source.code
        var string: LuaToken?
        var word: LuaToken?
        var isClosed = source.tokens.last.map { $0.kind == .comment && !$0.isClosed } ?? false
        if !isClosed, let last = tokens.last, last.range.upperBound == end {
            switch last.kind {
            case .string where last.isClosed, .unknown: isClosed = true
            case .string: string = last
            case .name, .keyword, .number: word = last
            default: break
            }
            if string != nil || word != nil { tokens.removeLast() }
        }
        self.tokens = tokens
        self.string = string
        self.word = word
        self.isClosed = isClosed
        frames = Self.frames(tokens, source)
    }

    /// What stands at the cursor, without quotes.
    var partial: String {
        string.map { source.value(ofString: $0) } ?? word.map { source.text(of: $0) } ?? ""
    }

    /// Where the partial text is, as offsets in the text.
    var partialRange: Range<Int> {
        let end = source.bytes.count
        if let string { return string.range.lowerBound + quoteLength(string)..<end }
        return word?.range ?? end..<end
    }

    /// The quote of the string at the cursor; empty for a long bracket.
    var quote: String? {
        string.map { quoteLength($0) == 1 ? String(UnicodeScalar(source.bytes[$0.range.lowerBound])) : "" }
    }

    private func quoteLength(_ string: LuaToken) -> Int {
        let first = source.bytes[string.range.lowerBound]
        guard first == UInt8(ascii: "[") else { return 1 }
        return source.text(of: string).dropFirst().prefix { $0 == "=" }.count + 2
    }

    /// Whether nothing of the item stands before what is being typed.
    var isAtItemStart: Bool { frames.last.map { $0.item == tokens.count } ?? false }

    /// The path that ends with the last token.
    var pathBefore: [PathKey]? { LuaPath.keys(endingAt: tokens.count - 1, tokens, source) }

    /// Lua itself nests no deeper.
    private static let deepest = 256

    private static func frames(_ tokens: [LuaToken], _ source: LuaSource) -> [Frame] {
        var frames: [Frame] = []
        func open(_ frame: Frame) { if frames.count < deepest { frames.append(frame) } }
        func close(_ bracket: LuaSymbol?) {
            guard let index = frames.lastIndex(where: { $0.bracket == bracket }) else { return }
            // A bracket does not close over a block.
            if bracket != nil, frames[index...].contains(where: { $0.bracket == nil }) { return }
            frames.removeSubrange(index...)
        }
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .keyword(.function), .keyword(.do), .keyword(.then), .keyword(.repeat):
                open(Frame(bracket: nil, opener: index, callee: nil, item: index + 1))
            case .keyword(.end), .keyword(.until), .keyword(.elseif): close(nil)
            case .symbol(let symbol) where symbol.isOpening:
                let callee =
                    index > 0 && LuaPath.isOperandEnd(tokens[index - 1])
                    ? LuaPath.keys(endingAt: index - 1, tokens, source) : nil
                open(Frame(bracket: symbol, opener: index, callee: callee, item: index + 1))
            case .symbol(.closeParenthesis): close(.openParenthesis)
            case .symbol(.closeBrace): close(.openBrace)
            case .symbol(.closeBracket): close(.openBracket)
            case .symbol(.comma), .symbol(.semicolon):
                guard !frames.isEmpty else { break }
                frames[frames.count - 1].position += 1
                frames[frames.count - 1].key = nil
                frames[frames.count - 1].item = index + 1
            case .symbol(.assign):
                guard let frame = frames.last, frame.bracket == .openBrace, frame.key == nil,
                    let key = key(from: frame.item, to: index, tokens, source)
                else { break }
                frames[frames.count - 1].key = key
                frames[frames.count - 1].keys.append(key)
                frames[frames.count - 1].item = index + 1
            default: break
            }
        }
        return frames
    }

    /// The key that tokens before `=` are: a name, or a string in brackets.
    private static func key(from start: Int, to end: Int, _ tokens: [LuaToken], _ source: LuaSource) -> String? {
        if end == start + 1, tokens[start].kind == .name { return source.text(of: tokens[start]) }
        if end == start + 3, tokens[start].is(.openBracket), tokens[start + 1].kind == .string {
            return source.value(ofString: tokens[start + 1])
        }
        return nil
    }
}

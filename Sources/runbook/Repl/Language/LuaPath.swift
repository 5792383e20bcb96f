/// The dotted and indexed path that stands before a cursor: what a person wants the fields of.
struct LuaPath: Sendable, Hashable {
    /// What stands between the path and the part that is being typed.
    enum Access: Sendable, Hashable {
        /// Nothing: the name of a global or a local is being typed.
        case name
        /// A dot: `u.ro`.
        case field
        /// A colon: `s:up`.
        case method
        /// A bracket and a quote: `u["ro`. The quote is `"` or `'`, or empty for a long bracket.
        case key(quote: String)
    }

    /// What stands before the part that is being typed; `nil` if it cannot be known without running it, such as what a
    /// call answers.
    let keys: [PathKey]?
    /// How that part is joined to it.
    let access: Access
    /// The part that is being typed; may be empty.
    let partial: String
    /// Where it is, up to the cursor, as offsets in the text's UTF-8.
    let range: Range<Int>

    /// The path before a cursor, an offset in the text's UTF-8; `nil` inside a comment, a number, or a string that is no
    /// key.
    static func before(_ cursor: Int, in text: String) -> LuaPath? {
        LuaPath(endOf: LuaSource(text, upTo: cursor))
    }

    /// The path at the end of source.
    init?(endOf source: LuaSource) {
        let end = source.bytes.count
        let tokens = source.tokens.filter { $0.kind != .comment }
        if let last = source.tokens.last, last.kind == .comment, !last.isClosed { return nil }
        var index = tokens.count - 1
        guard index >= 0 else {
            (keys, access, partial, range) = ([], .name, "", end..<end)
            return
        }
        let last = tokens[index]
        switch last.kind {
        case .string:
            guard !last.isClosed, last.range.upperBound == end, index >= 2, tokens[index - 1].is(.openBracket),
                Self.isOperandEnd(tokens[index - 2])
            else { return nil }
            let quote = source.bytes[last.range.lowerBound]
            let length = quote == UInt8(ascii: "[") ? source.text(of: last).prefix { $0 == "[" || $0 == "=" }.count : 1
            access = .key(quote: quote == UInt8(ascii: "[") ? "" : String(UnicodeScalar(quote)))
            partial = source.value(ofString: last)
            range = last.range.lowerBound + length..<end
            keys = Self.keys(endingAt: index - 2, tokens, source)
            return
        case .name, .keyword:
            if last.range.upperBound == end {
                partial = source.text(of: last)
                range = last.range
                index -= 1
            } else {
                (partial, range) = ("", end..<end)
            }
        case .number, .unknown:
            guard last.range.upperBound < end else { return nil }
            (partial, range) = ("", end..<end)
        default: (partial, range) = ("", end..<end)
        }
        guard index >= 0, tokens[index].is(.dot) || tokens[index].is(.colon) else {
            (keys, access) = ([], .name)
            return
        }
        access = tokens[index].is(.dot) ? .field : .method
        keys = Self.keys(endingAt: index - 1, tokens, source)
    }

    /// Whether an operand may end with a token, so that a bracket behind it is an index.
    static func isOperandEnd(_ token: LuaToken) -> Bool {
        token.kind == .name || token.is(.closeBracket) || token.is(.closeParenthesis)
    }

    /// The path that ends with the token at an index; `nil` if it is not made of names and constant indices alone.
    static func keys(endingAt end: Int, _ tokens: [LuaToken], _ source: LuaSource) -> [PathKey]? {
        var keys: [PathKey] = []
        var index = end
        while index >= 0 {
            let token = tokens[index]
            if token.kind == .name {
                keys.append(.name(source.text(of: token)))
                guard index >= 1, tokens[index - 1].is(.dot) else {
                    // What a colon names is a method, which is there only to be called.
                    return index >= 1 && tokens[index - 1].is(.colon) ? nil : keys.reversed()
                }
                index -= 2
            } else if token.is(.closeBracket), index >= 3, tokens[index - 2].is(.openBracket) {
                let key = tokens[index - 1]
                if key.kind == .string, key.isClosed {
                    keys.append(.name(source.value(ofString: key)))
                } else if key.kind == .number, let number = Int64(source.text(of: key)) {
                    keys.append(.index(number))
                } else {
                    return nil
                }
                index -= 3
            } else {
                return nil
            }
        }
        return nil
    }
}

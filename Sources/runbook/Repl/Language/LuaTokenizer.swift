/// Splits Lua 5.4 source into tokens, from its beginning to its end, whatever it is: what is malformed or unfinished is a
/// token too. White space is left out. Each byte is looked at once or twice, so it takes time in proportion to the text.
struct LuaTokenizer: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private var position: Int

    /// A tokenizer of a text's UTF-8.
    ///
    /// - Parameter start: where to begin. Default: at the beginning.
    init(_ bytes: [UInt8], from start: Int = 0) {
        self.bytes = bytes
        position = start
    }

    /// The next token, or `nil` at the end.
    mutating func next() -> LuaToken? {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        guard position < bytes.count else { return nil }
        let start = position
        let byte = bytes[start]
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return shortString(byte)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        case UInt8(ascii: ".") where Self.isDigit(peek(1)): return number()
        case UInt8(ascii: "-") where peek(1) == byte: return comment()
        case UInt8(ascii: "[") where longBracketLevel(at: start) != nil: return long(.string, at: start, from: start)
        case _ where Self.isLetter(byte): return word()
        default: break
        }
        if let symbol = symbol() { return LuaToken(.symbol(symbol), start..<position) }
        position += 1
        // The letters of other scripts come in rows of bytes.
        if byte >= 0x80 { while position < bytes.count, bytes[position] >= 0x80 { position += 1 } }
        return LuaToken(.unknown, start..<position)
    }

    // MARK: Kinds of tokens

    private mutating func word() -> LuaToken {
        let start = position
        while Self.isLetter(peek()) || Self.isDigit(peek()) { position += 1 }
        // No keyword is longer than `function`.
        let keyword =
            position - start > 8 ? nil : LuaKeyword(rawValue: String(decoding: bytes[start..<position], as: UTF8.self))
        return LuaToken(keyword.map { .keyword($0) } ?? .name, start..<position)
    }

    /// As Lua reads numbers: all letters, digits and dots that follow, and signs after an exponent's letter.
    private mutating func number() -> LuaToken {
        let start = position
        let isHexadecimal = peek() == UInt8(ascii: "0") && peek(1) | 0x20 == UInt8(ascii: "x")
        let exponent = isHexadecimal ? UInt8(ascii: "p") : UInt8(ascii: "e")
        position += isHexadecimal ? 2 : 1
        while true {
            let byte = peek()
            if byte | 0x20 == exponent, peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") {
                position += 2
            } else if Self.isLetter(byte) || Self.isDigit(byte) || byte == UInt8(ascii: ".") {
                position += 1
            } else {
                return LuaToken(.number, start..<position)
            }
        }
    }

    private mutating func shortString(_ quote: UInt8) -> LuaToken {
        let start = position
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case quote: return LuaToken(.string, start..<position)
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                position -= 1
                return LuaToken(.string, start..<position, isClosed: false)
            case UInt8(ascii: "\\"): skipEscape()
            default: break
            }
        }
        return LuaToken(.string, start..<position, isClosed: false)
    }

    /// Passes over what a backslash takes the meaning of: also a line's end, and with `z` all white space.
    private mutating func skipEscape() {
        guard position < bytes.count else { return }
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "z") {
            while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        } else if byte == UInt8(ascii: "\r"), peek() == UInt8(ascii: "\n") {
            position += 1
        }
    }

    private mutating func comment() -> LuaToken {
        let start = position
        if longBracketLevel(at: start + 2) != nil { return long(.comment, at: start + 2, from: start) }
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n"), bytes[position] != UInt8(ascii: "\r") {
            position += 1
        }
        return LuaToken(.comment, start..<position, isClosed: position < bytes.count)
    }

    /// The number of `=` in a long bracket that opens at an offset; `nil` if there is none.
    private func longBracketLevel(at start: Int) -> Int? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "[") else { return nil }
        var end = start + 1
        while end < bytes.count, bytes[end] == UInt8(ascii: "=") { end += 1 }
        return end < bytes.count && bytes[end] == UInt8(ascii: "[") ? end - start - 1 : nil
    }

    private mutating func long(_ kind: LuaToken.Kind, at bracket: Int, from start: Int) -> LuaToken {
        let level = longBracketLevel(at: bracket) ?? 0
        position = bracket + level + 2
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "]") else {
                position += 1
                continue
            }
            var end = position + 1
            while end < bytes.count, end - position <= level, bytes[end] == UInt8(ascii: "=") { end += 1 }
            if end - position - 1 == level, end < bytes.count, bytes[end] == UInt8(ascii: "]") {
                position = end + 1
                return LuaToken(kind, start..<position)
            }
            position = end
        }
        return LuaToken(kind, start..<position, isClosed: false)
    }

    private mutating func symbol() -> LuaSymbol? {
        let (first, second) = (peek(), peek(1))
        func pair(_ expected: Character, _ double: LuaSymbol, _ single: LuaSymbol?) -> (LuaSymbol?, Int) {
            second == expected.asciiValue ? (double, 2) : (single, 1)
        }
        let (symbol, length): (LuaSymbol?, Int) =
            switch first {
            case UInt8(ascii: "/"): pair("/", .wholeDivide, .divide)
            case UInt8(ascii: "~"): pair("=", .unequal, .tilde)
            case UInt8(ascii: "="): pair("=", .equal, .assign)
            case UInt8(ascii: ":"): pair(":", .doubleColon, .colon)
            case UInt8(ascii: "<"): second == UInt8(ascii: "<") ? (.shiftLeft, 2) : pair("=", .lessOrEqual, .less)
            case UInt8(ascii: ">"):
                second == UInt8(ascii: ">") ? (.shiftRight, 2) : pair("=", .greaterOrEqual, .greater)
            case UInt8(ascii: "."):
                second == first && peek(2) == first ? (.varargs, 3) : pair(".", .concatenate, .dot)
            default: (Self.single[Int(first)], 1)
            }
        if symbol != nil { position += length }
        return symbol
    }

    /// The signs of one byte that no longer one begins with, by their byte.
    private static let single: [LuaSymbol?] = (0...255).map { byte in
        let sign = Character(UnicodeScalar(UInt8(byte)))
        return "+-*%^#&|(){}[];,".contains(sign) ? LuaSymbol(rawValue: String(sign)) : nil
    }

    // MARK: Bytes

    /// The byte so far ahead; zero behind the end.
    private func peek(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether a name may begin with it.
    static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
}

/// Lua source and its tokens.
struct LuaSource: Sendable {
    /// The text's UTF-8.
    let bytes: [UInt8]
    /// All tokens, comments among them.
    let tokens: [LuaToken]

    /// Reads a text, or its beginning.
    ///
    /// - Parameter end: how many bytes of it. Default: all.
    init(_ text: String, upTo end: Int? = nil) {
        bytes = end.map { Array(text.utf8.prefix($0)) } ?? Array(text.utf8)
        tokens = Array(LuaTokenizer(bytes))
    }

    /// The tokens that mean something to Lua.
    var code: [LuaToken] { tokens.filter { $0.kind != .comment } }

    /// The text of a token as it stands there.
    func text(of token: LuaToken) -> String { text(token.range) }

    /// The text of a part.
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// Whether a token is this text as it stands there.
    func `is`(_ token: LuaToken, _ text: String) -> Bool { bytes[token.range].elementsEqual(text.utf8) }

    /// The offset at which the line of an offset begins.
    func lineStart(of offset: Int) -> Int {
        (bytes[..<offset].lastIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }).map { $0 + 1 } ?? 0
    }

    /// What a string token stands for, as far as it goes: escapes are replaced; what is no UTF-8 is U+FFFD.
    func value(ofString token: LuaToken) -> String {
        let content = bytes[token.range]
        guard let first = content.first else { return "" }
        if first == UInt8(ascii: "[") {
            let level = content.dropFirst().prefix { $0 == UInt8(ascii: "=") }.count
            var inner = content.dropFirst(level + 2)
            if token.isClosed { inner = inner.dropLast(level + 2) }
            // Lua leaves out a line end right behind the bracket.
            if inner.first == UInt8(ascii: "\r") { inner = inner.dropFirst() }
            if inner.first == UInt8(ascii: "\n") { inner = inner.dropFirst() }
            return String(decoding: inner, as: UTF8.self)
        }
        return Self.unescaped(token.isClosed ? content.dropFirst().dropLast() : content.dropFirst())
    }

    private static func unescaped(_ content: ArraySlice<UInt8>) -> String {
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        var plain: [UInt8] = []
        var rest = content
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                plain.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "a"): plain.append(0x07)
            case UInt8(ascii: "b"): plain.append(0x08)
            case UInt8(ascii: "f"): plain.append(0x0C)
            case UInt8(ascii: "n"): plain.append(0x0A)
            case UInt8(ascii: "r"): plain.append(0x0D)
            case UInt8(ascii: "t"): plain.append(0x09)
            case UInt8(ascii: "v"): plain.append(0x0B)
            case UInt8(ascii: "z"): rest = rest.drop { LuaTokenizer.isSpace($0) }
            case UInt8(ascii: "x"):
                let digits = rest.prefix(2)
                rest = rest.dropFirst(digits.count)
                if let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) { plain.append(value) }
            case UInt8(ascii: "u"):
                guard rest.first == UInt8(ascii: "{") else { break }
                let digits = rest.dropFirst().prefix { $0 != UInt8(ascii: "}") }
                rest = rest.dropFirst(digits.count + 2)
                if let value = UInt32(String(decoding: digits.prefix(8), as: UTF8.self), radix: 16) {
                    plain += String(Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}").utf8
                }
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let digits = [escape] + rest.prefix(2).prefix { LuaTokenizer.isDigit($0) }
                rest = rest.dropFirst(digits.count - 1)
                if let value = UInt8(String(decoding: digits, as: UTF8.self)) { plain.append(value) }
            default: plain.append(escape)
            }
        }
        return String(decoding: plain, as: UTF8.self)
    }
}

/// A recursive-descent reader over bytes. Arguments and small replies only: pages of users go to the machine unread.
///
/// The bytes are handed from method to method instead of kept, because a span must not outlive what it looks into.
struct JSONParser {
    private var position = 0

    mutating func parseDocument(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        let value = try parseValue(bytes, depth: 0)
        skipSpace(bytes)
        guard position == bytes.count else { throw fail("expected the end of the text") }
        return value
    }

    private func fail(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(offset: position, reason: reason) }

    /// The byte at the position, or 0 at the end: outside a string neither is ever right.
    @inline(__always)
    private func current(_ bytes: Span<UInt8>) -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    @inline(__always)
    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    @inline(__always)
    private mutating func take(_ byte: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
        guard current(bytes) == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func parseValue(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        skipSpace(bytes)
        switch current(bytes) {
        case UInt8(ascii: "{"): return try parseObject(bytes, depth: depth)
        case UInt8(ascii: "["): return try parseArray(bytes, depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString(bytes))
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true), bytes)
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false), bytes)
        case UInt8(ascii: "n"): return try parseWord("null", .null, bytes)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber(bytes)
        default: throw fail("expected a value")
        }
    }

    private mutating func parseWord(
        _ word: StaticString, _ value: JSONValue, _ bytes: Span<UInt8>
    ) throws(JSONSyntaxError) -> JSONValue {
        let start = position
        for byte in word.description.utf8 {
            guard current(bytes) == byte else {
                position = start
                throw fail("expected \(word)")
            }
            position += 1
        }
        return value
    }

    private func checkDepth(_ depth: Int) throws(JSONSyntaxError) {
        guard depth < JSONValue.maximumDepth else {
            throw fail("arrays and objects nest deeper than \(JSONValue.maximumDepth)")
        }
    }

    private mutating func parseArray(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        try checkDepth(depth)
        position += 1
        var elements: [JSONValue] = []
        skipSpace(bytes)
        if take("]", bytes) { return .array(elements) }
        while true {
            elements.append(try parseValue(bytes, depth: depth + 1))
            skipSpace(bytes)
            if take("]", bytes) { return .array(elements) }
            guard take(",", bytes) else { throw fail("expected , or ] in an array") }
        }
    }

    private mutating func parseObject(_ bytes: Span<UInt8>, depth: Int) throws(JSONSyntaxError) -> JSONValue {
        try checkDepth(depth)
        position += 1
        var members: [String: JSONValue] = [:]
        skipSpace(bytes)
        if take("}", bytes) { return .object(members) }
        while true {
            skipSpace(bytes)
            guard current(bytes) == UInt8(ascii: "\"") else { throw fail("expected a key in quotes") }
            let key = try parseString(bytes)
            skipSpace(bytes)
            guard take(":", bytes) else { throw fail("expected : after a key") }
            members[key] = try parseValue(bytes, depth: depth + 1)
            skipSpace(bytes)
            if take("}", bytes) { return .object(members) }
            guard take(",", bytes) else { throw fail("expected , or } in an object") }
        }
    }

    private mutating func parseString(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try string(bytes.extracting(start..<position), at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try parseEscapedString(bytes, from: start)
            case 0..<0x20: throw fail("a control character stands unescaped in a string")
            default: position += 1
            }
        }
        throw fail("a string has no end")
    }

    /// The rest of a string that holds an escape, with the position at the first one.
    private mutating func parseEscapedString(
        _ bytes: Span<UInt8>, from start: Int
    ) throws(JSONSyntaxError) -> String {
        var text: [UInt8] = []
        var runStart = start
        func appendRun(upTo end: Int) {
            for index in runStart..<end { text.append(bytes[index]) }
        }
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                appendRun(upTo: position)
                let string = try string(text.span, at: nil)
                position += 1
                return string
            case UInt8(ascii: "\\"):
                appendRun(upTo: position)
                position += 1
                try parseEscape(bytes, into: &text)
                runStart = position
            case 0..<0x20: throw fail("a control character stands unescaped in a string")
            default: position += 1
            }
        }
        throw fail("a string has no end")
    }

    /// - Parameter start: where `bytes` start in the text, if they stand there as they are.
    private func string(_ bytes: Span<UInt8>, at start: Int?) throws(JSONSyntaxError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            let offset = start.map { $0 + error.byteOffsets.lowerBound } ?? position
            throw JSONSyntaxError(offset: offset, reason: "a string is not UTF-8")
        }
    }

    private mutating func parseEscape(
        _ bytes: Span<UInt8>, into text: inout [UInt8]
    ) throws(JSONSyntaxError) {
        guard position < bytes.count else { throw fail("a string has no end") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try parseHex(bytes)
            if (0xd800..<0xdc00).contains(code) {
                guard take("\\", bytes), take("u", bytes) else { throw fail("half of a surrogate pair") }
                let low = try parseHex(bytes)
                guard (0xdc00..<0xe000).contains(low) else { throw fail("half of a surrogate pair") }
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
            }
            // Only a lone low half is left that is no scalar.
            guard let scalar = Unicode.Scalar(code) else { throw fail("half of a surrogate pair") }
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default:
            position -= 1
            throw fail("an unknown escape")
        }
    }

    private mutating func parseHex(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = current(bytes)
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw fail("expected four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private mutating func parseNumber(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> JSONValue {
        let start = position
        let isNegative = take("-", bytes)
        let digits = position
        // Overflow is seen by the count of digits: 18 always fit.
        var magnitude: Int64 = 0
        if take("0", bytes) {
            if isDigit(current(bytes)) { throw fail("a number starts with 0") }
        } else {
            while case let byte = current(bytes), isDigit(byte) {
                magnitude = magnitude &* 10 &+ Int64(byte - UInt8(ascii: "0"))
                position += 1
            }
            if position == digits { throw fail("expected a digit") }
        }
        let count = position - digits
        let isInteger = try !skipFraction(bytes)
        if isInteger, count <= 18 { return .integer(isNegative ? -magnitude : magnitude) }

        let text = try string(bytes.extracting(start..<position), at: start)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw JSONSyntaxError(offset: start, reason: "a number is out of range")
        }
        return .number(value)
    }

    /// Passes over a fraction and an exponent; answers whether there was any.
    private mutating func skipFraction(_ bytes: Span<UInt8>) throws(JSONSyntaxError) -> Bool {
        let start = position
        if take(".", bytes) { try skipDigits(bytes) }
        if take("e", bytes) || take("E", bytes) {
            if !take("+", bytes) { _ = take("-", bytes) }
            try skipDigits(bytes)
        }
        return position > start
    }

    private mutating func skipDigits(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
        let start = position
        while isDigit(current(bytes)) { position += 1 }
        if position == start { throw fail("expected a digit") }
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}

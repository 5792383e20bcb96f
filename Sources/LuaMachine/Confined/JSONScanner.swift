/// Passes over a JSON text (RFC 8259) without keeping anything of it: tells whether a worker's bytes are what they should
/// be before anybody reads them.
struct JSONScanner {
    enum Kind: Sendable { case object, array, string, number, bool, null }

    /// The deepest nesting that a machine writes: 64 levels in an argument, below the array of arguments or a report.
    static let maximumDepth = 66

    /// The most values that a machine writes in one text: `RB_JSON_VALUES` for each of a few arguments.
    static let maximumValues = 1_000_000

    private var position: Int
    private var isBroken = false

    private init(at position: Int = 0) { self.position = position }

    /// What the whole text is; `nil` if it is not JSON.
    static func kind(of bytes: [UInt8]) -> Kind? {
        guard let text = try? UTF8Span(validating: bytes.span) else { return nil }
        var scanner = JSONScanner()
        let kind = scanner.value(text.span)
        scanner.space(text.span)
        return scanner.isBroken || scanner.position != text.span.count ? nil : kind
    }

    /// The members of an object, each key as it is written between its quotes; `nil` if the text is not one.
    static func members(of bytes: [UInt8]) -> [(key: String, kind: Kind, text: Range<Int>)]? {
        guard kind(of: bytes) == .object else { return nil }
        let bytes = bytes.span
        var scanner = JSONScanner(), members: [(String, Kind, Range<Int>)] = []
        scanner.space(bytes)
        scanner.position += 1
        scanner.space(bytes)
        while scanner.current(bytes) != UInt8(ascii: "}") {
            let key = scanner.position
            scanner.string(bytes)
            let keyEnd = scanner.position
            scanner.space(bytes)
            scanner.position += 1  // the colon
            scanner.space(bytes)
            let start = scanner.position
            guard let kind = scanner.value(bytes) else { return nil }
            var name: [UInt8] = []
            for index in key + 1..<keyEnd - 1 { name.append(bytes[index]) }
            members.append((String(decoding: name, as: UTF8.self), kind, start..<scanner.position))
            scanner.space(bytes)
            if scanner.current(bytes) == UInt8(ascii: ",") {
                scanner.position += 1
                scanner.space(bytes)
            }
        }
        return members
    }

    // MARK: Parts

    /// The byte at the position, or 0 at the end, which is never right outside a string.
    private func current(_ bytes: Span<UInt8>) -> UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func take(_ byte: Unicode.Scalar, _ bytes: Span<UInt8>) -> Bool {
        guard current(bytes) == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func space(_ bytes: Span<UInt8>) {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0a, 0x0d, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func fail() { isBroken = true }

    /// One value with all that is in it. The open containers are kept as bits, not as frames of the host's stack.
    private mutating func value(_ bytes: Span<UInt8>) -> Kind? {
        var outermost: Kind?
        var areObjects: UInt128 = 0
        var depth = 0
        var values = 0
        while !isBroken {
            values += 1
            guard values <= Self.maximumValues else { return nil }
            space(bytes)
            let kind = start(bytes)
            outermost = outermost ?? kind
            var hasEnded = true
            if kind == .object || kind == .array {
                guard depth < Self.maximumDepth else { return nil }
                space(bytes)
                if !take(kind == .object ? "}" : "]", bytes) {
                    depth += 1
                    areObjects = areObjects << 1 | (kind == .object ? 1 : 0)
                    hasEnded = false
                    if kind == .object { key(bytes) }
                }
            }
            guard hasEnded else { continue }
            // Up to the next value: a comma, or the ends of what is open.
            while !isBroken {
                guard depth > 0 else { return outermost }
                space(bytes)
                let isObject = areObjects & 1 == 1
                if take(",", bytes) {
                    if isObject { key(bytes) }
                    break
                }
                guard take(isObject ? "}" : "]", bytes) else { return nil }
                depth -= 1
                areObjects >>= 1
            }
        }
        return nil
    }

    /// A scalar, or the opening bracket of a container.
    private mutating func start(_ bytes: Span<UInt8>) -> Kind? {
        switch current(bytes) {
        case UInt8(ascii: "{"):
            position += 1
            return .object
        case UInt8(ascii: "["):
            position += 1
            return .array
        case UInt8(ascii: "\""):
            string(bytes)
            return .string
        case UInt8(ascii: "t"): return word("true", .bool, bytes)
        case UInt8(ascii: "f"): return word("false", .bool, bytes)
        case UInt8(ascii: "n"): return word("null", .null, bytes)
        default:
            number(bytes)
            return .number
        }
    }

    private mutating func key(_ bytes: Span<UInt8>) {
        space(bytes)
        string(bytes)
        space(bytes)
        if !take(":", bytes) { fail() }
    }

    private mutating func word(_ word: StaticString, _ kind: Kind, _ bytes: Span<UInt8>) -> Kind {
        word.withUTF8Buffer { letters in
            for letter in letters {
                if current(bytes) != letter { return fail() }
                position += 1
            }
        }
        return kind
    }

    private mutating func string(_ bytes: Span<UInt8>) {
        guard take("\"", bytes) else { return fail() }
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"):
                position += 1
                escape(bytes)
                if isBroken { return }
            case 0..<0x20: return fail()
            default: position += 1
            }
        }
        fail()
    }

    private mutating func escape(_ bytes: Span<UInt8>) {
        let letter = current(bytes)
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            return
        case UInt8(ascii: "u"):
            let code = hexadecimal(bytes)
            if (0xdc00..<0xe000).contains(code) { return fail() }
            if (0xd800..<0xdc00).contains(code) {
                guard take("\\", bytes), take("u", bytes), (0xdc00..<0xe000).contains(hexadecimal(bytes)) else {
                    return fail()
                }
            }
        default: fail()
        }
    }

    private mutating func hexadecimal(_ bytes: Span<UInt8>) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(current(bytes))).hexDigitValue else {
                fail()
                return 0
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private mutating func number(_ bytes: Span<UInt8>) {
        _ = take("-", bytes)
        if !take("0", bytes) { digits(bytes) }
        if take(".", bytes) { digits(bytes) }
        if take("e", bytes) || take("E", bytes) {
            if !take("+", bytes) { _ = take("-", bytes) }
            digits(bytes)
        }
    }

    private mutating func digits(_ bytes: Span<UInt8>) {
        let start = position
        while current(bytes) &- UInt8(ascii: "0") < 10 { position += 1 }
        if position == start { fail() }
    }
}

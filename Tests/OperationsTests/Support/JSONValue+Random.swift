import Operations

extension JSONValue {
    /// Any value, nested at most `depth` deep, without secrets.
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(.random(in: -1000...1000, using: &generator))
        case 3: return .integer(.random(in: .min ... .max, using: &generator))
        case 4:
            let value = Double(bitPattern: generator.next())
            return .number(value.isFinite ? value : 0.1)
        case 5: return .string(randomString(using: &generator))
        case 6:
            let count = Int.random(in: 0...4, using: &generator)
            return .array((0..<count).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            let count = Int.random(in: 0...4, using: &generator)
            var members: [String: JSONValue] = [:]
            for _ in 0..<count {
                members[randomString(using: &generator)] = random(depth: depth - 1, using: &generator)
            }
            return .object(members)
        }
    }

    /// Letters, what must be escaped, and characters of one to four bytes.
    private static func randomString(using generator: inout SeededGenerator) -> String {
        let alphabet: [Unicode.Scalar] = [
            "a", "Z", "7", " ", "/", "\"", "\\", "\n", "\t", "\u{0}", "\u{1f}", "\u{7f}", "é", "ß", "€", "\u{2028}",
            "\u{ffff}", "😀", "\u{10ffff}",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...20, using: &generator) {
            if let scalar = alphabet.randomElement(using: &generator) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}

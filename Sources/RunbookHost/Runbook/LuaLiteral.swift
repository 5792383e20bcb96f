internal import Operations

/// Values written as Lua source.
enum LuaLiteral {
    private static let keywords: Set<String> = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ]

    /// An expression that makes the value again.
    ///
    /// - Parameter secret: what stands for a secret, which cannot be written. Default: `nil`.
    static func text(of value: JSONValue, secret: (SecretValue) -> String = { _ in "nil" }) -> String {
        switch value {
        case .null: return "null"
        case .bool(let value): return String(value)
        case .integer(let number):
            // The least integer has no literal of its own.
            return number == .min ? "math.mininteger" : String(number)
        case .string(let text): return string(text)
        case .secret(let value): return secret(value)
        case .array(let elements):
            guard !elements.isEmpty else { return "json.array {}" }
            return "{ \(elements.map { self.text(of: $0, secret: secret) }.joined(separator: ", ")) }"
        case .object(let members):
            guard !members.isEmpty else { return "json.decode(\"{}\")" }
            let fields = members.keys.sorted().map { key in
                "\(self.key(key)) = \(members[key].map { self.text(of: $0, secret: secret) } ?? "null")"
            }
            return "{ \(fields.joined(separator: ", ")) }"
        default: return value.text
        }
    }

    /// A key of a table: a name where it can be one.
    static func key(_ name: String) -> String {
        let isName =
            !keywords.contains(name) && name.utf8.first.map { !(0x30...0x39).contains($0) } == true
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == UInt8(ascii: "_")
            }
        return isName ? name : "[\(string(name))]"
    }

    private static func string(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value)
                // Three digits, so that a digit behind it is not taken for a part of it.
                out += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }

    /// A text that ends no comment.
    static func oneLine(_ text: String) -> String {
        String(decoding: text.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }
}

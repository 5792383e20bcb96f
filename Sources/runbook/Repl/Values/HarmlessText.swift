/// Makes a script's texts safe for a terminal: nothing in them moves the cursor, changes colours, turns the direction of
/// what stands around it, or hides.
enum HarmlessText {
    /// A text of one or more lines: line ends and tabs stay, a sign such as `␛` stands for any other control character,
    /// and U+FFFD for what hides.
    static func lines(_ text: String) -> String {
        guard !isPlain(text, isBlock: true) else { return text }
        return signed(text, isBlock: true)
    }

    /// A text on one line: a sign stands for a line end, too.
    static func line(_ text: String) -> String {
        guard !isPlain(text, isBlock: false) else { return text }
        return signed(text, isBlock: false)
    }

    /// Whether a text can be shown on one line as it is.
    static func isLine(_ text: String) -> Bool {
        if isPlain(text, isBlock: false) { return true }
        var judge = ScalarJudge()
        return text.unicodeScalars.allSatisfy { judge.verdict(on: $0) == .harmless }
    }

    /// Whether a text can be shown as it is on one or more lines.
    static func isBlock(_ text: String) -> Bool {
        if isPlain(text, isBlock: true) { return true }
        var judge = ScalarJudge()
        return text.unicodeScalars.allSatisfy { judge.verdict(on: $0) == .harmless || $0 == "\n" || $0 == "\t" }
    }

    /// A text as a script would write it, on one line: `"a\tb"`.
    static func literal(_ text: String) -> String {
        var literal = "\""
        var judge = ScalarJudge()
        for scalar in text.unicodeScalars {
            let verdict = judge.verdict(on: scalar)
            switch scalar {
            case "\"": literal += "\\\""
            case "\\": literal += "\\\\"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            default:
                let code = String(scalar.value, radix: 16)
                if verdict == .harmless {
                    literal.unicodeScalars.append(scalar)
                } else if scalar.value < 0x80 {
                    literal += (code.count == 1 ? "\\x0" : "\\x") + code
                } else {
                    literal += "\\u{\(code)}"
                }
            }
        }
        return literal + "\""
    }

    /// Whether there is nothing but printable ASCII: told quickly, for most texts are so.
    private static func isPlain(_ text: String, isBlock: Bool) -> Bool {
        func isPlain(_ bytes: some Sequence<UInt8>) -> Bool {
            bytes.allSatisfy { ($0 >= 0x20 && $0 < 0x7f) || (isBlock && ($0 == 0x0a || $0 == 0x09)) }
        }
        return text.utf8.withContiguousStorageIfAvailable(isPlain) ?? isPlain(text.utf8)
    }

    private static func signed(_ text: String, isBlock: Bool) -> String {
        var signed = String.UnicodeScalarView()
        var judge = ScalarJudge()
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            switch judge.verdict(on: scalar) {
            case .harmless: signed.append(scalar)
            case .control:
                if isBlock, scalar == "\n" || scalar == "\t" {
                    signed.append(scalar)
                } else if !isBlock || scalar != "\r" || next != "\n" {
                    signed.append(ScalarJudge.sign(of: scalar))
                }
            case .hidden: signed.append("\u{fffd}")
            }
        }
        return String(signed)
    }
}

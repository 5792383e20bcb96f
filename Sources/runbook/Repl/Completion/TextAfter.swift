/// What stands behind a cursor, as far as it decides what is added to a candidate.
struct TextAfter {
    /// The byte at the cursor; `nil` at the end.
    let byte: UInt8?
    /// The first byte that is no blank; `nil` if there is none.
    let sign: UInt8?

    /// What stands behind an offset in a text's UTF-8.
    init(_ text: String, _ cursor: Int) {
        let rest = text.utf8.dropFirst(cursor)
        byte = rest.first
        sign = rest.first { $0 != UInt8(ascii: " ") }
    }

    /// Whether a name goes on.
    var continuesName: Bool { byte.map { LuaTokenizer.isLetter($0) || LuaTokenizer.isDigit($0) } ?? false }

    /// Whether a call, an index or a member follows already.
    var usesName: Bool { sign.map { "([{\"'.:".utf8.contains($0) } ?? false }

    /// Whether a value is assigned already.
    var assigns: Bool { sign == UInt8(ascii: "=") }
}

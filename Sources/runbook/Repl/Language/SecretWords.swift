import Operations

/// The names that stand for secrets: those under which operations take them, and those that people use.
struct SecretWords: Sendable {
    /// In small letters without `_`.
    private let names: Set<String>

    /// Parts of names, in any of their forms.
    private static let parts = [
        "password", "passwd", "passphrase", "secret", "token", "apikey", "credential", "privatekey", "kennwort",
        "passwort",
    ]
    /// Those of which a number may be one too.
    private static let numberParts = ["password", "passwd", "passphrase", "secret", "kennwort", "passwort"]
    private static let numberWords: Set<String> = ["pass", "pw", "pwd", "pin", "otp", "totp"]
    /// Whole words of names, which are parts of harmless words too: `key` of `monkey`.
    private static let words: Set<String> = [
        "key", "keys", "seed", "seeds", "pass", "pw", "pwd", "pin", "otp", "totp", "psk",
    ]

    /// The names for a catalogue's operations.
    init(catalogue: Catalogue) {
        names = Set(catalogue.secretNames.map(Self.plain))
    }

    /// Whether a name stands for a secret: `password`, `newPassword`, `api_key`, `twofaSeed`.
    func match(_ name: String) -> Bool {
        // The end of a name says what it is.
        let name = String(name.suffix(64))
        let plain = Self.plain(name)
        return names.contains(plain) || Self.parts.contains { plain.firstPlace(of: $0) != nil }
            || Self.wordsOf(name).contains { Self.words.contains($0) }
    }

    /// Whether a number under this name may be a secret: of a password, but not of a key or a seed, which are mostly none.
    func matchNumbers(_ name: String) -> Bool {
        let name = String(name.suffix(64))
        let plain = Self.plain(name)
        return Self.numberParts.contains { plain.firstPlace(of: $0) != nil }
            || Self.wordsOf(name).contains { Self.numberWords.contains($0) }
    }

    /// Whether a name is nearly one of those, as with a slip of the finger.
    func nearlyMatch(_ name: String) -> Bool {
        guard (6...24).contains(name.utf8.count) else { return false }
        return Self.plain(name).nearest(among: Self.parts.filter { $0.count >= 6 }) != nil
    }

    /// Whether a value stands behind such a name in plain text, as in a comment, in JSON or in a query:
    /// `password: x`, `"token":"x"`, `--api-key=x`.
    func areAssigned(in text: String) -> Bool {
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            guard LuaTokenizer.isLetter(bytes[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, Self.belongsToName(bytes[index]) { index += 1 }
            var end = index
            while end < bytes.count, end < index + 4, Self.quotes.contains(bytes[end]) { end += 1 }
            guard end < bytes.count, bytes[end] == UInt8(ascii: ":") || bytes[end] == UInt8(ascii: "=") else {
                continue
            }
            let value = bytes[(end + 1)...].prefix(32).drop { Self.quotes.contains($0) }
            if !value.isEmpty, match(String(decoding: bytes[start..<index], as: UTF8.self)) { return true }
        }
        return false
    }

    private static let quotes = Set("\"'\\ \t".utf8)

    private static func belongsToName(_ byte: UInt8) -> Bool {
        LuaTokenizer.isLetter(byte) || LuaTokenizer.isDigit(byte) || byte == UInt8(ascii: "-")
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" }
    }

    /// The words of `snake_case`, `kebab-case` and `camelCase`, in small letters.
    private static func wordsOf(_ name: String) -> [String] {
        var words = [""]
        var wasCapital = true
        for character in name {
            if !character.isLetter {
                words.append("")
                wasCapital = true
                continue
            }
            let isCapital = character.isUppercase
            if isCapital, !wasCapital { words.append("") }
            words[words.count - 1] += character.lowercased()
            wasCapital = isCapital
        }
        return words.filter { !$0.isEmpty }
    }
}

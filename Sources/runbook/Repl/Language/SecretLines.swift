import Operations

/// Finds lines that hold a secret in clear, which must not be kept in a history.
///
/// Nobody can know what is a password, so this goes by names and places: a text where an operation takes a secret, or
/// under a name such as `password`. In doubt a line is not kept: it is missed less than a password is regretted.
struct SecretLines: Sendable {
    let words: SecretWords
    /// For each function that takes secrets as arguments of their own, the places of those.
    let places: [String: Set<Int>]
    /// All functions of the tables that have such functions.
    let functions: [String: Set<String>]

    /// Finds secrets of a catalogue's operations.
    init(catalogue: Catalogue) {
        words = SecretWords(catalogue: catalogue)
        var places: [String: Set<Int>] = [:]
        for operation in catalogue.operations {
            let secret = operation.parameters.indices.filter { operation.parameters[$0].type.takesSecrets }
            if !secret.isEmpty { places[operation.name] = Set(secret) }
        }
        self.places = places
        let tables = Set(places.keys.compactMap { $0.split(separator: ".").first.map(String.init) })
        functions = LuaNames(catalogue: catalogue).members.filter { tables.contains($0.key) }
    }

    /// Whether a text holds a secret of a catalogue's operations.
    static func isSecret(_ text: String, catalogue: Catalogue) -> Bool {
        SecretLines(catalogue: catalogue).isSecret(text)
    }

    /// Bytes of a text that is kept: more than a machine takes as source nobody wants back.
    static let longest = 1 << 20

    /// Whether a text must not be kept.
    func isSecret(_ text: String) -> Bool {
        guard text.utf8.count <= Self.longest else { return true }
        if Self.hasKnownForm(text) { return true }
        switch TypedLine.kind(of: text) {
        case .empty: return false
        case .help: return words.areAssigned(in: text)
        case .command(let rest): return isSecret(command: rest)
        case .code(let source):
            let scan = SecretScan(LuaSource(source), self)
            return scan.findsSecret || (scan.namesSecret || words.areAssigned(in: source)) && isMistyped(source)
        }
    }

    private func isSecret(command: String) -> Bool {
        let name = command.prefix { !$0.isWhitespace }
        let arguments = command.dropFirst(name.count)
        // It holds the secret's name, and asks for the secret itself.
        if name == "secret", !arguments.contains("=") { return false }
        let own = arguments.split { $0.isWhitespace }.filter { !Self.isReference($0) }.joined(separator: " ")
        return words.areAssigned(in: own) || SecretScan(LuaSource(own), self).findsSecret
    }

    /// Whether a word such as `password=env:NAME` says where the secret is instead of what it is.
    private static func isReference(_ word: Substring) -> Bool {
        guard let equals = word.firstIndex(of: "=") else { return false }
        let value = word[word.index(after: equals)...].drop { $0 == "\"" || $0 == "'" }
        return value == "-" || value.isEmpty || ["env:", "file:", "command:"].contains { value.hasPrefix($0) }
    }

    /// Whether source that names a secret has a mistake: the quotes may be missing, or it is no Lua at all.
    private func isMistyped(_ source: String) -> Bool {
        source.utf8.count <= StatementParser.compileLimit
            && [true, false].allSatisfy { StatementParser.outcome(of: source, asExpression: $0) != .whole }
    }

    /// Whether there is something that is a secret wherever it stands: a private key, a bearer's token, a web token, a
    /// password in an address.
    private static func hasKnownForm(_ text: String) -> Bool {
        func has(_ part: String) -> Bool { text.firstPlace(of: part) != nil }
        return has("Bearer ") || has("-----BEGIN ") && has("PRIVATE KEY") || has("eyJ") && hasWebToken(text)
            || hasPasswordInAddress(text)
    }

    private static func hasWebToken(_ text: String) -> Bool {
        text.utf8.split { byte in
            !LuaTokenizer.isLetter(byte) && !LuaTokenizer.isDigit(byte) && byte != UInt8(ascii: ".")
                && byte != UInt8(ascii: "-")
        }.contains { $0.count > 40 && $0.starts(with: "eyJ".utf8) && $0.contains(UInt8(ascii: ".")) }
    }

    /// `https://name:password@host`
    private static func hasPasswordInAddress(_ text: String) -> Bool {
        var rest = text[...]
        while let start = rest.firstPlace(of: "://") {
            rest = rest[start.upperBound...]
            let authority = rest.prefix { !$0.isWhitespace && $0 != "/" && $0 != "\"" && $0 != "'" }
            if let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":"),
                authority.index(after: colon) < at
            {
                return true
            }
        }
        return false
    }
}

extension ValueType {
    /// Whether a value of this type itself, or an element of it, may be a secret.
    fileprivate var takesSecrets: Bool {
        switch self {
        case .secret: true
        case .array(let element, _): element.takesSecrets
        case .oneOf(let types): types.contains { $0.takesSecrets }
        default: false
        }
    }
}

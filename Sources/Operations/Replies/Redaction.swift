/// Makes what a server said fit for a person's eyes and a log: without secrets, without control characters, short.
package struct Redaction: Sendable {
    /// The longest message that is shown, in characters.
    static let maximumLength = 500

    private let secrets: Set<String>
    private let search: SecretSearch
    /// Those that are too short for the search, and are taken out as they are. Longest first, so that one that contains
    /// another goes as a whole.
    private let short: [[UInt8]]

    /// - Parameter secrets: the texts that must not be shown.
    package init(_ secrets: some Sequence<String>) {
        self.secrets = Set(secrets.filter { !$0.isEmpty })
        var search = SecretSearch()
        for secret in self.secrets { search.add(secret) }
        self.search = search
        short = self.secrets.map { Array($0.utf8) }.filter { $0.count < SecretSearch.shortest }
            .sorted { $0.count > $1.count }
    }

    /// Also without the secrets that the call carries.
    package func adding(_ call: OperationCall) -> Redaction {
        var found: [String] = []
        for value in call.arguments.values { Self.collect(value, into: &found) }
        return found.isEmpty ? self : Redaction(secrets.union(found))
    }

    /// One line. Secrets go first: cut short, one could no longer be told.
    package func clean(_ text: String) -> String {
        var line = ""
        var length = 0
        for character in withoutSecrets(text) {
            if length == Self.maximumLength { return line + "…" }
            let isControl = character.unicodeScalars.contains {
                switch $0.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate: true
                default: false
                }
            }
            let shown: Character = isControl || character.isWhitespace ? " " : character
            if shown == " ", line.last == " " || line.isEmpty { continue }
            line.append(shown)
            length += 1
        }
        if line.last == " " { line.removeLast() }
        return line
    }

    /// The same value, each string in it without secrets, and without `links`.
    package func clean(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(withoutSecrets(text))
        case .array(let elements): .array(elements.map(clean))
        case .object(let members):
            .object(
                Dictionary(
                    members.filter { $0.key != "links" }.map { (withoutSecrets($0), clean($1)) },
                    uniquingKeysWith: { $1 }))
        // A secret of digits alone may come back as a number.
        case .integer(let number): secrets.contains(String(number)) ? .string(SecretValue.redacted) : value
        default: value
        }
    }

    /// Compares bytes, not characters: a combining mark after a secret makes its last character another one.
    private func withoutSecrets(_ text: String) -> String {
        let text = search.redact(text)
        guard !short.isEmpty else { return text }
        var bytes = Array(text.utf8)
        for secret in short { bytes = Self.replace(secret, in: bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard let first = secret.first, bytes.count >= secret.count else { return bytes }
        var out: [UInt8] = []
        var position = 0
        while position < bytes.count {
            if bytes[position] == first, bytes[position...].starts(with: secret) {
                out += SecretValue.redacted.utf8
                position += secret.count
            } else {
                out.append(bytes[position])
                position += 1
            }
        }
        return out
    }

    private static func collect(_ value: JSONValue, into found: inout [String]) {
        switch value {
        case .secret(let secret): found.append(secret.reveal())
        case .array(let elements): for element in elements { collect(element, into: &found) }
        case .object(let members): for member in members.values { collect(member, into: &found) }
        default: break
        }
    }
}

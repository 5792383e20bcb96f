import Operations

/// Makes what a server said fit for a person's eyes and a log: without secrets, without control characters, short.
struct Redaction: Sendable {
    /// The longest message that is shown, in characters.
    static let maximumLength = 500

    /// Longest first, so that a secret that contains another one goes as a whole.
    private let secrets: [String]

    /// - Parameter secrets: the texts that must not be shown.
    init(_ secrets: [String]) {
        self.secrets = Set(secrets).filter { !$0.isEmpty }.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    /// Also without the secrets that the call carries.
    func adding(_ call: OperationCall) -> Redaction {
        var found: [String] = []
        for value in call.arguments.values { Self.collect(value, into: &found) }
        return found.isEmpty ? self : Redaction(secrets + found)
    }

    /// One line. Secrets go first: cut short, one could no longer be told.
    func clean(_ text: String) -> String {
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
    func clean(_ value: JSONValue) -> JSONValue {
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
        guard !secrets.isEmpty else { return text }
        var bytes = Array(text.utf8)
        for secret in secrets { bytes = Self.replace(Array(secret.utf8), in: bytes) }
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

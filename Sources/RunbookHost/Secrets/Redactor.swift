internal import Operations

/// Takes known secrets out of texts that are shown or kept: the last line behind all others, for what a server repeats or
/// a script has revealed.
struct Redactor: Sendable {
    /// A shorter secret is found in too much that is none.
    private static let shortest = 6

    /// By their first bytes: however many there are, a text is gone through once. The longest first, as one may be the
    /// beginning of another.
    private var secrets: [UInt64: [[UInt8]]] = [:]

    init() {}

    /// Takes out the secrets in a value.
    init(_ value: JSONValue) { add(value) }

    private mutating func add(_ secret: SecretValue) {
        let bytes = Array(secret.reveal().utf8)
        guard bytes.count >= Self.shortest else { return }
        let key = Self.key(bytes, 0)
        guard secrets[key]?.contains(bytes) != true else { return }
        secrets[key, default: []].append(bytes)
        secrets[key]?.sort { $0.count > $1.count }
    }

    private static func key(_ bytes: [UInt8], _ at: Int) -> UInt64 {
        bytes[at..<at + shortest].reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Adds every secret in a value.
    mutating func add(_ value: JSONValue) {
        switch value {
        case .secret(let secret): add(secret)
        case .array(let elements): for element in elements { add(element) }
        case .object(let members): for member in members.values { add(member) }
        default: break
        }
    }

    var isEmpty: Bool { secrets.isEmpty }

    func redact(_ text: String) -> String {
        guard !secrets.isEmpty, text.utf8.count >= Self.shortest else { return text }
        let bytes = Array(text.utf8)
        var redacted: [UInt8] = []
        var at = 0, taken = 0
        while at <= bytes.count - Self.shortest {
            let found = secrets[Self.key(bytes, at)]?.first { bytes[at...].starts(with: $0) }
            guard let found else {
                at += 1
                continue
            }
            redacted += bytes[taken..<at]
            redacted += Array(SecretValue.redacted.utf8)
            at += found.count
            taken = at
        }
        return taken == 0 ? text : String(decoding: redacted + bytes[taken...], as: UTF8.self)
    }

    func redact(_ value: JSONValue) -> JSONValue {
        guard !secrets.isEmpty else { return value }
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let elements): return .array(elements.map { redact($0) })
        case .object(let members):
            return .object(
                Dictionary(members.map { (redact($0.key), redact($0.value)) }, uniquingKeysWith: { $1 }))
        default: return value
        }
    }

    func redact(_ error: RunError) -> RunError {
        guard !secrets.isEmpty else { return error }
        return RunError(
            kind: error.kind, message: redact(error.message), location: error.location,
            traceback: error.traceback.map { redact($0) }, value: redact(error.value))
    }
}

internal import Operations

/// Takes known secrets out of texts that are shown or kept: the last line behind all others, for what a server repeats or
/// a script has revealed. It knows them also as other texts quote them; see ``Operations/SecretSearch``.
struct Redactor: Sendable {
    private var search = SecretSearch()

    init() {}

    /// Takes out the secrets in a value.
    init(_ value: JSONValue) { add(value) }

    /// Adds every secret in a value.
    mutating func add(_ value: JSONValue) { search.add(value) }

    /// Whether it knows of no secret.
    var isEmpty: Bool { search.isEmpty }

    /// Whether there is a secret in some bytes, such as a reply's.
    func isNeeded(for bytes: [UInt8]) -> Bool { search.contains(bytes) }

    func redact(_ text: String) -> String { search.redact(text) }

    func redact(_ value: JSONValue) -> JSONValue {
        guard !isEmpty else { return value }
        switch value {
        case .string(let text): return .string(redact(text))
        case .array(let elements): return .array(elements.map { redact($0) })
        case .object(let members): return .object(redact(members))
        // A secret of digits alone may come back as a number.
        case .integer, .number:
            return redact(value.text) == SecretValue.redacted ? .string(SecretValue.redacted) : value
        default: return value
        }
    }

    func redact(_ members: [String: JSONValue]) -> [String: JSONValue] {
        guard !isEmpty else { return members }
        return Dictionary(members.map { (redact($0.key), redact($0.value)) }, uniquingKeysWith: { $1 })
    }

    func redact(_ error: RunError) -> RunError {
        guard !isEmpty else { return error }
        return RunError(
            kind: error.kind, message: redact(error.message), location: error.location.map { redact($0) },
            traceback: error.traceback.map { redact($0) }, value: redact(error.value))
    }
}

internal import Operations

/// What of an answer must not be read in the journal: the secrets it refers to, or the answer itself.
struct SealedAnswer: Sendable {
    /// The whole answer, if it is a secret.
    var content: [UInt8]?
    /// The secrets by the numbers under which the answer refers to them.
    var secrets: [Int: SecretValue]

    func sealed(by sealer: Sealer, run: String) -> [UInt8] {
        var members: [String: JSONValue] = [:]
        for (number, secret) in secrets { members[String(number)] = .string(secret.reveal()) }
        if let content { members["content"] = .string(String(decoding: content, as: UTF8.self)) }
        return sealer.seal(JSONValue.object(members).bytes(), for: Self.purpose(run))
    }

    init(content: [UInt8]?, secrets: [Int: SecretValue]) {
        self.content = content
        self.secrets = secrets
    }

    init(_ sealed: [UInt8], by sealer: Sealer, run: String) throws(Sealer.OpenError) {
        let bytes = try sealer.open(sealed, for: Self.purpose(run))
        let members = (try? JSONValue(parsing: bytes))?.objectValue ?? [:]
        content = members["content"]?.stringValue.map { Array($0.utf8) }
        secrets = [:]
        for (key, value) in members {
            if let number = Int(key), let text = value.stringValue { secrets[number] = SecretValue(text) }
        }
    }

    private static func purpose(_ run: String) -> String { "run \(run)" }
}

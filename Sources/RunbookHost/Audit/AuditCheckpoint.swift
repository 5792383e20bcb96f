internal import Operations

/// A signed statement that the audit log had a certain line at a certain place.
///
/// It is given to somebody whom those that can write to the log cannot make forget it: then the log cannot be shortened to
/// before that line, nor written anew, without being noticed.
public struct AuditCheckpoint: Sendable, Hashable {
    /// What is signed says what it is, so that no signature can be taken for one of something else.
    private static let format = "runbook-audit-checkpoint/1"

    /// The line's place.
    public let sequence: Int64
    /// The line's hash, lower-case hexadecimal.
    public let hash: String
    /// When it was signed, milliseconds since 1970.
    public let unixMilliseconds: Int64
    /// The machine that signed it.
    public let host: String
    /// The signing key's ``AuditPublicKey/fingerprint``.
    public let key: String
    /// Ed25519, over ``signedText``.
    public let signature: [UInt8]

    init(
        head: AuditHead, unixMilliseconds: Int64, host: String, key: String,
        sign: (_ text: [UInt8]) throws -> [UInt8]
    ) rethrows {
        sequence = head.sequence
        hash = head.hash
        self.unixMilliseconds = unixMilliseconds
        self.host = host
        self.key = key
        signature = try sign(
            Self.text(sequence: sequence, hash: hash, unixMilliseconds: unixMilliseconds, host: host, key: key))
    }

    /// Reads ``text``; `nil` if it is none, or not written as it must be. The signature is not checked: see
    /// ``AuditPublicKey/hasSigned(_:)``.
    public init?(parsing text: [UInt8]) {
        guard let members = (try? JSONValue(parsing: text))?.objectValue,
            members["format"]?.stringValue == Self.format,
            case .integer(let sequence)? = members["sequence"], sequence > 0,
            case .integer(let time)? = members["time"],
            let hash = members["hash"]?.stringValue, let host = members["host"]?.stringValue,
            let key = members["key"]?.stringValue,
            let signature = members["signature"]?.stringValue.flatMap(Hexadecimal.bytes)
        else { return nil }
        self.sequence = sequence
        self.hash = hash
        unixMilliseconds = time
        self.host = host
        self.key = key
        self.signature = signature
        guard self.text == text else { return nil }
    }

    /// One line of canonical JSON, without a line end.
    public var text: [UInt8] {
        Self.text(
            sequence: sequence, hash: hash, unixMilliseconds: unixMilliseconds, host: host, key: key,
            signature: signature)
    }

    /// What is signed: ``text`` without the signature.
    public var signedText: [UInt8] {
        Self.text(sequence: sequence, hash: hash, unixMilliseconds: unixMilliseconds, host: host, key: key)
    }

    private static func text(
        sequence: Int64, hash: String, unixMilliseconds: Int64, host: String, key: String, signature: [UInt8]? = nil
    ) -> [UInt8] {
        var members: [String: JSONValue] = [
            "format": .string(format), "sequence": .integer(sequence), "hash": .string(hash),
            "time": .integer(unixMilliseconds), "host": .string(host), "key": .string(key),
        ]
        members["signature"] = signature.map { .string(Hexadecimal.text($0)) }
        return JSONValue.object(members).bytes()
    }
}

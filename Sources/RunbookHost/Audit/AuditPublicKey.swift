internal import Crypto

/// What checkpoints of the audit log are checked with: the public half of an ``AuditSigningKey``.
public struct AuditPublicKey: Sendable {
    private let key: Curve25519.Signing.PublicKey

    init(_ key: Curve25519.Signing.PublicKey) { self.key = key }

    /// A key as ``base64`` writes it; `nil` if it is none.
    public init?(base64 text: String) {
        guard let bytes = Base64.bytes(text),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
        else { return nil }
        self.key = key
    }

    /// The key's 32 bytes in Base64.
    public var base64: String { Base64.text(Array(key.rawRepresentation)) }

    /// SHA-256 of the key's bytes, lower-case hexadecimal: what checkpoints name it by.
    public var fingerprint: String { Hexadecimal.text(SHA256.hash(data: Array(key.rawRepresentation))) }

    /// Whether a checkpoint was signed with this key.
    public func hasSigned(_ checkpoint: AuditCheckpoint) -> Bool {
        checkpoint.key == fingerprint && key.isValidSignature(checkpoint.signature, for: checkpoint.signedText)
    }
}

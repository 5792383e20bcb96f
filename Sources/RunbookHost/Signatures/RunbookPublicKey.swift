internal import Crypto

/// What signatures of runbooks are checked with: the public half of a ``RunbookSigningKey``.
public struct RunbookPublicKey: Sendable, Hashable {
    private let bytes: [UInt8]

    /// - Parameter bytes: those of a key.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// A key as ``base64`` writes it; `nil` if it is none.
    public init?(base64 text: String) {
        guard let bytes = Base64.bytes(text), (try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)) != nil
        else {
            return nil
        }
        self.bytes = bytes
    }

    /// The key's 32 bytes in Base64.
    public var base64: String { Base64.text(bytes) }

    /// SHA-256 of the key's bytes, lower-case hexadecimal: what signature files name it by.
    public var fingerprint: String { Hexadecimal.text(SHA256.hash(data: bytes)) }

    /// Whether a signature was made with this key. It may still be that of another runbook: see ``SignaturePolicy``.
    public func hasMade(_ signature: RunbookSignature) -> Bool {
        guard signature.key == fingerprint, let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else {
            return false
        }
        return key.isValidSignature(signature.signature, for: signature.signedText)
    }
}

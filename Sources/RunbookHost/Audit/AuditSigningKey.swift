internal import Crypto

/// The key that checkpoints of the audit log are signed with: Ed25519.
public struct AuditSigningKey: Sendable {
    /// How many bytes a key has.
    public static let size = 32

    private let key: Curve25519.Signing.PrivateKey

    /// A new key.
    public init() { key = Curve25519.Signing.PrivateKey() }

    /// A key from its ``bytes``; `nil` if they are none.
    public init?(_ bytes: [UInt8]) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else { return nil }
        self.key = key
    }

    /// The key itself, ``size`` bytes: whoever has them can sign.
    public var bytes: [UInt8] { Array(key.rawRepresentation) }

    /// What its signatures are checked with.
    public var publicKey: AuditPublicKey { AuditPublicKey(key.publicKey) }

    /// Signs that a log ended so at this moment.
    ///
    /// - Parameters:
    ///   - head: the log's last line.
    ///   - unixMilliseconds: this moment.
    ///   - host: the name of this machine.
    /// - Throws: if the system's cryptography fails, which it has no reason to.
    public func checkpoint(_ head: AuditHead, unixMilliseconds: Int64, host: String) throws -> AuditCheckpoint {
        try AuditCheckpoint(
            head: head, unixMilliseconds: unixMilliseconds, host: host, key: publicKey.fingerprint
        ) { text in Array(try key.signature(for: text)) }
    }
}

extension AuditSigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says which key it is, without the key.
    public var description: String { "signing key \(publicKey.fingerprint)" }
    /// See ``description``.
    public var debugDescription: String { description }
    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

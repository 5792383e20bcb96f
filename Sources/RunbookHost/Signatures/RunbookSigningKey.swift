internal import Crypto

/// The key that runbooks are signed with: Ed25519.
///
/// It has the form of the key that signs checkpoints of the audit log, and is another type so that neither is ever used for
/// the other's work.
public struct RunbookSigningKey: Sendable {
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
    public var publicKey: RunbookPublicKey { RunbookPublicKey(Array(key.publicKey.rawRepresentation)) }

    /// Signs a runbook: this source, under this name.
    ///
    /// - Parameters:
    ///   - runbook: what somebody has looked at and agrees to. Of its name only what is behind the last `/` counts.
    ///   - signed: this moment, in UTC: `2026-11-22T03:12:45Z`.
    ///   - signer: who signs, for people: it proves nothing.
    /// - Throws: ``RunbookSignature/Fault`` if the name or the rest cannot stand in a signature file.
    public func sign(_ runbook: Runbook, signed: String, by signer: String) throws -> RunbookSignature {
        try RunbookSignature(
            of: runbook, signed: signed, by: signer, key: publicKey.fingerprint
        ) { text in Array(try key.signature(for: text)) }
    }
}

extension RunbookSigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Says which key it is, without the key.
    public var description: String { "signing key \(publicKey.fingerprint)" }
    /// See ``description``.
    public var debugDescription: String { description }
    /// Without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

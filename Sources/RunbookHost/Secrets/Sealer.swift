internal import Crypto
internal import FoundationEssentials

/// Closes what must be kept and not be read: AES-256-GCM under one key, which lies beside the state or comes from a command.
///
/// What it is used for is part of what is sealed, so that nothing sealed for one purpose opens for another.
public struct Sealer: Sendable {
    /// Why something cannot be opened.
    public struct OpenError: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong, and what to do.
        public let description: String
    }

    /// The key's length in bytes.
    public static let keyLength = 32

    private let sealing: SymmetricKey
    private let digesting: SymmetricKey

    /// A sealer; from each key others are derived for sealing and for digests (HKDF-SHA256, RFC 5869).
    ///
    /// - Parameter key: at least ``keyLength`` bytes, or `nil` is made.
    public init?(key: [UInt8]) {
        guard key.count >= Self.keyLength else { return nil }
        let key = SymmetricKey(data: key)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Array(purpose.utf8), outputByteCount: Self.keyLength)
        }
        sealing = derived("runbook sealing")
        digesting = derived("runbook digests")
    }

    /// `bytes` sealed: nonce, ciphertext and tag.
    ///
    /// - Parameters:
    ///   - bytes: the plain bytes.
    ///   - purpose: what they are, such as a run's id; must be the same when they are opened.
    public func seal(_ bytes: [UInt8], for purpose: String) -> [UInt8] {
        // It fails for keys and nonces of a wrong length alone, and both are made here.
        guard let box = try? AES.GCM.seal(bytes, using: sealing, authenticating: Array(purpose.utf8)),
            let combined = box.combined
        else { return [] }
        return Array(combined)
    }

    /// What was sealed.
    ///
    /// - Throws: ``OpenError`` if it was altered, was sealed for something else or under another key.
    public func open(_ sealed: [UInt8], for purpose: String) throws(OpenError) -> [UInt8] {
        do {
            return Array(
                try AES.GCM.open(
                    AES.GCM.SealedBox(combined: sealed), using: sealing, authenticating: Array(purpose.utf8)))
        } catch {
            throw OpenError(
                description:
                    "what was sealed for \(purpose) cannot be opened: it was altered, or sealed with another key; "
                    + "give back the key that was there when it was made")
        }
    }

    /// A keyed digest (HMAC-SHA256, the first 16 bytes as hexadecimal): equal for equal bytes, and without the key it tells
    /// nothing of them.
    public func digest(_ bytes: some Sequence<UInt8>) -> String {
        Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: Array(bytes), using: digesting).prefix(16))
    }
}

internal import Crypto

/// Signs what webhooks carry, as Standard Webhooks has it: HMAC-SHA256 over `id.timestamp.body`.
package struct WebhookSigner: Sendable {
    /// How long a new key is, in bytes.
    package static let keyLength = 32

    private let key: [UInt8]

    /// - Parameter key: 24 bytes at least.
    /// - Returns: `nil` for a key that is too short.
    package init?(key: [UInt8]) {
        guard key.count >= 24 else { return nil }
        self.key = key
    }

    /// The key as receivers are given it: `whsec_` and base64.
    package var secret: String { "whsec_" + base64(key) }

    /// The value of `webhook-signature`: `v1,` and base64.
    ///
    /// - Parameters:
    ///   - id: the event's, the same each time that it is sent.
    ///   - unixSeconds: when it is sent.
    package func signature(id: String, unixSeconds: Int64, body: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(id).\(unixSeconds).".utf8) + body, using: SymmetricKey(data: key))
        return "v1," + base64(Array(code))
    }
}

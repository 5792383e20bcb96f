internal import Crypto

/// The API keys that Xpanse accepts, and how each proves itself.
package struct XpanseKeys: Sendable {
    /// What a key is made for.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Sent as it is.
        case standard
        /// Hashed with a nonce and the time.
        case advanced
        /// A standard key of an account without the licence.
        case unlicensed
        /// A standard key without the permission.
        case unprivileged
    }

    package struct Key: Sendable, Hashable {
        package let id: String
        package let key: String
    }

    /// How old or new a signature may be, in milliseconds.
    static let window: Int64 = 15 * 60 * 1000

    private let keys: [Kind: Key]

    /// One key of each kind.
    init(random: SplitMix64) {
        var random = random
        var keys: [Kind: Key] = [:]
        for (index, kind) in Kind.allCases.enumerated() {
            keys[kind] = Key(id: String(index + 1), key: random.text(128, of: Alphabet.alphanumeric))
        }
        self.keys = keys
    }

    /// The key of this kind.
    package subscript(kind: Kind) -> Key { keys[kind] ?? Key(id: "", key: "") }

    /// Refuses a request whose key is wrong or does not allow the call.
    func authenticate(_ request: SimulatedRequest, at moment: Timestamp) throws(XpanseError) {
        let isSigned = request.nonce != nil || request.timestamp != nil
        guard let id = request.xpanseKeyID, let authorization = request.authorization,
            let (kind, key) = keys.first(where: { $0.value.id == id })
        else { throw isSigned ? .wrongAdvancedKey : .wrongStandardKey }
        if kind == .advanced {
            try Self.check(key.key, request, authorization, at: moment)
        } else if authorization != key.key {
            throw .wrongStandardKey
        }
        switch kind {
        case .unlicensed: throw .unlicensed
        case .unprivileged: throw .unprivileged
        case .standard, .advanced: break
        }
    }

    /// The nonce may be used again: real clients send one set of headers for several calls.
    private static func check(
        _ key: String, _ request: SimulatedRequest, _ authorization: String, at moment: Timestamp
    ) throws(XpanseError) {
        guard let nonce = request.nonce, let timestamp = request.timestamp, let time = Int64(timestamp),
            nonce.utf8.count == 64, nonce.utf8.allSatisfy(Alphabet.alphanumeric.contains),
            (moment.milliseconds - window...moment.milliseconds + window).contains(time),
            authorization == signature(key: key, nonce: nonce, timestamp: timestamp)
        else { throw .wrongAdvancedKey }
    }

    /// Lower-case hexadecimal SHA-256 of key, nonce and timestamp.
    static func signature(key: String, nonce: String, timestamp: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let hash = SHA256.hash(data: Array((key + nonce + timestamp).utf8))
        return String(decoding: hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

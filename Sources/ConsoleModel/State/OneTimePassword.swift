internal import Crypto

/// RFC 6238: the six digits that an authenticator application shows for a seed, new every 30 seconds.
enum OneTimePassword {
    /// The digits for the moment, or `nil` if the seed is not base32.
    static func code(seed: String, at moment: Timestamp, steps: Int64 = 0) -> String? {
        guard let key = Base32.decode(seed) else { return nil }
        let counter = UInt64(bitPattern: moment.milliseconds / 30_000 + steps)
        let message = (0..<8).map { UInt8(truncatingIfNeeded: counter >> UInt64(56 - 8 * $0)) }
        let hash = Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: SymmetricKey(data: key)))
        let offset = Int(hash[hash.count - 1] & 15)
        let number = hash[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
        let digits = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// Whether `token` is right now, or was or will be within 30 seconds: clocks differ.
    static func accepts(_ token: String, seed: String, at moment: Timestamp) -> Bool {
        (-1...1).contains { code(seed: seed, at: moment, steps: $0) == token }
    }
}

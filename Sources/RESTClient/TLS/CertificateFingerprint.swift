import Crypto

/// The SHA-256 of a certificate in DER form: what browsers and `openssl x509 -fingerprint -sha256` show.
public struct CertificateFingerprint: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The fingerprint of a certificate.
    public init(der: [UInt8]) { bytes = Array(SHA256.hash(data: der)) }

    /// Reads a fingerprint as people write it: 64 hexadecimal digits in either case, with or without colons or spaces,
    /// with or without `sha256:`, `SHA256 Fingerprint=` before.
    ///
    /// - Returns: `nil` if the text is none.
    public init?(_ text: String) {
        var digits = Substring(text)
        if let equals = digits.lastIndex(of: "=") { digits = digits[digits.index(after: equals)...] }
        let prefix = digits.prefix(8).lowercased()
        for known in ["sha256:", "sha-256:"] where prefix.hasPrefix(known) { digits = digits.dropFirst(known.count) }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in digits where character != ":" && !character.isWhitespace {
            guard character.isASCII, let value = character.hexDigitValue.map(UInt8.init) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        guard high == nil, bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// `AB:CD:…`, 32 pairs of upper-case digits.
    public var description: String {
        let digits = Array("0123456789ABCDEF")
        return bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: ":")
    }
}

import RESTClient
import Testing

@Suite("A certificate's fingerprint")
struct CertificateFingerprintTests {
    // SHA-256 of nothing.
    private let digits = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    @Test("is read in every form that people paste")
    func reads() throws {
        let pairs = stride(from: 0, to: 64, by: 2).map { String(Array(digits)[$0..<$0 + 2]) }
        let colons = pairs.joined(separator: ":").uppercased()
        let expected = CertificateFingerprint(der: [])
        for text in [
            digits, digits.uppercased(), colons, colons.lowercased(), "SHA256:\(digits)", "sha-256:\(digits)",
            "SHA256 Fingerprint=\(colons)", "sha256 Fingerprint=\(colons)\n", " \(pairs.joined(separator: " ")) ",
        ] {
            #expect(CertificateFingerprint(text) == expected, "\(text)")
        }
        #expect(expected.description == colons)
    }

    @Test("is not read from anything else")
    func refuses() {
        for text in [
            "", "ab", String(digits.dropLast()), digits + "0", digits + "00", "g" + digits.dropFirst(),
            "SHA1:\(digits)",
        ] {
            #expect(CertificateFingerprint(text) == nil, "\(text)")
        }
    }
}

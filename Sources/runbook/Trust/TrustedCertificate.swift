import FoundationEssentials
import RESTClient

/// A server's certificate that a person has decided to trust, as it is stored.
struct TrustedCertificate: Sendable, Hashable {
    let host: String
    let port: Int
    /// The file it is in.
    let path: String
    /// Computed from the certificate itself.
    let fingerprint: CertificateFingerprint
    /// What the certificate said of itself when it was stored; for people, nothing depends on it.
    let subject: String
    let validity: String

    /// `host:port`.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static let begin = "-----BEGIN CERTIFICATE-----"
    private static let end = "-----END CERTIFICATE-----"

    /// Reads what ``text(of:)`` has written; `nil` if it is anything else.
    init?(_ text: String, host: String, port: Int, path: String) {
        var lines: [String: String] = [:]
        var body = ""
        var isInBody = false
        for line in text.split(separator: "\n") {
            if line == Self.begin {
                isInBody = true
            } else if line == Self.end {
                break
            } else if isInBody {
                body += line
            } else if let colon = line.firstPlace(of: ": ") {
                lines[String(line[..<colon.lowerBound])] = String(line[colon.upperBound...])
            }
        }
        guard let der = Data(base64Encoded: body), !der.isEmpty else { return nil }
        self.host = host
        self.port = port
        self.path = path
        fingerprint = CertificateFingerprint(der: Array(der))
        subject = lines["Subject"] ?? ""
        validity = lines["Valid"] ?? ""
    }

    /// A certificate as a file holds it: what it says of itself, then PEM, which other programs read too.
    static func text(of certificate: ServerCertificate) -> String {
        """
        Subject: \(certificate.subject)
        Issuer: \(certificate.issuer)
        Valid: \(certificate.validity)
        SHA-256: \(certificate.fingerprint)
        \(certificate.pem)
        """
    }
}

extension ServerCertificate {
    /// `2024-05-01 to 2034-04-29`.
    var validity: String { "\(Day(unixSeconds: notBefore)) to \(Day(unixSeconds: notAfter))" }
}

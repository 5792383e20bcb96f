public import NIOSSL
import Operations

/// A certificate that a server showed: what a person needs to decide whether to trust it.
public struct ServerCertificate: Sendable, Hashable {
    /// The certificate in PEM form, as a file of trusted certificates holds it.
    public let pem: String
    /// What to compare with what the server's owner says.
    public let fingerprint: CertificateFingerprint
    /// Whose it is: `CN=console.example.com, O=Example`.
    public let subject: String
    /// Who vouches for it.
    public let issuer: String
    /// The host names and IP addresses it is made out to.
    public let names: [String]
    /// From when it is valid: seconds since 1970 in UTC.
    public let notBefore: Int64
    /// Until when it is valid: seconds since 1970 in UTC.
    public let notAfter: Int64

    /// Whether nobody but its owner vouches for it.
    public var isSelfSigned: Bool { subject == issuer }

    /// Reads a certificate.
    ///
    /// - Throws: `NIOSSLError` or `BoringSSLError` if it cannot be written out again.
    public init(_ certificate: NIOSSLCertificate) throws {
        let der = try certificate.toDERBytes()
        fingerprint = CertificateFingerprint(der: der)
        let lines = Array(base64(der).utf8)
        let body = stride(from: 0, to: lines.count, by: 64).map {
            String(decoding: lines[$0..<min($0 + 64, lines.count)], as: UTF8.self)
        }
        pem = "-----BEGIN CERTIFICATE-----\n\(body.joined(separator: "\n"))\n-----END CERTIFICATE-----\n"
        notBefore = Int64(certificate.notValidBefore)
        notAfter = Int64(certificate.notValidAfter)
        let fields = Fields(der: der)
        subject = fields.subject
        issuer = fields.issuer
        names = fields.names
    }
}

/// The names in a certificate (RFC 5280, 4.1 and 4.2.1.6). What cannot be read is left empty.
private struct Fields {
    var subject = ""
    var issuer = ""
    var names: [String] = []

    init(der: [UInt8]) {
        var reader = DERReader(der[...])
        guard var fields = reader.next()?.children?.first?.children else { return }
        // An explicit version stands before the serial number in all but version 1.
        if fields.first?.tag == 0xa0 { fields.removeFirst() }
        guard fields.count >= 6 else { return }
        issuer = Self.name(fields[2])
        subject = Self.name(fields[4])
        let extensions: [DERReader.Element] = fields.first(where: { $0.tag == 0xa3 })?.children?.first?.children ?? []
        // 2.5.29.17, subject alternative name
        let alternative = extensions.first(where: {
            $0.children?.first?.content.elementsEqual([0x55, 0x1d, 0x11]) == true
        })
        if let content = alternative?.children?.last?.content {
            var reader = DERReader(content)
            names = (reader.next()?.children ?? []).compactMap(Self.alternativeName)
        }
    }

    private static func name(_ element: DERReader.Element) -> String {
        let attributes = (element.children ?? []).flatMap { $0.children ?? [] }
        return attributes.compactMap { attribute -> String? in
            guard let parts = attribute.children, parts.count == 2 else { return nil }
            let type =
                switch Array(parts[0].content) {
                case [0x55, 0x04, 0x03]: "CN"
                case [0x55, 0x04, 0x06]: "C"
                case [0x55, 0x04, 0x07]: "L"
                case [0x55, 0x04, 0x08]: "ST"
                case [0x55, 0x04, 0x0a]: "O"
                case [0x55, 0x04, 0x0b]: "OU"
                default: "?"
                }
            return "\(type)=\(text(parts[1].content))"
        }.joined(separator: ", ")
    }

    private static func alternativeName(_ element: DERReader.Element) -> String? {
        switch element.tag {
        case 0x82: return text(element.content)
        case 0x87 where element.content.count == 4: return element.content.map(String.init).joined(separator: ".")
        case 0x87 where element.content.count == 16:
            let bytes = Array(element.content)
            return stride(from: 0, to: 16, by: 2).map {
                String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
            }.joined(separator: ":")
        default: return nil
        }
    }

    /// A stranger's text, before it is shown on a terminal.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        Redaction([]).clean(String(decoding: bytes, as: UTF8.self))
    }
}

internal import ConsoleModel
internal import Crypto
internal import FoundationEssentials
internal import SwiftASN1
internal import X509

/// A certificate that no authority vouches for, as a console has after its installation.
struct SelfSignedCertificate: Sendable {
    /// The certificate as PEM.
    let certificate: String
    /// Its private key as PEM, which never leaves the process.
    let privateKey: String

    /// A new one with a new key, valid for the host and for this machine's own names, from a day before now on for ten
    /// years.
    init(host: String, now: Timestamp) throws {
        let key = P256.Signing.PrivateKey()
        let name = try DistinguishedName { CommonName("Simulated Security Console") }
        let start = Date(timeIntervalSince1970: Double(now.milliseconds) / 1000)
        let extensions = try Certificate.Extensions {
            // A pinned certificate is its own root, which verifiers expect to be an authority.
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
            Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
            try ExtendedKeyUsage([.serverAuth])
            SubjectAlternativeNames(Self.names(host))
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: start.addingTimeInterval(-86_400), notValidAfter: start.addingTimeInterval(3650 * 86_400),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: .init(key))
        self.certificate = try certificate.serializeAsPEM().pemString
        privateKey = key.pemRepresentation
    }

    private static func names(_ host: String) -> [GeneralName] {
        var names: [GeneralName] = [
            .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
            .ipAddress(ASN1OctetString(contentBytes: ArraySlice([UInt8](repeating: 0, count: 15) + [1]))),
        ]
        let octets = host.split(separator: ".").compactMap { UInt8($0) }
        if octets.count == 4 {
            if octets != [127, 0, 0, 1] { names.append(.ipAddress(ASN1OctetString(contentBytes: ArraySlice(octets)))) }
        } else if host != "localhost", !host.contains(":") {
            names.append(.dnsName(host))
        }
        return names
    }
}

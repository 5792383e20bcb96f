import Crypto
import Foundation
import NIOSSL
import RESTClient
import SwiftASN1
import X509

/// A certificate with its key, made for one test.
struct TestCertificate {
    let certificate: Certificate
    let pem: String
    private let key: P256.Signing.PrivateKey

    /// A certificate for these names, signed by `issuer` or by itself.
    init(
        commonName: String = "console.test", names: [GeneralName] = TestCertificate.loopback, isAuthority: Bool = false,
        years: ClosedRange<Double> = -1...1, issuer: TestCertificate? = nil
    ) throws {
        let key = P256.Signing.PrivateKey()
        let subject = try DistinguishedName {
            CommonName(commonName)
            OrganizationName("Test & Söhne")
        }
        let year = 365.25 * 86400
        certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: .init(key.publicKey),
            notValidBefore: Date(timeIntervalSinceNow: years.lowerBound * year),
            notValidAfter: Date(timeIntervalSinceNow: years.upperBound * year),
            issuer: issuer?.certificate.subject ?? subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                if isAuthority {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                } else {
                    Critical(BasicConstraints.notCertificateAuthority)
                }
                SubjectAlternativeNames(names)
            },
            issuerPrivateKey: .init(issuer?.key ?? key))
        self.key = key
        pem = try certificate.serializeAsPEM().pemString
    }

    /// The names of loopback.
    static let loopback: [GeneralName] = [
        .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
        .ipAddress(ASN1OctetString(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
    ]

    var fingerprint: CertificateFingerprint {
        get throws { CertificateFingerprint(der: try nio.toDERBytes()) }
    }

    private var nio: NIOSSLCertificate {
        get throws { try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem) }
    }

    /// What a server needs to show this certificate.
    func serverContext(_ change: (inout TLSConfiguration) -> Void = { _ in }) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try nio)],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)))
        change(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }
}

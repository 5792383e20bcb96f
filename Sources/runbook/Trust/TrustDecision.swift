import CommandSupport
import Operations
import RESTClient

/// Whether a certificate is to be trusted: what a person is shown, and what counts as a yes.
struct TrustDecision {
    let address: ServiceAddress
    let certificate: ServerCertificate
    /// What was trusted for this host and port before.
    let previous: TrustedCertificate?

    /// `host:port`.
    var authority: String { "\(address.host.contains(":") ? "[\(address.host)]" : address.host):\(address.port)" }

    /// What a person needs to know, several lines.
    var description: String {
        var lines = [
            "The certificate of \(authority)",
            "  subject  \(certificate.subject)",
            "  issuer   \(certificate.isSelfSigned ? "itself: nobody else vouches for it" : certificate.issuer)",
            "  names    \(certificate.names.isEmpty ? "none" : certificate.names.joined(separator: ", "))",
            "  valid    \(certificate.validity)",
            "  SHA-256  \(certificate.fingerprint)",
        ]
        if let previous, previous.fingerprint != certificate.fingerprint {
            lines.append("It is NOT the one that is trusted now:")
            lines.append("  SHA-256  \(previous.fingerprint)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Returns if the certificate is to be trusted.
    ///
    /// - Parameters:
    ///   - expected: the fingerprint that it must have; then nobody is asked.
    ///   - confirm: asks a person; `nil` if there is none.
    /// - Throws: ``CommandError`` if it is not.
    func decide(
        expected: CertificateFingerprint?, confirm: (_ question: String) -> Bool?
    ) throws(CommandError) {
        if let expected {
            guard certificate.fingerprint == expected else {
                throw CommandError(
                    "the certificate of \(authority) has the fingerprint \(certificate.fingerprint), not \(expected) as "
                        + "--fingerprint says; nothing was stored. If the fingerprint came from the server's owner, somebody may be "
                        + "in between")
            }
            return
        }
        switch confirm("Trust this certificate for \(authority)?") {
        case true?: return
        case false?: throw CommandError("not trusted; nothing was stored", code: .failed)
        case nil:
            throw CommandError(
                "nobody can be asked whether to trust the certificate of \(authority), so nothing was stored: compare its "
                    + "fingerprint \(certificate.fingerprint) with what the server's owner says, then run: runbook trust "
                    + "\(address) --fingerprint \(certificate.fingerprint)")
        }
    }

    func json(path: String) -> JSONValue {
        [
            "host": .string(address.host), "port": .integer(Int64(address.port)),
            "fingerprint": .string(certificate.fingerprint.description), "subject": .string(certificate.subject),
            "issuer": .string(certificate.issuer), "names": .array(certificate.names.map { .string($0) }),
            "not_before": .integer(certificate.notBefore), "not_after": .integer(certificate.notAfter),
            "path": .string(path),
        ]
    }
}

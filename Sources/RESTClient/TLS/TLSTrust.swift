import NIOSSL
import Operations

/// How a server's certificate is checked. It is never simply not checked.
public enum TLSTrust: Sendable, Hashable {
    /// Against the system's certificate authorities.
    case system
    /// Against these certificates only, in PEM: a private authority, or a self-signed server certificate. The server's
    /// name must be in its certificate.
    case certificates(pem: String)
    /// Against the certificates in this PEM file only.
    case file(path: String)
    /// The server's own certificate must be exactly this one; its name, issuer and dates are of no account.
    case pinned(CertificateFingerprint)
}

extension TLSTrust {
    /// The certificates to check against, or `nil` for the system's.
    func roots() throws(TargetError) -> [NIOSSLCertificate]? {
        switch self {
        case .system, .pinned: return nil
        case .certificates(let pem):
            guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)), !certificates.isEmpty else {
                throw TargetError(
                    "the trusted certificates are not in PEM form: they begin with -----BEGIN CERTIFICATE-----")
            }
            return certificates
        case .file(let path):
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
                throw TargetError(
                    "\(path) cannot be read as certificates in PEM form (-----BEGIN CERTIFICATE-----): check that the "
                        + "file exists, may be read, and is not a key or a DER file")
            }
            return certificates
        }
    }

    func check(for service: Service) throws(TargetError) {
        do { _ = try roots() } catch { throw TargetError("\(service): \(error.message)") }
    }
}

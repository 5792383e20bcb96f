import NIOCore
import NIOSSL

/// Compares a server's certificate with the pinned one, before anything is sent.
///
/// The handshake has proved by then that the server holds the certificate's private key, whether or not anyone vouches
/// for the certificate.
enum PinnedCertificateCheck {
    static func check(
        _ pipeline: ChannelPipeline.SynchronousOperations, against pin: CertificateFingerprint
    ) throws {
        guard let certificate = try pipeline.nioSSL_peerCertificate() else { throw PinError(expected: pin, found: nil) }
        let found = CertificateFingerprint(der: try certificate.toDERBytes())
        guard found == pin else { throw PinError(expected: pin, found: found) }
    }
}

/// The server's certificate is not the pinned one.
struct PinError: Error {
    let expected: CertificateFingerprint
    /// The fingerprint of the certificate it showed, if it showed one.
    let found: CertificateFingerprint?
}

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL

/// Why a webhook got no answer: a part of a sentence, without the URL's path and query.
package struct WebhookFailure: Error, Sendable, Hashable {
    /// Such as `hooks.example.com refuses connections`.
    package let reason: String

    /// What a person reads of an error of HTTP, of TLS or of the network.
    ///
    /// - Parameter wasWritten: whether the request was given to a connection: it may have arrived.
    init(_ error: any Error, from address: WebhookAddress, wasWritten: Bool, timeout: Duration) {
        let seconds = timeout / .seconds(1)
        switch error {
        case is CancellationError: reason = "sending to \(address) was cancelled"
        case ExchangeError.timedOut: reason = "\(address) did not answer within \(seconds.formattedSeconds) s"
        case ExchangeError.handshakeTimedOut: reason = "\(address) accepted the connection and did not speak TLS"
        case ChannelError.connectTimeout: reason = "\(address) did not accept a connection in time"
        case let error as TargetError: reason = error.message
        case let error as NIOConnectionError
        where error.connectionErrors.isEmpty && (error.dnsAError != nil || error.dnsAAAAError != nil):
            reason = "the host of \(address) is not known"
        case let error as NIOConnectionError:
            let errors = error.connectionErrors.compactMap { $0.error as? IOError }
            reason = Self.text(errors.first { $0.errnoCode == ECONNREFUSED } ?? errors.first, address)
        case let error as IOError where !wasWritten: reason = Self.text(error, address)
        case is HTTPParserError, is NIOHTTPDecoderError: reason = "\(address) answered with something that is not HTTP"
        case NIOSSLError.handshakeFailed(let cause) where "\(cause)".contains("CERTIFICATE_VERIFY_FAILED"):
            reason =
                "the certificate of \(address) is not trusted: no authority that this machine trusts has signed it, or it "
                + "has expired"
        case let error as NIOSSLExtraError
        where error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch:
            reason = "the certificate of \(address) is made out to another name"
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: reason = "the TLS handshake with \(address) failed"
        default:
            reason =
                wasWritten
                ? "\(address) closed the connection without an answer" : "\(address) closed the connection at once"
        }
    }

    private static func text(_ error: IOError?, _ address: WebhookAddress) -> String {
        switch error?.errnoCode {
        case ECONNREFUSED?: "\(address) refuses connections"
        case EHOSTUNREACH?, ENETUNREACH?: "there is no route to \(address)"
        case EMFILE?, ENFILE?: "no connection to \(address) could be opened: this process has too many files open"
        case EACCES?, EPERM?: "no connection to \(address) could be opened: this process may not"
        default: "\(address) cannot be reached"
        }
    }
}

extension Double {
    /// Without a fraction that is none.
    fileprivate var formattedSeconds: String { self == rounded() ? "\(Int(self))" : "\(self)" }
}

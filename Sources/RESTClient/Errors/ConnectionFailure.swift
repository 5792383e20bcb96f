import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Operations

/// Makes what a person reads of an exchange that ended without a usable reply.
struct ConnectionFailure: Sendable {
    let service: Service
    let address: ServiceAddress
    let trust: TLSTrust

    /// The failure behind an error of HTTP, of TLS or of the network.
    ///
    /// - Parameters:
    ///   - wasWritten: whether the request was given to a connection: then its outcome is unknown, whatever the error.
    ///   - timeout: the time the attempt had.
    func describe(_ error: any Error, wasWritten: Bool, timeout: Duration) -> AttemptFailure {
        wasWritten ? afterSending(error, timeout: timeout) : beforeSending(error, timeout: timeout)
    }

    /// The setting that holds the address.
    var urlVariable: String { service == .xpanse ? "RUNBOOK_XPANSE_URL" : "RUNBOOK_CONSOLE_URL" }

    private func afterSending(_ error: any Error, timeout: Duration) -> AttemptFailure {
        func unknown(
            _ kind: APIError.Kind, _ message: String, _ repetition: Repetition = .ifRepeatable
        ) -> AttemptFailure {
            AttemptFailure(kind, message, delivery: .unknown, repetition: repetition)
        }
        switch error {
        case is CancellationError:
            return unknown(.network, "the call was cancelled while \(address) was working on it", .never)
        case ExchangeError.shutDown:
            return unknown(.network, "the transport was shut down while \(address) was working on the call", .never)
        case ExchangeError.timedOut:
            return unknown(
                .timeout,
                "\(address) took the request and did not answer in full within \(text(timeout)): "
                    + "it may be overloaded; try again later or give it more time")
        case ExchangeError.tooLarge:
            return unknown(
                .network,
                "the reply of \(address) is larger than 64 MB, which no reply of this API is: check \(urlVariable)",
                .never)
        case HTTPParserError.invalidEOFState:
            return unknown(.network, "\(address) closed the connection in the middle of its reply")
        case is HTTPParserError, is NIOHTTPDecoderError:
            let guess =
                address.isSecure
                ? "something other than the API listens there"
                : "something other than the API listens there, or it expects https"
            return unknown(
                .network, "\(address) answered with something that is not HTTP: \(guess); check \(urlVariable)", .never)
        default:
            return unknown(.network, "the connection to \(address) broke before the reply was complete")
        }
    }

    private func beforeSending(_ error: any Error, timeout: Duration) -> AttemptFailure {
        func notSent(
            _ kind: APIError.Kind, _ message: String, _ repetition: Repetition = .always
        ) -> AttemptFailure {
            AttemptFailure(kind, message, delivery: .notSent, repetition: repetition)
        }
        switch error {
        case is CancellationError:
            return notSent(.network, "the call was cancelled before it was sent", .never)
        case ExchangeError.shutDown:
            return notSent(.network, "the transport was shut down before the call was sent", .never)
        case ExchangeError.handshakeTimedOut:
            return notSent(
                .timeout,
                "\(address) accepted the connection and then did not speak TLS: check that the port is the one for https"
            )
        // The file of certificates was there when the target was made.
        case let error as TargetError: return notSent(.network, error.message, .never)
        case let error as PinError: return notSent(.network, message(error), .never)
        case let error as NIOConnectionError:
            if error.connectionErrors.isEmpty, error.dnsAError != nil || error.dnsAAAAError != nil {
                return notSent(
                    .network,
                    "the host \(address.host) is not known: check the name in \(urlVariable) and that this machine "
                        + "reaches its name server")
            }
            // With several addresses the one that says most: a refusal rather than a missing route.
            let errors = error.connectionErrors.compactMap { $0.error as? IOError }
            let told = errors.first { $0.errnoCode == ECONNREFUSED } ?? errors.first
            return notSent(.network, told.map(message) ?? unreachable("does not answer"))
        case let error as IOError: return notSent(.network, message(error))
        case ChannelError.connectTimeout:
            return notSent(.timeout, unreachable("did not accept a connection in time"))
        case let error as NIOSSLExtraError
        where error == .failedToValidateHostname
            || error == .serverHostnameImpossibleToMatch:
            return notSent(
                .network,
                "the certificate of \(address) is made out to another name than \(address.host): use the name in the "
                    + "certificate, or pin it with: runbook trust \(address)", .never)
        case NIOSSLError.handshakeFailed(let reason): return handshake(reason)
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return notSent(.network, "the TLS handshake with \(address) failed")
        default: return notSent(.network, unreachable("closed the connection before it took the request"))
        }
    }

    private func handshake(_ reason: BoringSSLError) -> AttemptFailure {
        // BoringSSL's reasons are reachable only as text.
        let text = "\(reason)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return AttemptFailure(.network, untrusted, delivery: .notSent, repetition: .never)
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return AttemptFailure(
                .network,
                "\(address) does not speak TLS: check the port in \(urlVariable) (a console listens on 3780, not on 80)",
                delivery: .notSent, repetition: .never)
        }
        if text.contains("UNSUPPORTED_PROTOCOL") || text.contains("PROTOCOL_VERSION") {
            return AttemptFailure(
                .network, "\(address) speaks only TLS versions before 1.2, which are not secure: update the server",
                delivery: .notSent, repetition: .never)
        }
        return AttemptFailure(
            .network, "the TLS handshake with \(address) failed: the server ended it; check the port in \(urlVariable)",
            delivery: .notSent, repetition: .always)
    }

    private var untrusted: String {
        switch trust {
        case .system, .pinned:
            "the certificate of \(address) is not trusted: no authority that this machine trusts has signed it, or it has "
                + "expired. If it is the server's own (a console's is, unless changed), look at it and pin it with: "
                + "runbook trust \(address)"
        case .certificates, .file:
            "the certificate of \(address) is not trusted: none of the configured certificates has signed it, or it has "
                + "expired. If the server has a new one, look at it and trust it with: runbook trust \(address)"
        }
    }

    private func message(_ error: PinError) -> String {
        let found = error.found.map { "it shows \($0)" } ?? "it shows none"
        return
            "the certificate of \(address) is not the pinned one: \(found), pinned is \(error.expected). Nothing was sent. "
            + "If its owner confirms that the certificate was renewed, pin the new one with: runbook trust \(address); "
            + "if not, someone may be in between"
    }

    private func message(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: unreachable("refuses connections: nothing listens on port \(address.port)")
        case EHOSTUNREACH, ENETUNREACH: unreachable("cannot be reached: there is no route to it")
        case ETIMEDOUT: unreachable("did not accept a connection in time")
        case EMFILE, ENFILE:
            "no connection to \(address) could be opened: this process has too many files and connections open"
        default: unreachable("closed the connection before it took the request")
        }
    }

    private func unreachable(_ how: String) -> String {
        "\(address) \(how); check \(urlVariable), that the server is up, and that no firewall is between"
    }

    private func text(_ duration: Duration) -> String {
        let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
        return seconds == seconds.rounded() ? "\(Int(seconds)) s" : "\(Int((seconds * 1000).rounded())) ms"
    }
}

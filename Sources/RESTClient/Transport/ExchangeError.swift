/// Why an exchange was ended on this side.
enum ExchangeError: Error, Hashable {
    /// The reply was not complete in time.
    case timedOut
    /// The server accepted the connection and did not finish the TLS handshake in time.
    case handshakeTimedOut
    /// The server closed the connection.
    case closed
    /// The reply is larger than any the APIs have.
    case tooLarge
    /// The transport was shut down.
    case shutDown
}

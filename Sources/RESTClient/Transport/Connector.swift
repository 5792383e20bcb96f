import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens connections to one service: TCP, TLS if the address says so, the check of a pinned certificate. Nothing has
/// been sent over a connection that it gives.
struct Connector: Sendable {
    private let address: ServiceAddress
    /// `nil` for plain http.
    private let tls: NIOSSLContext?
    private let serverHostname: String?
    private let pin: CertificateFingerprint?

    /// What opens connections.
    ///
    /// - Throws: ``TargetError`` if trusted certificates cannot be read; an error of TLS's set-up.
    init(_ target: ServiceTarget) throws {
        address = target.address
        guard address.isSecure else {
            (tls, serverHostname, pin) = (nil, nil, nil)
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        switch target.trust {
        case .system: pin = nil
        case .pinned(let fingerprint):
            // The handshake checks nothing, and the connection is closed before anything is sent over it unless its
            // certificate is the pinned one.
            configuration.certificateVerification = .none
            pin = fingerprint
        case .certificates, .file:
            if let roots = try target.trust.roots() { configuration.trustRoots = .certificates(roots) }
            pin = nil
        }
        tls = try NIOSSLContext(configuration: configuration)
        let isIPAddress = (try? SocketAddress(ipAddress: address.host, port: address.port)) != nil
        serverHostname = isIPAddress ? nil : address.host
    }

    /// Opens a connection. To be called on `loop`.
    ///
    /// - Parameters:
    ///   - timeout: for all of it together.
    ///   - onEnd: see ``Connection/init(handshake:onEnd:)``.
    ///   - completion: gets the connection, ready for an exchange, or why there is none; called on `loop`.
    func connect(
        on loop: any EventLoop, timeout: TimeAmount, onEnd: @escaping (Connection, Exchange?) -> Void,
        completion: @escaping (Result<Connection, any Error>) -> Void
    ) {
        let handshake = tls == nil ? nil : loop.makePromise(of: Void.self)
        let connection = NIOLoopBound(Connection(handshake: handshake, onEnd: onEnd), eventLoop: loop)
        let deadline = loop.now + timeout
        let opened = ClientBootstrap(group: loop)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try prepare(channel, connection.value) }
            }
            .connect(host: address.host, port: address.port)
        guard let handshake else {
            return opened.assumeIsolated().whenComplete { completion($0.map { _ in connection.value }) }
        }
        opened.cascadeFailure(to: handshake)
        let timer = loop.scheduleTask(deadline: deadline) { handshake.fail(ExchangeError.handshakeTimedOut) }
        handshake.futureResult
            .flatMap { opened }
            .assumeIsolated()
            .flatMapThrowing { channel in
                if let pin { try PinnedCertificateCheck.check(channel.pipeline.syncOperations, against: pin) }
                return connection.value
            }
            .whenComplete { (result: Result<Connection, any Error>) in
                timer.cancel()
                if case .failure = result { opened.whenSuccess { $0.close(promise: nil) } }
                completion(result)
            }
    }

    private func prepare(_ channel: any Channel, _ connection: Connection) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls { try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverHostname)) }
        try pipeline.addHandlers([
            HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
            connection,
        ])
    }
}

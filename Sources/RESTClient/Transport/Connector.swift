import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Opens connections to one server: TCP, TLS if the address says so, the check of a pinned certificate. Nothing has
/// been sent over a connection that it gives.
struct Connector: Sendable {
    private let host: String
    private let port: Int
    /// The largest reply that is read, in bytes.
    private let maximumBody: Int
    /// `nil` for plain http.
    private let tls: NIOSSLContext?
    private let serverHostname: String?
    private let pin: CertificateFingerprint?
    private let resolver: (any Resolver & Sendable)?

    /// What opens connections.
    ///
    /// - Parameter resolver: finds the addresses of a name. Default: the system's.
    /// - Throws: ``TargetError`` if trusted certificates cannot be read; an error of TLS's set-up.
    init(_ target: ServiceTarget, resolver: (any Resolver & Sendable)? = nil) throws {
        try self.init(
            host: target.address.host, port: target.address.port, trust: target.address.isSecure ? target.trust : nil,
            resolver: resolver)
    }

    /// What opens connections to any server.
    ///
    /// - Parameters:
    ///   - host: a name or an address; IPv6 without brackets.
    ///   - trust: how its certificate is checked; `nil` for plain http.
    ///   - maximumBody: the largest reply that is read, in bytes. Default: ``Connection/maximumBody``.
    ///   - resolver: finds the addresses of a name. Default: the system's.
    /// - Throws: ``TargetError`` if trusted certificates cannot be read; an error of TLS's set-up.
    init(
        host: String, port: Int, trust: TLSTrust?, maximumBody: Int = Connection.maximumBody,
        resolver: (any Resolver & Sendable)? = nil
    ) throws {
        self.resolver = resolver
        self.host = host
        self.port = port
        self.maximumBody = maximumBody
        guard let trust else {
            (tls, serverHostname, pin) = (nil, nil, nil)
            return
        }
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        switch trust {
        case .system: pin = nil
        case .pinned(let fingerprint):
            // The handshake checks nothing, and the connection is closed before anything is sent over it unless its
            // certificate is the pinned one.
            configuration.certificateVerification = .none
            pin = fingerprint
        case .certificates, .file:
            if let roots = try trust.roots() { configuration.trustRoots = .certificates(roots) }
            pin = nil
        }
        tls = try NIOSSLContext(configuration: configuration)
        let isIPAddress = (try? SocketAddress(ipAddress: host, port: port)) != nil
        serverHostname = isIPAddress ? nil : host
    }

    /// Opens a connection. To be called on `loop`.
    ///
    /// - Parameters:
    ///   - timeout: for all of it together.
    ///   - onEnd: see ``Connection/init(handshake:maximumBody:onEnd:)``.
    ///   - completion: gets the connection, ready for an exchange, or why there is none; called on `loop`.
    func connect(
        on loop: any EventLoop, timeout: TimeAmount, onEnd: @escaping (Connection, Exchange?) -> Void,
        completion: @escaping (Result<Connection, any Error>) -> Void
    ) {
        let onEnd = NIOLoopBound(onEnd, eventLoop: loop)
        let deadline = loop.now + timeout
        ClientBootstrap(group: loop)
            .resolver(resolver)
            .connectTimeout(timeout)
            .channelInitializer { channel in
                // Once for each address that is tried; one of them is then the connection.
                channel.eventLoop.makeCompletedFuture { try prepare(channel, onEnd.value) }
            }
            .connect(host: host, port: port)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel): greet(channel, until: deadline, completion)
                case .failure(let error): completion(.failure(error))
                }
            }
    }

    /// Waits for the handshake, if there is one, and checks whom it was made with.
    private func greet(
        _ channel: any Channel, until deadline: NIODeadline,
        _ completion: @escaping (Result<Connection, any Error>) -> Void
    ) {
        let pipeline = channel.pipeline.syncOperations
        guard let connection = try? pipeline.handler(type: Connection.self) else {
            return completion(.failure(ExchangeError.closed))
        }
        guard let handshake = connection.handshake else { return completion(.success(connection)) }
        let timer = channel.eventLoop.scheduleTask(deadline: deadline) {
            handshake.fail(ExchangeError.handshakeTimedOut)
        }
        handshake.futureResult
            .assumeIsolated()
            .flatMapThrowing {
                if let pin { try PinnedCertificateCheck.check(channel.pipeline.syncOperations, against: pin) }
                return connection
            }
            .whenComplete { (result: Result<Connection, any Error>) in
                timer.cancel()
                if case .failure = result { channel.close(promise: nil) }
                completion(result)
            }
    }

    private func prepare(_ channel: any Channel, _ onEnd: @escaping (Connection, Exchange?) -> Void) throws {
        let pipeline = channel.pipeline.syncOperations
        var handshake: EventLoopPromise<Void>?
        if let tls {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: serverHostname))
            handshake = channel.eventLoop.makePromise()
        }
        do {
            try pipeline.addHandlers([
                HTTPRequestEncoder(), ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .dropBytes)),
                Connection(handshake: handshake, maximumBody: maximumBody, onEnd: onEnd),
            ])
        } catch {
            handshake?.fail(error)
            throw error
        }
    }
}

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Operations
import Synchronization

/// The connections to one service, and all that is the same for every request to it.
///
/// Nothing is opened and no thread is started before the first request: a run that calls nothing pays for nothing.
final class ServiceSession: Sendable {
    /// The largest reply that is read: the largest page of users is about a hundredth of it.
    static let maximumBody = 64 * 1024 * 1024
    /// Shorter than the 20 s after which the console closes an idle connection: a request that meets the closing has an
    /// unknown outcome.
    private static let idleTimeout = TimeAmount.seconds(15)

    let target: ServiceTarget
    let redaction: Redaction
    let limit: ConcurrencyLimit
    let connectionFailure: ConnectionFailure
    let replyFailure: ReplyFailure

    private enum Client {
        case notStarted
        case running(HTTPClient)
        case shutDown
    }

    private let client = Mutex(Client.notStarted)
    private let registry = ExchangeRegistry()
    private let signer: RequestSigner
    private let headers: HTTPHeaders
    private let baseURL: String
    private let eventLoopGroup: (any EventLoopGroup)?
    private let loggedIn = Atomic(false)

    init(
        _ target: ServiceTarget, targetName: String, signer: RequestSigner, userAgent: String,
        eventLoopGroup: (any EventLoopGroup)?
    ) {
        self.target = target
        self.signer = signer
        self.eventLoopGroup = eventLoopGroup
        redaction = Redaction(target.credentials.secrets)
        limit = ConcurrencyLimit(target.concurrency)
        connectionFailure = ConnectionFailure(service: target.service, address: target.address, trust: target.trust)
        replyFailure = ReplyFailure(
            service: target.service, address: target.address, credentials: target.credentials, targetName: targetName)
        baseURL = target.address.description
        var headers = HTTPHeaders([
            ("Host", target.address.authority), ("User-Agent", userAgent), ("Accept", "application/json"),
            // A compressed reply could unpack to any size.
            ("Accept-Encoding", "identity"),
        ])
        headers.add(contentsOf: signer.constantHeaders)
        self.headers = headers
    }

    /// Whether a call with these credentials has succeeded.
    var hasLoggedIn: Bool {
        get { loggedIn.load(ordering: .relaxed) }
        set { loggedIn.store(newValue, ordering: .relaxed) }
    }

    /// A reply as it came, whatever its status.
    struct Reply {
        let status: Int
        let headers: HTTPHeaders
        var body: [UInt8]
    }

    /// An exchange that did not end with a reply.
    struct Broken: Error {
        let error: any Error
        /// Whether the request was given to a connection.
        let wasWritten: Bool
        /// What there is of the reply, if it had begun.
        let reply: Reply?
    }

    /// Sends one request and reads its reply to the end.
    func exchange(_ request: OperationRequest, timeout: Duration) async throws(Broken) -> Reply {
        let deadline = NIODeadline.now() + TimeAmount(timeout)
        let ticket = registry.issue(deadline: deadline)
        var reply: Reply?
        do {
            // The HTTP client hears of a cancellation only a moment after it has begun.
            try Task.checkCancellation()
            let response = try await running().execute(prepare(request, ticket: ticket), deadline: deadline)
            let head = Reply(status: Int(response.status.code), headers: response.headers, body: [])
            reply = head
            return Reply(status: head.status, headers: head.headers, body: try await read(response))
        } catch {
            throw Broken(error: error, wasWritten: !registry.withdraw(ticket), reply: reply)
        }
    }

    private func prepare(_ request: OperationRequest, ticket: UInt64) -> HTTPClientRequest {
        var prepared = HTTPClientRequest(url: baseURL + request.target)
        prepared.method = request.method.http
        prepared.headers = headers
        signer.sign(&prepared.headers)
        prepared.headers.add(name: ExchangeRegistry.header, value: String(ticket))
        if let body = request.body {
            prepared.headers.add(name: "Content-Type", value: "application/json")
            prepared.body = .bytes(ByteBuffer(bytes: body))
        }
        return prepared
    }

    private func read(_ response: HTTPClientResponse) async throws -> [UInt8] {
        var body: [UInt8] = []
        let length = response.headers.first(name: "content-length").flatMap(Int.init)
        if let length {
            guard length <= Self.maximumBody else { throw ExchangeError.tooLarge }
            body.reserveCapacity(length)
        }
        for try await part in response.body {
            guard body.count + part.readableBytes <= Self.maximumBody else { throw ExchangeError.tooLarge }
            body.append(contentsOf: part.readableBytesView)
        }
        // A cancelled task sees the body end early.
        if Task.isCancelled, length != body.count { throw CancellationError() }
        return body
    }

    private func running() throws -> HTTPClient {
        try client.withLock { state in
            switch state {
            case .running(let client): return client
            case .shutDown: throw HTTPClientError.alreadyShutdown
            case .notStarted:
                let client = HTTPClient(
                    eventLoopGroup: eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton,
                    configuration: try configuration())
                state = .running(client)
                return client
            }
        }
    }

    private func configuration() throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        var pin: CertificateFingerprint?
        switch target.trust {
        case .system: break
        case .pinned(let fingerprint):
            // The handshake checks nothing, and the connection is closed before anything is sent over it unless its
            // certificate is the pinned one.
            tls.certificateVerification = .none
            if target.address.isSecure { pin = fingerprint }
        case .certificates, .file:
            if let roots = try target.trust.roots() { tls.trustRoots = .certificates(roots) }
        }
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: .init(connect: min(TimeAmount(target.timeout), .seconds(10))), decompression: .disabled)
        configuration.connectionPool.idleTimeout = Self.idleTimeout
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = target.concurrency
        // Retrying is decided here, by the operation's effect class; left on, a refused connection or a bad certificate
        // would be told only after the connect timeout.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        configuration.tracing.tracer = nil
        configuration.http1_1ConnectionDebugInitializer = { [registry, pin] channel in
            ExchangeHandler.prepare(channel, registry: registry, pin: pin)
        }
        return configuration
    }

    private func stop() -> HTTPClient? {
        client.withLock { state in
            defer { state = .shutDown }
            if case .running(let client) = state { return client }
            return nil
        }
    }

    /// Closes every connection; calls under way fail.
    func shutdown() async {
        // It fails only if it was shut down before.
        try? await stop()?.shutdown()
    }

    deinit {
        stop()?.shutdown { _ in }
    }
}

extension Endpoint.Method {
    fileprivate var http: HTTPMethod {
        switch self {
        case .get: .GET
        case .post: .POST
        case .put: .PUT
        case .delete: .DELETE
        }
    }
}

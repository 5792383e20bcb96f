import NIOCore
import NIOHTTP1
import NIOPosix
import Operations
import Synchronization

/// All that is the same for every request to one service, and the connections to it.
///
/// Nothing is opened and no thread is started before the first request: a run that calls nothing pays for nothing.
final class ServiceSession: Sendable {
    let target: ServiceTarget
    let redaction: Redaction
    let connectionFailure: ConnectionFailure
    let replyFailure: ReplyFailure

    /// The connections, and the thread that they live on.
    private struct Connections: Sendable {
        let loop: any EventLoop
        let pool: NIOLoopBoundBox<ConnectionPool>

        /// On the loop: at once if that is where the caller is, which spares two changes of threads.
        func perform(_ work: @escaping @Sendable (ConnectionPool) -> Void) {
            if loop.inEventLoop { work(pool.value) } else { loop.execute { work(pool.value) } }
        }
    }

    private enum State {
        case notStarted
        case running(Connections)
        case shutDown
    }

    private let state = Mutex(State.notStarted)
    private let lastID = Atomic<UInt64>(0)
    private let signer: RequestSigner
    private let headers: HTTPHeaders
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
        connectionFailure = ConnectionFailure(service: target.service, address: target.address, trust: target.trust)
        replyFailure = ReplyFailure(
            service: target.service, address: target.address.description, account: target.credentials.account,
            targetName: targetName)
        var headers = HTTPHeaders([
            ("Host", target.address.authority), ("User-Agent", userAgent), ("Accept", "application/json"),
            // A compressed reply could unpack to any size.
            ("Accept-Encoding", "identity"),
        ])
        headers.add(contentsOf: signer.constantHeaders)
        self.headers = headers
    }

    deinit { stop()?.perform { $0.shutDown() } }

    /// Whether a call with these credentials has succeeded.
    var hasLoggedIn: Bool {
        get { loggedIn.load(ordering: .relaxed) }
        set { loggedIn.store(newValue, ordering: .relaxed) }
    }

    /// Sends one request, when there is a connection for it, and reads its reply to the end.
    ///
    /// - Parameters:
    ///   - timeout: from its turn to the last byte.
    ///   - isWanted: asked when its turn has come; if it is not, it ends as if cancelled.
    func exchange(
        _ request: OperationRequest, timeout: Duration, isWanted: @escaping @Sendable () -> Bool
    ) async throws(Exchange.Broken) -> Exchange.Reply {
        let connections: Connections
        do {
            try Task.checkCancellation()
            connections = try running()
        } catch { throw Exchange.Broken(error: error, wasWritten: false, reply: nil) }
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        let head = head(of: request)
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Exchange.Outcome, Never>) in
                connections.perform { pool in
                    pool.submit(
                        Exchange(
                            id: id, head: head, body: request.body, timeout: TimeAmount(timeout), isWanted: isWanted
                        ) { continuation.resume(returning: $0) })
                }
                // A cancellation that came before it was there to be cancelled.
                if Task.isCancelled { connections.perform { $0.cancel(id) } }
            }
        } onCancel: {
            connections.perform { $0.cancel(id) }
        }
        return try outcome.get()
    }

    private func head(of request: OperationRequest) -> HTTPRequestHead {
        var headers = headers
        signer.sign(&headers)
        if let body = request.body {
            headers.add(name: "Content-Type", value: "application/json")
            headers.add(name: "Content-Length", value: String(body.count))
        } else if request.method == .put || request.method == .post {
            headers.add(name: "Content-Length", value: "0")
        }
        return HTTPRequestHead(
            version: .http1_1, method: request.method.http, uri: target.address.pathPrefix + request.target,
            headers: headers)
    }

    private func running() throws -> Connections {
        try state.withLock { state in
            switch state {
            case .running(let connections): return connections
            case .shutDown: throw ExchangeError.shutDown
            case .notStarted:
                let connector = try Connector(target)
                let loop = (eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton).next()
                let limit = target.concurrency
                let pool = NIOLoopBoundBox.makeBoxSendingValue(
                    ConnectionPool(loop: loop, connector: connector, limit: limit), eventLoop: loop)
                let connections = Connections(loop: loop, pool: pool)
                state = .running(connections)
                return connections
            }
        }
    }

    private func stop() -> Connections? {
        state.withLock { state in
            defer { state = .shutDown }
            if case .running(let connections) = state { return connections }
            return nil
        }
    }

    /// Closes every connection; calls under way fail.
    func shutdown() async {
        guard let connections = stop() else { return }
        await withCheckedContinuation { continuation in
            connections.perform { pool in
                pool.shutDown()
                continuation.resume()
            }
        }
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

package import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Sends webhooks: one POST over a connection of its own. Redirects are not followed, and of the answer only its status
/// counts.
package struct WebhookClient: Sendable {
    /// More of an answer than this is not read.
    private static let maximumReply = 64 << 10

    private let group: any EventLoopGroup
    private let userAgent: String
    private let timeout: Duration
    private let trust: TLSTrust
    private let clock: any TransportClock

    /// A client; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - timeout: for all of a webhook together: connection, handshake, answer. Default: 10 s.
    ///   - trust: how the certificate is checked. Default: the system's authorities.
    ///   - clock: of account for a `Retry-After` with a date. Default: the machine's.
    package init(
        group: any EventLoopGroup, userAgent: String, timeout: Duration = .seconds(10), trust: TLSTrust = .system,
        clock: any TransportClock = SystemTransportClock()
    ) {
        self.group = group
        self.userAgent = userAgent
        self.timeout = timeout
        self.trust = trust
        self.clock = clock
    }

    /// Sends one.
    ///
    /// - Parameters:
    ///   - headers: besides those that every request has.
    ///   - body: JSON.
    /// - Throws: ``WebhookFailure`` if there was no answer; the request may have arrived nevertheless.
    package func post(
        to address: WebhookAddress, headers: [(String, String)], body: [UInt8]
    ) async throws(WebhookFailure) -> WebhookReply {
        func failure(_ error: any Error, wasWritten: Bool) -> WebhookFailure {
            WebhookFailure(error, from: address, wasWritten: wasWritten, timeout: timeout)
        }
        let connector: Connector
        do {
            connector = try Connector(
                host: address.host, port: address.port, trust: address.isSecure ? trust : nil,
                maximumBody: Self.maximumReply)
        } catch { throw failure(error, wasWritten: false) }
        let head = head(to: address, headers, length: body.count)
        let loop = group.next()
        let pool = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionPool(loop: loop, connector: connector, limit: 1), eventLoop: loop)
        @Sendable func perform(_ work: @escaping @Sendable (ConnectionPool) -> Void) {
            if loop.inEventLoop { work(pool.value) } else { loop.execute { work(pool.value) } }
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Exchange.Outcome, Never>) in
                perform { pool in
                    pool.submit(
                        Exchange(id: 1, head: head, body: body, timeout: TimeAmount(timeout), isWanted: { true }) {
                            continuation.resume(returning: $0)
                        })
                }
                // A cancellation that came before it was there to be cancelled.
                if Task.isCancelled { perform { $0.cancel(1) } }
            }
        } onCancel: {
            perform { $0.cancel(1) }
        }
        perform { $0.shutDown() }
        switch outcome {
        case .success(let reply): return self.reply(reply)
        case .failure(let broken):
            // An answer that is too long, or cut off, has told its status.
            if let reply = broken.reply { return self.reply(reply) }
            throw failure(broken.error, wasWritten: broken.wasWritten)
        }
    }

    private func reply(_ reply: Exchange.Reply) -> WebhookReply {
        WebhookReply(
            status: reply.status,
            retryAfter: reply.headers.first(name: "retry-after").flatMap {
                RetryAfter.delay($0, unixMilliseconds: clock.unixMilliseconds)
            })
    }

    private func head(to address: WebhookAddress, _ more: [(String, String)], length: Int) -> HTTPRequestHead {
        var headers = HTTPHeaders([
            ("Host", address.authority), ("User-Agent", userAgent), ("Accept", "*/*"),
            ("Accept-Encoding", "identity"), ("Connection", "close"),
            ("Content-Type", "application/json"), ("Content-Length", String(length)),
        ])
        headers.add(contentsOf: more)
        return HTTPRequestHead(version: .http1_1, method: .POST, uri: address.path, headers: headers)
    }
}

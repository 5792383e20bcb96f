import NIOCore
import NIOHTTP1
import NIOTLS

/// The last handler of a connection: carries one exchange after the other. Only its event loop touches it.
///
/// Whether a request was given to the connection is known here and told with the outcome
/// (``Operations/APIError/delivery``). A request is never sent twice.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// The largest reply that is read: the largest page of users is about a hundredth of it.
    static let maximumBody = 64 * 1024 * 1024
    /// Shorter than the 20 s after which the console closes an idle connection: a request that meets the closing has an
    /// unknown outcome.
    private static let idleTimeout = TimeAmount.seconds(15)

    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var reply: Exchange.Reply?
    private var keepsAlive = false
    private var isClosing = false
    /// When the exchange under way, or the idle time, is over.
    private var deadline = NIODeadline.distantFuture
    /// Checks the deadline. It is not set anew for each exchange, which would cost more than the rest of it.
    private var timer: (due: NIODeadline, scheduled: Scheduled<Void>)?
    /// Told which exchange is over, or `nil` when the connection closes without one.
    private let onEnd: (Connection, Exchange?) -> Void
    /// The largest reply that is read, in bytes.
    private let maximumBody: Int
    /// Succeeds when TLS is spoken; `nil` for a connection without.
    let handshake: EventLoopPromise<Void>?

    /// A handler.
    ///
    /// - Parameters:
    ///   - handshake: succeeds when TLS is spoken; `nil` for a connection without.
    ///   - maximumBody: the largest reply that is read, in bytes. Default: ``Connection/maximumBody``.
    ///   - onEnd: told which exchange is over; ask ``isOpen`` whether there can be another. `nil` when the connection
    ///     closes without one.
    init(
        handshake: EventLoopPromise<Void>?, maximumBody: Int = Connection.maximumBody,
        onEnd: @escaping (Connection, Exchange?) -> Void
    ) {
        self.handshake = handshake
        self.maximumBody = maximumBody
        self.onEnd = onEnd
    }

    /// Whether an exchange can begin.
    var isOpen: Bool { !isClosing && exchange == nil && context?.channel.isActive == true }

    /// Closes it if it is not used soon: one that was opened for an exchange which was given up meanwhile.
    func rest() {
        guard let context, isOpen else { return }
        watch(context.eventLoop.now + Self.idleTimeout)
    }

    /// The exchange under way.
    var current: Exchange? { exchange }

    /// Writes a request; ``flush()`` sends it.
    func begin(_ exchange: Exchange) {
        guard let context, isOpen else { return exchange.endUnsent(ExchangeError.closed) }
        self.exchange = exchange
        reply = nil
        watch(exchange.deadline)
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        if let body = exchange.body {
            context.write(
                wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: body)))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
    }

    /// Sends what is written.
    func flush() { context?.flush() }

    /// Ends the exchange under way, and the connection with it: what its reply would be is not known.
    func abort(_ error: any Error) {
        isClosing = true
        finish(error)
        close()
    }

    /// Closes the connection.
    func close() {
        isClosing = true
        context?.close(promise: nil)
    }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        timer?.scheduled.cancel()
        timer = nil
        // Nobody waits for it any more unless it never came to a handshake.
        handshake?.fail(ExchangeError.closed)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard exchange != nil else { return close() }
        switch unwrapInboundIn(data) {
        case .head(let head):
            // What follows a change of protocols is no HTTP.
            keepsAlive = head.isKeepAlive && head.status.code >= 200
            let length = head.headers.first(name: "content-length").flatMap(Int.init)
            reply = Exchange.Reply(status: Int(head.status.code), headers: head.headers, body: [])
            if let length, length > maximumBody { return abort(ExchangeError.tooLarge) }
            if let length { reply?.body.reserveCapacity(length) }
        case .body(let part):
            guard (reply?.body.count ?? 0) + part.readableBytes <= maximumBody else {
                return abort(ExchangeError.tooLarge)
            }
            reply?.body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let reply = reply.take(), let exchange = exchange.take() else { return }
            if keepsAlive { rest() } else { close() }
            exchange.end(.success(reply))
            onEnd(self, exchange)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent { handshake?.succeed(()) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        handshake?.fail(error)
        abort(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        handshake?.fail(ExchangeError.closed)
        if exchange != nil { finish(ExchangeError.closed) } else { onEnd(self, nil) }
        context.fireChannelInactive()
    }

    private func finish(_ error: any Error) {
        guard let exchange = exchange.take() else { return }
        exchange.end(.failure(Exchange.Broken(error: error, wasWritten: true, reply: reply.take())))
        onEnd(self, exchange)
    }

    // MARK: Time

    private func watch(_ deadline: NIODeadline) {
        self.deadline = deadline
        if let timer {
            guard deadline < timer.due else { return }
            timer.scheduled.cancel()
        }
        startTimer()
    }

    private func startTimer() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let scheduled = context.eventLoop.scheduleTask(deadline: deadline) { bound.value.timerIsDue() }
        timer = (deadline, scheduled)
    }

    private func timerIsDue() {
        timer = nil
        guard let context, context.eventLoop.now >= deadline else { return startTimer() }
        if exchange == nil { close() } else { abort(ExchangeError.timedOut) }
    }
}

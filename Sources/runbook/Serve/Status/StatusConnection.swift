import NIOCore
import NIOHTTP1

/// The last handler of a connection to the status server: reads one request after the other and answers it. Only its
/// event loop touches it.
final class StatusConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum Phase {
        /// For a request.
        case waiting
        /// For the end of a request that this answers.
        case reading(HTTPRequestHead)
        /// For the answer to be made.
        case answering(HTTPRequestHead, Task<Void, Never>?)
        /// The last answer is given, and what the client still sends is dropped.
        case ending
    }

    private let responder: StatusResponder
    private let limits: StatusLimits
    private let onEnd: (StatusConnection) -> Void
    private var context: ChannelHandlerContext?
    private var phase = Phase.waiting
    private var timer: Scheduled<Void>?
    /// Counts requests: an answer that comes too late belongs to none.
    private var request = 0
    private var isInputClosed = false
    private var isRefused = false

    /// A handler.
    ///
    /// - Parameter onEnd: told when the connection is closed.
    init(_ responder: StatusResponder, limits: StatusLimits, onEnd: @escaping (StatusConnection) -> Void) {
        self.responder = responder
        self.limits = limits
        self.onEnd = onEnd
    }

    /// Whether no request is under way.
    var isWaiting: Bool { if case .waiting = phase { true } else { false } }

    /// Ends as soon as it has begun: to be called before that.
    func refuse() { isRefused = true }

    /// Ends at once.
    func close() { context?.close(promise: nil) }

    /// Ends as soon as the answer under way is given.
    func quiesce() { context?.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent()) }

    // MARK: What the channel tells

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        end()
    }

    func channelActive(context: ChannelHandlerContext) {
        if isRefused { close() } else { watch(limits.firstRequest) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        onEnd(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), phase) {
        case (.head(let head), .waiting):
            request += 1
            // A body is of no use to anything here. It is not waited for.
            if head.headers.contains(name: "transfer-encoding")
                || head.headers["content-length"].contains(where: { $0 != "0" })
            {
                let status = StatusResponder.allows(head.method) ? 413 : 405
                return send(
                    StatusReply("requests have no body here\n", status: status), to: head, andClose: true)
            }
            phase = .reading(head)
        case (.end, .reading(let head)): answer(head)
        case (.end, .ending): close()
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            isInputClosed = true
            switch phase {
            case .waiting, .reading, .ending: close()
            case .answering: break
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return close() }
        switch phase {
        case .waiting, .reading:
            let reply =
                error == .headerOverflow
                ? StatusReply("the headers of the request are too large\n", status: 431)
                : StatusReply("this is not a request of HTTP\n", status: 400)
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/")
            send(reply, to: head, andClose: true)
            // The parser is done with this connection.
            close()
        case .answering, .ending: close()
        }
    }

    // MARK: Answers

    private func answer(_ head: HTTPRequestHead) {
        guard let context else { return }
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        let number = request
        watch(limits.answer)
        switch responder.path(of: head) {
        case .success(let path):
            let answer = responder.answer
            let task = Task {
                let reply = await answer(path)
                loop.execute { bound.value.finish(number, reply) }
            }
            phase = .answering(head, task)
        case .failure(let refusal):
            phase = .answering(head, nil)
            // The next request comes from within the sending of this answer. Many at once must not go ever deeper.
            loop.execute { bound.value.finish(number, refusal.reply) }
        }
    }

    private func finish(_ number: Int, _ reply: StatusReply) {
        guard number == request, case .answering(let head, _) = phase else { return }
        send(reply, to: head)
    }

    private func send(_ reply: StatusReply, to head: HTTPRequestHead, andClose mustClose: Bool = false) {
        guard let context else { return }
        let closes = mustClose || isInputClosed || !head.isKeepAlive
        let body = context.channel.allocator.buffer(string: reply.body)
        var headers = HTTPHeaders([
            ("Content-Type", reply.contentType), ("Content-Length", String(body.readableBytes)),
            // What it was a minute ago is of no use, and a page of another site has no business with it.
            ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ])
        if reply.status == 405 { headers.add(name: "Allow", value: StatusResponder.allowed) }
        if closes {
            headers.add(name: "Connection", value: "close")
        } else if head.version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        // Before it is sent: the next request, if it is here already, comes from within.
        phase = closes ? .ending : .waiting
        watch(closes ? limits.write : limits.idle)
        let answer = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        if head.method != .HEAD { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        guard closes else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        written.futureResult.whenSuccess {
            // What the client still sends would, unread, take the answer from it.
            if mustClose { bound.value.watch(bound.value.limits.grace) } else { bound.value.close() }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    private func end() {
        timer?.cancel()
        timer = nil
        // Nobody waits for it any more.
        if case .answering(_, let task) = phase { task?.cancel() }
        phase = .ending
    }

    // MARK: Time

    private func watch(_ duration: Duration) {
        timer?.cancel()
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(duration)) { bound.value.timeIsUp() }
    }

    private func timeIsUp() {
        timer = nil
        guard case .answering(let head, let task) = phase else { return close() }
        task?.cancel()
        send(StatusReply("the answer could not be made in time\n", status: 503), to: head)
    }
}

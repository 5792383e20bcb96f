import NIOCore
import NIOHTTP1
import NIOSSL

/// Stands in each connection between the HTTP client and the wire: claims the ticket of each request that passes, and
/// ends an exchange that is not complete in time.
///
/// The HTTP client's own deadline ends with the reply's head; a server that then sends a byte a minute would hold a
/// call for ever.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = HTTPClientResponsePart
    typealias OutboundIn = HTTPClientRequestPart
    typealias OutboundOut = HTTPClientRequestPart

    private let registry: ExchangeRegistry
    private var timer: Scheduled<Void>?
    private var isRefusing = false

    init(registry: ExchangeRegistry) { self.registry = registry }

    /// Makes a new connection ready: checks its certificate if one is pinned, and puts the handler in.
    ///
    /// Nothing has been sent by then. If it fails the connection is closed before the error is told, as the HTTP client
    /// forgets the connection without closing it.
    static func prepare(
        _ channel: any Channel, registry: ExchangeRegistry, pin: CertificateFingerprint?
    ) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            if let pin { try PinnedCertificateCheck.check(pipeline, against: pin) }
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPResponseDecoder>.self)
            try pipeline.addHandler(ExchangeHandler(registry: registry), position: .after(decoder))
        }.flatMapError { error in
            channel.close(promise: nil)
            return channel.closeFuture.flatMapThrowing { throw error }
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data) else {
            if isRefusing { promise?.fail(ExchangeError.withdrawn) } else { context.write(data, promise: promise) }
            return
        }
        let ticket = head.headers.first(name: ExchangeRegistry.header).flatMap(UInt64.init)
        guard let deadline = ticket.flatMap(registry.claim) else {
            // Its caller was told that it was not sent; so it is not.
            isRefusing = true
            promise?.fail(ExchangeError.withdrawn)
            context.fireErrorCaught(ExchangeError.withdrawn)
            context.close(promise: nil)
            return
        }
        head.headers.remove(name: ExchangeRegistry.header)
        timer?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: deadline) {
            let (handler, context) = bound.value
            guard handler.timer != nil else { return }
            handler.timer = nil
            context.fireErrorCaught(ExchangeError.timedOut)
            context.close(promise: nil)
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) { stopTimer() }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopTimer()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopTimer() }

    private func stopTimer() {
        timer?.cancel()
        timer = nil
    }
}

/// Why an exchange was ended on this side.
enum ExchangeError: Error, Hashable {
    /// The call was given up before its request was written.
    case withdrawn
    /// The reply was not complete in time.
    case timedOut
    /// The reply is larger than any the APIs have.
    case tooLarge
}

import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import RESTClient

@Suite("The handler that lets requests out")
struct ExchangeHandlerTests {
    private let registry = ExchangeRegistry()

    /// Notes the errors that the HTTP client would see.
    private final class Errors: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        var seen: [ExchangeError] = []

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let error = error as? ExchangeError { seen.append(error) }
        }
    }

    private func makeChannel() throws -> (EmbeddedChannel, Errors) {
        let errors = Errors()
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandlers([ExchangeHandler(registry: registry), errors])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return (channel, errors)
    }

    private func head(_ ticket: UInt64?) -> HTTPClientRequestPart {
        var headers = HTTPHeaders([("Host", "x")])
        if let ticket { headers.add(name: ExchangeRegistry.header, value: String(ticket)) }
        return .head(HTTPRequestHead(version: .http1_1, method: .POST, uri: "/", headers: headers))
    }

    @Test("a ticket is claimed or withdrawn, once")
    func tickets() {
        let first = registry.issue(deadline: .distantFuture), second = registry.issue(deadline: .distantFuture)
        #expect(first != second)
        #expect(registry.claim(first) == .distantFuture)
        #expect(!registry.withdraw(first))
        #expect(registry.withdraw(second))
        #expect(registry.claim(second) == nil)
        #expect(!registry.withdraw(second))
    }

    @Test("a request with a ticket goes out without it")
    func passes() throws {
        let (channel, _) = try makeChannel()
        let ticket = registry.issue(deadline: .distantFuture)
        try channel.writeOutbound(head(ticket))
        try channel.writeOutbound(HTTPClientRequestPart.end(nil))
        guard case .head(let sent) = try channel.readOutbound(as: HTTPClientRequestPart.self) else {
            Issue.record("no head went out")
            return
        }
        #expect(sent.headers == ["Host": "x"])
        #expect(try channel.readOutbound(as: HTTPClientRequestPart.self) == .end(nil))
        #expect(!registry.withdraw(ticket))
        _ = try channel.finish()
    }

    @Test("a request whose ticket was withdrawn, or that has none, does not go out, nor anything after it")
    func refuses() throws {
        let withdrawn = registry.issue(deadline: .distantFuture)
        #expect(registry.withdraw(withdrawn))
        for ticket in [withdrawn, nil] {
            let (channel, errors) = try makeChannel()
            #expect(throws: ExchangeError.withdrawn) { try channel.writeOutbound(head(ticket)) }
            _ = try? channel.writeOutbound(HTTPClientRequestPart.end(nil))
            #expect(try channel.readOutbound(as: HTTPClientRequestPart.self) == nil)
            #expect(errors.seen == [.withdrawn])
            #expect(!channel.isActive)
        }
    }

    @Test("a reply that is not complete by the deadline ends the connection, however it trickles")
    func deadline() throws {
        let (channel, errors) = try makeChannel()
        let ticket = registry.issue(deadline: channel.embeddedEventLoop.now + .seconds(30))
        try channel.writeOutbound(head(ticket))
        try channel.writeInbound(HTTPClientResponsePart.head(.init(version: .http1_1, status: .ok)))
        for _ in 0..<29 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: "x")))
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(errors.seen == [.timedOut])
        #expect(!channel.isActive)
    }

    @Test("after a complete reply the deadline is of no account, and the next exchange has its own")
    func complete() throws {
        let (channel, errors) = try makeChannel()
        for _ in 0..<3 {
            let ticket = registry.issue(deadline: channel.embeddedEventLoop.now + .seconds(30))
            try channel.writeOutbound(head(ticket))
            channel.embeddedEventLoop.advanceTime(by: .seconds(20))
            try channel.writeInbound(HTTPClientResponsePart.head(.init(version: .http1_1, status: .ok)))
            try channel.writeInbound(HTTPClientResponsePart.end(nil))
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(3600))
        #expect(errors.seen.isEmpty)
        #expect(channel.isActive)
        _ = try channel.finish()
    }
}

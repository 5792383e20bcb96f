import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import RESTClient

@Suite("One connection")
struct ConnectionTests {
    /// A connection without a network, and what it tells.
    private final class Bench {
        let channel = EmbeddedChannel()
        let connection: Connection
        private let log: Log

        final class Log {
            var ended: [Exchange?] = []
        }

        init() throws {
            let log = Log()
            self.log = log
            connection = Connection(handshake: nil) { _, exchange in log.ended.append(exchange) }
            try channel.pipeline.syncOperations.addHandler(connection)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        var ended: [Exchange?] { log.ended }

        func begin(_ outcome: Told, body: [UInt8]? = nil) {
            let exchange = Exchange(
                id: 1, head: HTTPRequestHead(version: .http1_1, method: .POST, uri: "/", headers: ["Host": "x"]),
                body: body, timeout: .seconds(30), isWanted: { true }
            ) { result in outcome.results.withLock { $0.append(result) } }
            exchange.deadline = channel.embeddedEventLoop.now + .seconds(30)
            connection.begin(exchange)
            connection.flush()
        }

        func answer(_ text: String = "{}", headers: HTTPHeaders = [:]) throws {
            try channel.writeInbound(
                HTTPClientResponsePart.head(.init(version: .http1_1, status: .ok, headers: headers)))
            try channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: text)))
            try channel.writeInbound(HTTPClientResponsePart.end(nil))
        }
    }

    private final class Told: Sendable {
        let results = Mutex<[Exchange.Outcome]>([])

        var count: Int { results.withLock { $0.count } }
        var replies: [String] {
            results.withLock { $0.compactMap { try? $0.get() }.map { String(decoding: $0.body, as: UTF8.self) } }
        }
        var errors: [ExchangeError] {
            results.withLock { results in
                results.compactMap { result in
                    guard case .failure(let broken) = result else { return nil }
                    #expect(broken.wasWritten)
                    return broken.error as? ExchangeError
                }
            }
        }
    }

    @Test("a request goes out whole and its reply is told once")
    func exchange() throws {
        let bench = try Bench(), told = Told()
        bench.begin(told, body: Array("[7]".utf8))
        #expect(!bench.connection.isOpen)
        guard case .head(let sent)? = try bench.channel.readOutbound(as: HTTPClientRequestPart.self) else {
            Issue.record("no head went out")
            return
        }
        #expect(sent.headers == ["Host": "x"])
        #expect(
            try bench.channel.readOutbound(as: HTTPClientRequestPart.self)
                == .body(.byteBuffer(ByteBuffer(string: "[7]"))))
        #expect(try bench.channel.readOutbound(as: HTTPClientRequestPart.self) == .end(nil))
        try bench.answer()
        #expect(told.replies == ["{}"])
        #expect(bench.ended.count == 1)
        #expect(bench.connection.isOpen)
        _ = try bench.channel.finish()
    }

    @Test("a reply that is not complete by the deadline ends the connection, however it trickles")
    func deadline() throws {
        let bench = try Bench(), told = Told()
        bench.begin(told)
        try bench.channel.writeInbound(HTTPClientResponsePart.head(.init(version: .http1_1, status: .ok)))
        for _ in 0..<29 {
            bench.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try bench.channel.writeInbound(HTTPClientResponsePart.body(ByteBuffer(string: "x")))
        }
        #expect(bench.channel.isActive)
        #expect(told.count == 0)
        bench.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(told.errors == [.timedOut])
        #expect(bench.ended.map { $0 == nil } == [false, true])
        #expect(!bench.channel.isActive)
    }

    @Test("each exchange has its own deadline, and an idle connection is closed before the console does")
    func idle() throws {
        let bench = try Bench(), told = Told()
        for _ in 0..<3 {
            bench.begin(told)
            bench.channel.embeddedEventLoop.advanceTime(by: .seconds(20))
            try bench.answer()
            bench.channel.embeddedEventLoop.advanceTime(by: .seconds(14))
            #expect(bench.connection.isOpen)
        }
        #expect(told.replies.count == 3)
        bench.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!bench.connection.isOpen)
        #expect(told.count == 3)
        // Told three times with an exchange, and once that it closed.
        #expect(bench.ended.map { $0 == nil } == [false, false, false, true])
    }

    @Test("after a reply that says so the connection is not used again")
    func closing() throws {
        let bench = try Bench(), told = Told()
        bench.begin(told)
        try bench.answer(headers: ["Connection": "close"])
        #expect(told.replies == ["{}"])
        #expect(!bench.connection.isOpen)
    }

    @Test("what a server sends unasked ends the connection")
    func unasked() throws {
        let bench = try Bench()
        try bench.channel.writeInbound(HTTPClientResponsePart.head(.init(version: .http1_1, status: .requestTimeout)))
        #expect(!bench.channel.isActive)
    }

    @Test("a reply too large to be one is refused by its head already")
    func tooLarge() throws {
        let bench = try Bench(), told = Told()
        bench.begin(told)
        try bench.channel.writeInbound(
            HTTPClientResponsePart.head(
                .init(version: .http1_1, status: .ok, headers: ["Content-Length": "100000000"])))
        #expect(told.errors == [.tooLarge])
        #expect(!bench.channel.isActive)
    }

    @Test("what cannot be begun was surely not sent")
    func closed() throws {
        let bench = try Bench(), told = Told()
        bench.connection.close()
        bench.begin(told)
        told.results.withLock { results in
            guard case .failure(let broken)? = results.first else {
                Issue.record("it did not fail")
                return
            }
            #expect(!broken.wasWritten)
        }
    }
}

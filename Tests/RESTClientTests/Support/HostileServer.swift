import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a ``HostileServer`` does with one request.
enum Answer: Sendable {
    /// A well-formed reply.
    case reply(Int, headers: [(String, String)] = [], body: String = "")
    /// These bytes, and the connection stays open.
    case raw(String)
    /// These bytes, then the end of the connection.
    case rawAndClose(String)
    /// These bytes, then one more every 10 ms, for ever.
    case dribble(String)
    /// The connection is closed without a word.
    case close
    /// The connection is reset without a word.
    case reset
    /// Nothing at all.
    case silence
    /// A well-formed reply, after which the server closes the connection that it promised to keep.
    case replyAndClose(Int, body: String)

    static func json(_ body: String, status: Int = 200) -> Answer {
        .reply(status, headers: [("Content-Type", "application/json")], body: body)
    }
}

/// What a ``HostileServer`` was asked.
struct ReceivedRequest: Sendable {
    let method: String
    let target: String
    let headers: [(name: String, value: String)]
    let body: String
    /// Which connection it came over, from 1.
    let connection: Int

    func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// A server on loopback that answers what a test tells it to, byte for byte, and remembers what it was asked.
final class HostileServer: Sendable {
    private struct State {
        var script: [Answer]
        var requests: [ReceivedRequest] = []
        var connections = 0
        var open: [ObjectIdentifier: any Channel] = [:]
        var arrivals: [AsyncStream<Void>.Continuation] = []
    }

    private final class Box: Sendable {
        let state: Mutex<State>
        init(_ script: [Answer]) { state = Mutex(State(script: script)) }

        func take(_ request: ReceivedRequest) -> Answer {
            state.withLock { state in
                state.requests.append(request)
                for continuation in state.arrivals { continuation.yield() }
                return state.script.count > 1 ? state.script.removeFirst() : state.script.first ?? .silence
            }
        }
    }

    private let box: Box
    private let listener: any Channel
    let port: Int
    let isSecure: Bool

    private init(box: Box, listener: any Channel, isSecure: Bool) {
        self.box = box
        self.listener = listener
        self.isSecure = isSecure
        port = listener.localAddress?.port ?? 0
    }

    /// Runs `body` with a server that is gone afterwards.
    ///
    /// - Parameters:
    ///   - script: the answers, in order of the requests; the last one is repeated.
    ///   - tls: the server's certificate and key; without, it speaks plain http.
    ///   - socket: a bound socket that listens from now on, instead of a new one.
    ///   - greeting: what each connection gets before it has asked anything.
    static func with<Result>(
        _ script: [Answer], tls: NIOSSLContext? = nil, socket: NIOBSDSocket.Handle? = nil, greeting: String? = nil,
        _ body: (HostileServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(script, tls: tls, socket: socket, greeting: greeting)
        do {
            let result = try await body(server)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    static func start(
        _ script: [Answer], tls: NIOSSLContext? = nil, socket: NIOBSDSocket.Handle? = nil, greeting: String? = nil
    ) async throws -> HostileServer {
        let box = Box(script)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = box.state.withLock { state in
                        state.connections += 1
                        state.open[ObjectIdentifier(channel)] = channel
                        return state.connections
                    }
                    channel.closeFuture.whenComplete { _ in
                        box.state.withLock { $0.open[ObjectIdentifier(channel)] = nil }
                    }
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(
                        Connection(number: number, greeting: greeting) { box.take($0) })
                }
            }
        let listener =
            if let socket {
                try await bootstrap.withBoundSocket(socket).get()
            } else {
                try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            }
        return HostileServer(box: box, listener: listener, isSecure: tls != nil)
    }

    func stop() async {
        try? await listener.close()
        for channel in box.state.withLock({ Array($0.open.values) }) { try? await channel.close() }
    }

    /// The URL of the server.
    var url: String { "\(isSecure ? "https" : "http")://127.0.0.1:\(port)" }
    /// What it was asked so far.
    var requests: [ReceivedRequest] { box.state.withLock { $0.requests } }
    /// How many connections were made so far.
    var connections: Int { box.state.withLock { $0.connections } }

    /// Waits until it has been asked at least so many times.
    func waitForRequests(_ count: Int) async {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        box.state.withLock { $0.arrivals.append(continuation) }
        var arrivals = stream.makeAsyncIterator()
        while requests.count < count { await arrivals.next() }
    }
}

/// One connection: gathers a request, carries out its answer.
private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let greeting: String?
    private let answer: (ReceivedRequest) -> Answer
    private var received: [UInt8] = []

    init(number: Int, greeting: String?, answer: @escaping (ReceivedRequest) -> Answer) {
        self.number = number
        self.greeting = greeting
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        if let greeting { send(context, greeting) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.append(contentsOf: unwrapInboundIn(data).readableBytesView)
        while let request = nextRequest() { carryOut(answer(request), context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func nextRequest() -> ReceivedRequest? {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: String(parts[0]), value: String(parts.last?.drop { $0 == " " } ?? ""))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        guard received.count >= end.upperBound + length else { return nil }
        let body = String(decoding: received[end.upperBound..<end.upperBound + length], as: UTF8.self)
        received.removeFirst(end.upperBound + length)
        let words = lines[0].split(separator: " ").map(String.init)
        return ReceivedRequest(method: words[0], target: words[1], headers: headers, body: body, connection: number)
    }

    private func carryOut(_ answer: Answer, _ context: ChannelHandlerContext) {
        switch answer {
        case .reply(let status, let headers, let body): send(context, Self.reply(status, headers, body))
        case .replyAndClose(let status, let body):
            send(context, Self.reply(status, [], body))
            context.close(promise: nil)
        case .raw(let text): send(context, text)
        case .rawAndClose(let text):
            send(context, text)
            context.close(promise: nil)
        case .dribble(let text):
            send(context, text)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            let task = context.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(10)) { _ in
                let context = bound.value
                context.writeAndFlush(NIOAny(context.channel.allocator.buffer(string: " ")), promise: nil)
            }
            context.channel.closeFuture.whenComplete { _ in task.cancel() }
        case .close: context.close(promise: nil)
        case .reset:
            // An end without lingering is a reset.
            let channel = context.channel
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
                channel.close(promise: nil)
            }
        case .silence: break
        }
    }

    private func send(_ context: ChannelHandlerContext, _ text: String) {
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
    }

    private static func reply(_ status: Int, _ headers: [(String, String)], _ body: String) -> String {
        let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        return "HTTP/1.1 \(status) Scripted\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}

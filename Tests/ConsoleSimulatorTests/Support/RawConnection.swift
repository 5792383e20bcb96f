import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// A TCP connection that sends bytes and shows what came back and how it ended.
enum RawConnection {
    /// What the other side did.
    struct Outcome: Sendable {
        let bytes: [UInt8]
        /// Whether the connection broke instead of ending in order.
        let wasReset: Bool

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Sends a request to `http://host:port` and reads until the connection ends.
    static func send(_ request: String, to url: String) async throws -> Outcome {
        try await send(request, port: try #require(url.split(separator: ":").last.flatMap { Int($0) })) { _ in }
    }

    /// Sends a request over TLS to this machine, which calls itself `name`, and reads until the connection ends.
    static func sendTLS(
        _ request: String, port: Int, name: String, _ configuration: TLSConfiguration
    ) async throws -> Outcome {
        let context = try NIOSSLContext(configuration: configuration)
        return try await send(request, port: port) { channel in
            // An address is no server name, but is checked against the certificate all the same.
            let serverName = name.contains(where: \.isLetter) ? name : nil
            try channel.pipeline.syncOperations.addHandler(
                NIOSSLClientHandler(context: context, serverHostname: serverName))
        }
    }

    private static func send(
        _ request: String, port: Int, prepare: @escaping @Sendable (any Channel) throws -> Void
    ) async throws -> Outcome {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: request))
            var bytes: [UInt8] = []
            do {
                for try await buffer in inbound { bytes.append(contentsOf: buffer.readableBytesView) }
                return Outcome(bytes: bytes, wasReset: false)
            } catch let error as IOError {
                #expect(error.errnoCode == 104, "not ECONNRESET: \(error)")
                return Outcome(bytes: bytes, wasReset: true)
            }
        }
    }

    /// The text of a request that asks for the connection to be closed after the answer.
    static func request(_ method: String, _ target: String, user: String, password: String) -> String {
        let lines = [
            "\(method) \(target) HTTP/1.1", "Host: localhost", "Connection: close",
            "Authorization: Basic \(base64("\(user):\(password)"))", "Content-Length: 0",
        ]
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// A connection that stays open between requests.
    final class Open: Sendable {
        private let channel: any Channel
        private let first: EventLoopFuture<String>

        /// Connects to `http://host:port`.
        init(to url: String) async throws {
            let port = try #require(url.split(separator: ":").last.flatMap { Int($0) })
            let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
            first = promise.futureResult
            do {
                channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(FirstRead(promise: promise))
                        }
                    }
                    .connect(host: "127.0.0.1", port: port).get()
            } catch {
                promise.fail(error)
                throw error
            }
        }

        /// Sends a request and answers what is read first.
        func exchange(_ request: String) async throws -> String {
            try await channel.writeAndFlush(ByteBuffer(string: request))
            return try await first.get()
        }

        /// Waits until the other side has ended the connection.
        func waitUntilClosed() async throws { try await channel.closeFuture.get() }
    }

    private final class FirstRead: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let promise: EventLoopPromise<String>

        init(promise: EventLoopPromise<String>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            promise.succeed(String(buffer: unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise.fail(ChannelError.eof)
            context.fireChannelInactive()
        }
    }
}

import NIOCore
import NIOHTTP1
import NIOPosix
import Operations
import Testing

@testable import RESTClient

@Suite("Opening a connection")
struct ConnectorTests {
    /// Knows one name with two addresses.
    private struct TwoAddresses: Resolver, Sendable {
        let loop: any EventLoop
        let first: SocketAddress, second: SocketAddress

        func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
            loop.makeSucceededFuture([first])
        }
        func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
            loop.makeSucceededFuture([second])
        }
        func cancelQueries() {}
    }

    /// Sends one request and tells the status of its reply.
    private func ask(_ target: ServiceTarget, _ resolver: TwoAddresses) async throws -> Int {
        let loop = resolver.loop
        let pool = NIOLoopBoundBox.makeBoxSendingValue(
            ConnectionPool(loop: loop, connector: try Connector(target, resolver: resolver), limit: 1), eventLoop: loop)
        let outcome = await withCheckedContinuation { (continuation: CheckedContinuation<Exchange.Outcome, Never>) in
            loop.execute {
                pool.value.submit(
                    Exchange(
                        id: 1, head: .init(version: .http1_1, method: .GET, uri: "/", headers: ["Host": "x"]),
                        body: nil, timeout: .seconds(20), isWanted: { true }
                    ) { continuation.resume(returning: $0) })
            }
        }
        try await loop.submit { pool.value.shutDown() }.get()
        return try outcome.get().status
    }

    @Test("takes another of a name's addresses where one refuses", arguments: [false, true])
    func severalAddresses(isSecure: Bool) async throws {
        let certificate = try TestCertificate()
        let tls = isSecure ? try certificate.serverContext() : nil
        try await HostileServer.with([.json("{}")], tls: tls) { server in
            let closed = try ClosedPort()
            let resolver = TwoAddresses(
                loop: MultiThreadedEventLoopGroup.singleton.any(),
                first: try SocketAddress(ipAddress: "127.0.0.1", port: closed.port),
                second: try SocketAddress(ipAddress: "127.0.0.1", port: server.port))
            let target = try ServiceTarget(
                .console, url: "\(isSecure ? "https" : "http")://localhost:\(server.port)", credentials: .console,
                trust: isSecure ? .pinned(certificate.fingerprint) : .system)
            #expect(try await ask(target, resolver) == 200)
        }
    }
}

import NIOCore
import NIOPosix
import NIOSSL
public import Operations

/// Looks at a server's certificate: for a person to decide on, before anything is entrusted to the server.
public enum CertificateProbe {
    /// Connects, takes the certificate out of the handshake and breaks the handshake off: nothing is sent.
    ///
    /// - Parameters:
    ///   - url: the server's URL, as in a target; https only.
    ///   - service: what answers there. Default: the console.
    ///   - timeout: Default: 10 s.
    /// - Throws: ``TargetError`` if the URL cannot be right, nothing answers, or what answers does not speak TLS.
    public static func fetch(
        url: String, service: Service = .console, timeout: Duration = .seconds(10)
    ) async throws(TargetError) -> ServerCertificate {
        let address = try ServiceAddress(url, service: service)
        guard address.isSecure else { throw TargetError("\(address) is plain http: it has no certificate to trust") }
        do { return try await fetch(address, timeout: timeout) } catch {
            throw TargetError(
                ConnectionFailure(service: service, address: address, trust: .system)
                    .describe(error, wasWritten: false, timeout: timeout).message)
        }
    }

    private static func fetch(_ address: ServiceAddress, timeout: Duration) async throws -> ServerCertificate {
        var configuration = TLSConfiguration.makeClientConfiguration()
        // Older versions too: the certificate is only looked at.
        configuration.minimumTLSVersion = .tlsv1
        let context = try NIOSSLContext(configuration: configuration)
        let isAddress = (try? SocketAddress(ipAddress: address.host, port: address.port)) != nil
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let captured = loop.makePromise(of: NIOSSLCertificate.self)
        let timer = loop.scheduleTask(in: TimeAmount(timeout)) {
            captured.fail(ChannelError.connectTimeout(TimeAmount(timeout)))
        }
        let connection = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(
                        context: context, serverHostname: isAddress ? nil : address.host
                    ) { (certificates, verdict: EventLoopPromise<NIOSSLVerificationResult>) in
                        if let certificate = certificates.first { captured.succeed(certificate) }
                        verdict.succeed(.failed)
                    }
                    try channel.pipeline.syncOperations.addHandlers([handler, FailureForwarder(captured)])
                }
            }
            .connect(host: address.host, port: address.port)
        connection.cascadeFailure(to: captured)
        defer {
            timer.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        return try ServerCertificate(try await captured.futureResult.get())
    }
}

/// Tells of a handshake that ended before there was a certificate. After one it is too late to matter.
private final class FailureForwarder: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let promise: EventLoopPromise<NIOSSLCertificate>

    init(_ promise: EventLoopPromise<NIOSSLCertificate>) { self.promise = promise }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }

    func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
}

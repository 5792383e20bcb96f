import CommandSupport
import NIOCore
import NIOHTTP1
import Glibc
import NIOPosix
import ServiceLifecycle

/// Tells whoever asks on this machine how the daemon is: a small HTTP server, on loopback or at a Unix socket.
///
/// It listens and answers from ``open(_:paths:on:limits:answer:)`` on. Either ``run()`` or ``close()`` must end it.
final class StatusServer: Service, CustomStringConvertible {
    /// Where it listens, with the port that it has.
    let address: StatusAddress
    private let listener: any Channel
    private let file: UnixSocketFile?
    private let connections: NIOLoopBound<StatusConnections>
    private let grace: Duration

    private init(
        _ address: StatusAddress, _ listener: any Channel, _ file: UnixSocketFile?,
        _ connections: NIOLoopBound<StatusConnections>, grace: Duration
    ) {
        self.address = address
        self.listener = listener
        self.file = file
        self.connections = connections
        self.grace = grace
    }

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - paths: what there is, such as `/metrics`; anything else is answered by a list of them.
    ///   - group: carries the server, on one of its loops.
    ///   - limits: Default: see ``StatusLimits``.
    ///   - answer: gives the answer for one of the paths. Its task is cancelled if nobody waits for it any more.
    /// - Throws: ``CommandError`` if the address cannot be had.
    static func open(
        _ address: StatusAddress, paths: [String], on group: any EventLoopGroup, limits: StatusLimits = StatusLimits(),
        answer: @escaping @Sendable (_ path: String) async -> StatusReply
    ) async throws(CommandError) -> StatusServer {
        let loop = group.next()
        let connections = NIOLoopBoundBox.makeBoxSendingValue(
            StatusConnections(limit: limits.connections), eventLoop: loop)
        let isTCP = if case .tcp = address { true } else { false }
        let responder = StatusResponder(paths: paths, checksHost: isTCP, answer: answer)
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connections = connections.value
                    let connection = StatusConnection(responder, limits: limits) { connections.remove($0) }
                    try add(connection, to: channel.pipeline.syncOperations, limits)
                    connections.add(connection)
                }
            }
        let listener: any Channel
        var file: UnixSocketFile?
        switch address {
        case .tcp(let host, let port):
            do { listener = try await bootstrap.bind(host: host, port: port).get() } catch {
                throw failure(error, address)
            }
        case .unix(let path):
            let socket = try UnixSocketFile.open(path)
            file = socket.file
            do { listener = try await bootstrap.withBoundSocket(socket.descriptor).get() } catch {
                socket.file.remove()
                throw failure(error, address)
            }
        }
        var bound = address
        if case .tcp(let host, _) = address, let port = listener.localAddress?.port {
            bound = .tcp(host: host, port: port)
        }
        let all: NIOLoopBound<StatusConnections>
        do { all = try await loop.submit { NIOLoopBound(connections.value, eventLoop: loop) }.get() } catch {
            throw failure(error, address)
        }
        return StatusServer(bound, listener, file, all, grace: limits.grace)
    }

    /// Serves until the task is cancelled or the services are shut down gracefully. Answers under way are finished then,
    /// for a moment.
    func run() async throws {
        await withTaskCancellationOrGracefulShutdownHandler {
            // A listener has nothing to fail by once it listens; whatever ends it ends this.
            try? await listener.closeFuture.get()
        } onCancelOrGracefulShutdown: {
            self.listener.close(promise: nil)
        }
        await close()
    }

    /// Ends it. To be called if ``run()`` was not; once more does no harm.
    func close() async {
        listener.close(promise: nil)
        try? await listener.closeFuture.get()
        file?.remove()
        let (connections, grace) = (connections, TimeAmount(grace))
        try? await listener.eventLoop.flatSubmit { connections.value.end(on: self.listener.eventLoop, within: grace) }
            .get()
    }

    /// What logs call it.
    var description: String { "status page at \(address)" }

    private static func add(
        _ connection: StatusConnection, to pipeline: ChannelPipeline.SynchronousOperations, _ limits: StatusLimits
    ) throws {
        var headers = NIOHTTPDecoderLimitConfiguration()
        headers.maxHeaderFieldSize = limits.headerBytes
        headers.maxHeaderListSize = limits.headerBytes
        headers.maxHeaderFieldCount = 100
        try pipeline.addHandlers([
            HTTPResponseEncoder(),
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: headers)),
            HTTPServerPipelineHandler(), connection,
        ])
    }

    private static func failure(_ error: any Error, _ address: StatusAddress) -> CommandError {
        let reason: String
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE?:
            reason =
                "another program listens there, it may be another 'runbook serve': stop it, or choose another port; port 0 "
                + "takes a free one"
        case EACCES?, EPERM?: reason = "only root may listen on ports below 1024: choose another one"
        case EADDRNOTAVAIL?, EAFNOSUPPORT?: reason = "this machine has no such address: try 127.0.0.1"
        case let number?: reason = FileFailure(errno: number).reason
        case nil: reason = "\(error)"
        }
        return CommandError("the status page cannot be served at \(address): \(reason)", code: .failed)
    }
}

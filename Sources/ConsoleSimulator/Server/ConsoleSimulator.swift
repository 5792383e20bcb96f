internal import ConsoleModel
internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// An InsightVM console and an Xpanse tenant on one port, in memory.
///
/// ```swift
/// try await ConsoleSimulator.withRunning(.init(users: 20)) { info in
///     // talk to info.url with info.user and info.password
/// }
/// ```
///
/// It answers the 32 user-administration operations of the console, the four role operations of Xpanse, and
/// `GET /_simulator/ledger`: with the administrator's credentials, every change that was carried out, oldest first, as
/// a JSON array of `{"seq", "time", "method", "path", "operation", "status"}`. A change counts as carried out when it
/// was answered with 2xx, whether or not the answer arrived. The ledger suffers no faults and no latency.
///
/// Where the vendors document nothing, it chooses:
/// - A page size over 500 is answered as 500. A page beyond the end is empty.
/// - A permission that is missing is 401. Whoever is not a global administrator may read the own account, the roles, the
///   privileges and the authentication sources, and change the own password.
/// - Unlocking a disabled account is 400; one that is not locked is 200. Failed logins lock nobody.
/// - An account with a second factor sends the six digits of its seed (RFC 6238: SHA-1, 30 seconds, one step of
///   tolerance) in the header `Token`. Accounts of a directory have no second factor; those of single sign-on cannot log
///   in with a password.
/// - Replacing a user keeps the password if none is given, and puts everything else that is left out back to its default.
/// - An unknown site or asset group is 404, a role in use or built in 400, an identifier that is no number 400, a method
///   that a path does not have 405.
/// - Xpanse answers 500 to unknown roles and users and then changes nothing, and 403 to the role `Account Admin`.
public struct ConsoleSimulator: Sendable {
    private let configuration: SimulatorConfiguration
    private let core: SimulatorCore

    /// A simulator with its data, not yet listening.
    public init(configuration: SimulatorConfiguration = SimulatorConfiguration()) {
        self.configuration = configuration
        let wishes = DataSet.Wishes(
            users: configuration.users, lockedFraction: configuration.lockedFraction,
            lockedInRole: configuration.lockedInRole.map { DataSet.LockedRole(role: $0.role, count: $0.count) },
            oddities: configuration.oddities, xpanseUsers: configuration.xpanseUsers)
        let settings = Simulation.Settings(
            writesRoleTextAsObjects: configuration.writesRoleTextAsObjects,
            writesCountsAsText: configuration.writesCountsAsText, acceptedToken: configuration.acceptedToken)
        let faults = SplitMix64(seed: configuration.seed, purpose: "faults")
        core = SimulatorCore(
            Simulation(seed: configuration.seed, wishes: wishes, settings: settings),
            faults: FaultSource(configuration.faults, random: faults))
    }

    /// The password that a user of the data set logs in with, by login. Users made later have the one they were given.
    public static func password(login: String) -> String { DataSet.password(login: login) }

    /// Serves until the task is cancelled, then closes every connection and returns.
    ///
    /// - Parameter onReady: called once, when the port accepts connections.
    /// - Throws: ``SimulatorError`` if it cannot listen.
    public func run(onReady: @escaping @Sendable (SimulatorInfo) async -> Void) async throws {
        guard (0...65535).contains(configuration.port) else { throw cannotListen("ports are from 0 to 65535") }
        let certificate = try configuration.tls ? makeCertificate() : nil
        // Threads of its own: ending them ends every connection, also those that were never served.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: System.coreCount)
        do {
            try await serve(certificate, threads, onReady)
        } catch {
            try? await Self.shutDown(threads)
            throw error
        }
        try await Self.shutDown(threads)
    }

    /// Ends the threads after what the application leaves on them: its last parts go with its last tasks.
    private static func shutDown(_ threads: MultiThreadedEventLoopGroup) async throws {
        for _ in 1...3 {
            await Task.yield()
            for loop in threads.makeIterator() { try await loop.submit {}.get() }
        }
        try await threads.shutdownGracefully()
    }

    /// Makes an application and serves with it; nothing holds it afterwards.
    private func serve(
        _ certificate: SelfSignedCertificate?, _ threads: MultiThreadedEventLoopGroup,
        _ onReady: @escaping @Sendable (SimulatorInfo) async -> Void
    ) async throws {
        let listener = Listener(threads)
        let application = try application(
            certificate: certificate, threads: .shared(threads), onListening: { listener.began($0) }, onReady: onReady)
        let serving = Task { try await application.run() }
        let outcome = await withTaskCancellationHandler {
            do { return Result<Void, any Error>.success(try await served(serving, listener)) } catch {
                return .failure(error)
            }
        } onCancel: {
            // A connection that was accepted and is not served yet when the server is cancelled ends the program.
            listener.close { serving.cancel() }
        }
        await listener.waitUntilClosed()
        try outcome.get()
    }

    private func served(_ serving: Task<Void, any Error>, _ listener: Listener) async throws {
        do {
            try await serving.value
        } catch is CancellationError {
            return
        } catch _ where listener.isClosed {
            return  // it ended because it was told to
        } catch let error as IOError {
            throw cannotListen(String(cString: strerror(error.errnoCode)))
        } catch is SocketAddressError.UnknownHost {
            throw cannotListen("there is no such address")
        } catch let error as SocketAddressError {
            throw cannotListen(String(describing: error))
        }
    }

    private func cannotListen(_ reason: String) -> SimulatorError {
        SimulatorError(
            "The simulator cannot listen on \(configuration.host) port \(configuration.port): \(reason). "
                + "Choose another address or port; port 0 takes a free one.")
    }

    /// Runs a simulator as long as `body` runs.
    public static func withRunning<Result: Sendable>(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(),
        _ body: (SimulatorInfo) async throws -> Result
    ) async throws -> Result {
        let simulator = ConsoleSimulator(configuration: configuration)
        let (ready, continuation) = AsyncThrowingStream.makeStream(of: SimulatorInfo.self)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    try await simulator.run { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            defer { group.cancelAll() }
            for try await info in ready { return try await body(info) }
            throw CancellationError()
        }
    }

    /// The server, ready to be run; tests send requests to it without a port.
    func application(
        certificate: SelfSignedCertificate? = nil, threads: EventLoopGroupProvider = .singleton,
        onListening: @escaping @Sendable (any Channel) -> Void = { _ in },
        onReady: @escaping @Sendable (SimulatorInfo) async -> Void = { _ in }
    ) throws -> Application<SimulatorResponder> {
        let configuration = configuration
        let core = core
        return Application(
            responder: SimulatorResponder(core: core, configuration: configuration),
            server: try Self.server(certificate),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), backlog: 1024),
            onServerRunning: { channel in
                onListening(channel)
                let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
                let port = channel.localAddress?.port ?? configuration.port
                let url = "\(certificate == nil ? "http" : "https")://\(host):\(port)"
                core.listen(at: url)
                await onReady(core.info(url: url, certificate: certificate?.certificate))
            },
            eventLoopGroupProvider: threads, logger: configuration.logger)
    }

    private func makeCertificate() throws -> SelfSignedCertificate {
        try SelfSignedCertificate(host: configuration.host, now: configuration.clock.now)
    }

    private static func server(_ certificate: SelfSignedCertificate?) throws -> HTTPServerBuilder {
        guard let certificate else { return .http1() }
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.certificate.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(certificate.privateKey.utf8), format: .pem)
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        tls.minimumTLSVersion = .tlsv12
        tls.applicationProtocols = ["http/1.1"]
        return try .tls(.http1(), tlsConfiguration: tls)
    }
}

import Logging
import Operations
import RESTClient
import Synchronization

extension Credentials {
    static let console = Credentials.basic(user: "nadia", password: SecretValue("hunter2-secret"))
    static let standardKey = Credentials.xpanse(keyID: "12", key: SecretValue("std-key-secret"), type: .standard)
    static let advancedKey = Credentials.xpanse(keyID: "13", key: SecretValue("adv-key-secret"), type: .advanced)
}

/// Runs `body` with a transport that is shut down afterwards.
func withTransport<Result>(
    to url: String, _ credentials: Credentials = .console, trust: TLSTrust = .system,
    timeout: Duration = .seconds(20), concurrency: Int = 16, retry: RetryPolicy = RetryPolicy(),
    clock: any TransportClock = VirtualClock(), random: @escaping @Sendable () -> UInt64 = RESTTransport.systemRandom,
    logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
    _ body: (RESTTransport) async throws -> Result
) async throws -> Result {
    let service: Service = if case .basic = credentials { .console } else { .xpanse }
    let target = Target(
        name: "test",
        services: [
            try ServiceTarget(
                service, url: url, credentials: credentials, trust: trust, timeout: timeout, concurrency: concurrency)
        ])
    let transport = RESTTransport(target: target, retry: retry, clock: clock, random: random, logger: logger)
    do {
        let result = try await body(transport)
        await transport.shutdown()
        return result
    } catch {
        await transport.shutdown()
        throw error
    }
}

/// Sends one call to a server with this script.
///
/// - Returns: the reply or the error, and the server.
func answer(
    _ script: [Answer], to call: OperationCall, retry: RetryPolicy = .never, timeout: Duration = .seconds(20),
    clock: VirtualClock = VirtualClock()
) async throws -> (result: Result<OperationReply, APIError>, requests: [ReceivedRequest]) {
    let credentials: Credentials = call.operation.endpoint?.service == .xpanse ? .standardKey : .console
    return try await HostileServer.with(script) { server in
        try await withTransport(to: server.url, credentials, timeout: timeout, retry: retry, clock: clock) {
            transport in
            do throws(APIError) {
                return (.success(try await transport.send(call)), server.requests)
            } catch { return (.failure(error), server.requests) }
        }
    }
}

extension Result where Failure == APIError {
    /// The error, if this is one.
    var error: APIError? {
        if case .failure(let error) = self { return error }
        return nil
    }
}

extension OperationReply {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension RESTTransport {
    /// The error of a call, or `nil` if it succeeds.
    func failure(of call: OperationCall) async -> APIError? {
        do throws(APIError) {
            _ = try await send(call)
            return nil
        } catch { return error }
    }
}

public import Logging
public import NIOCore
import NIOHTTP1
public import Operations

/// Sends calls over HTTPS to the services of a target, and retries by what each operation may do to the world.
///
/// | what went wrong | `read` | `idempotent` | `reconcilable`, `unsafe` |
/// |---|---|---|---|
/// | no connection: refused, no such host, no answer in time, broken off in the TLS handshake | again | again | again |
/// | an untrusted certificate, a redirect, a reply that is not the API's | – | – | – |
/// | the connection broke, or no answer in time, after the request was written | again | again | – |
/// | 429; 503 with `Retry-After` | again | again | again |
/// | 408, 502, 503, 504 | again | again | – |
/// | 500 of the console | again | – | – |
/// | 500 of Xpanse, every other status | – | – | – |
///
/// Whether a request was written is known, not guessed (`APIError.delivery`). None is sent twice unless this table
/// says so: one that meets a connection the server has closed fails.
///
/// Redirects are not followed, compression is not asked for, and no proxy is used.
public final class RESTTransport: Transport {
    /// The target.
    public let target: Target

    private let sessions: [Service: ServiceSession]
    private let retry: RetryPolicy
    private let clock: any TransportClock
    private let random: @Sendable () -> UInt64
    private let logger: Logger

    /// A transport. It opens nothing and starts no thread until the first call.
    ///
    /// - Parameters:
    ///   - target: where to send, and how to log in.
    ///   - retry: Default: four attempts within two minutes; see ``RetryPolicy``.
    ///   - clock: what waits and signatures go by. Default: the machine's.
    ///   - random: 64 random bits each time, fit for cryptography, for nonces and for the jitter of waits. Default: the
    ///     system's generator.
    ///   - logger: told each attempt at debug, without headers and bodies.
    ///   - eventLoopGroup: what the connections run on. Default: the process's shared one.
    ///   - userAgent: who the servers' logs name. Default: `runbook`.
    public init(
        target: Target, retry: RetryPolicy = RetryPolicy(), clock: any TransportClock = SystemTransportClock(),
        random: @escaping @Sendable () -> UInt64 = RESTTransport.systemRandom, logger: Logger,
        eventLoopGroup: (any EventLoopGroup)? = nil, userAgent: String = "runbook"
    ) {
        self.target = target
        self.retry = retry
        self.clock = clock
        self.random = random
        self.logger = logger
        sessions = target.services.mapValues { service in
            ServiceSession(
                service, targetName: target.name,
                signer: RequestSigner(service.credentials, clock: clock, random: random),
                userAgent: userAgent, eventLoopGroup: eventLoopGroup)
        }
    }

    /// 64 bits of the system's cryptographic generator.
    public static let systemRandom: @Sendable () -> UInt64 = {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// The credentials of all services, also in the form in which headers carry them.
    public var secrets: [SecretValue] {
        target.services.values.flatMap { $0.credentials.secrets.map { SecretValue($0) } }
    }

    /// Closes every connection. Calls under way fail, later ones too.
    public func shutdown() async {
        for session in sessions.values { await session.shutdown() }
    }

    /// Sends a call, again if its effect class and the failure allow it.
    ///
    /// A DELETE whose first attempt went unanswered and whose next one is told 404 has succeeded, if its path names
    /// what is deleted: it is answered with status 200 and no body.
    ///
    /// - Throws: `APIError`. A cancelled call has the kind `network`.
    public func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        try await send(call) { true }
    }

    /// The same, as long as the call is wanted: one that waits behind others for a connection is dropped when it is not.
    public func send(
        _ call: OperationCall, isWanted: @escaping @Sendable () -> Bool
    ) async throws(APIError) -> OperationReply {
        let operation = call.operation
        guard let request = OperationRequest(call) else {
            throw APIError(
                .invalidArgument, operation: operation.name,
                message: "\(operation.name) is not sent over HTTP: the program that registered it must handle it")
        }
        guard let session = sessions[request.service] else {
            let prefix = request.service == .xpanse ? "RUNBOOK_XPANSE" : "RUNBOOK_CONSOLE"
            throw APIError(
                .network, operation: operation.name,
                message:
                    "the target '\(target.name)' has no \(request.service): set \(prefix)_URL and its credentials, or "
                    + "name a target that has one")
        }
        let start = clock.now
        var mayHaveArrived = false
        var attempt = 1
        while true {
            let failure: AttemptFailure
            do throws(AttemptFailure) {
                return try await self.attempt(call, request, session, number: attempt, isWanted)
            } catch { failure = error }
            if mayHaveArrived, failure.kind == .notFound, operation.namesWhatItDeletes {
                return OperationReply(body: [], attempts: attempt)
            }
            if failure.delivery == .unknown { mayHaveArrived = true }
            let delay =
                failure.repetition.allows(operation.effect)
                ? retry.delay(
                    afterAttempt: attempt, retryAfter: failure.retryAfter, elapsed: clock.now - start, random: random())
                : nil
            guard let delay else {
                throw error(failure, call, attempts: attempt, mayHaveArrived: mayHaveArrived)
            }
            do { try await clock.sleep(for: delay) } catch {
                var cancelled = failure
                cancelled.message += ". The call was cancelled before the next attempt"
                throw self.error(cancelled, call, attempts: attempt, mayHaveArrived: mayHaveArrived)
            }
            attempt += 1
        }
    }

    private func attempt(
        _ call: OperationCall, _ request: OperationRequest, _ session: ServiceSession, number: Int,
        _ isWanted: @escaping @Sendable () -> Bool
    ) async throws(AttemptFailure) -> OperationReply {
        let timeout = call.timeout ?? session.target.timeout
        let begin = clock.now
        func log(_ outcome: String) {
            logger.debug(
                "request ended",
                metadata: [
                    "operation": "\(call.operation.name)", "method": "\(request.method.rawValue)",
                    "path": "\(request.target)", "outcome": "\(outcome)", "attempt": "\(number)",
                    "ms": "\((clock.now - begin) / .milliseconds(1))",
                ])
        }
        let reply: Exchange.Reply
        do throws(Exchange.Broken) {
            reply = try await session.exchange(request, timeout: timeout, isWanted: isWanted)
        } catch {
            // A reply that broke off after an error's status was an answer; its status says all that matters.
            guard let begun = error.reply, !(200..<300).contains(begun.status), !(error.error is CancellationError)
            else {
                let failure = describe(error, session, timeout: timeout)
                if logger.logLevel <= .debug { log(failure.delivery.rawValue) }
                throw failure
            }
            reply = begun
        }
        if logger.logLevel <= .debug { log(String(reply.status)) }
        let retryAfter = reply.status >= 400 ? reply.headers.first(name: "retry-after") : nil
        // Only failures are worth the search for the call's own secrets.
        let failure = session.replyFailure.examine(
            ReplyFailure.Reply(
                call: call, status: reply.status, contentEncoding: reply.headers.first(name: "content-encoding"),
                location: reply.headers.first(name: "location"), body: reply.body,
                redaction: (200..<300).contains(reply.status) ? session.redaction : session.redaction.adding(call),
                hasLoggedIn: session.hasLoggedIn,
                retryAfter: retryAfter.flatMap { RetryAfter.delay($0, unixMilliseconds: clock.unixMilliseconds) }))
        if let failure { throw failure }
        session.hasLoggedIn = true
        return OperationReply(status: reply.status, body: reply.body, attempts: number)
    }

    private func describe(
        _ broken: Exchange.Broken, _ session: ServiceSession, timeout: Duration
    ) -> AttemptFailure {
        var failure = session.connectionFailure.describe(broken.error, wasWritten: broken.wasWritten, timeout: timeout)
        failure.status = broken.reply?.status
        return failure
    }

    private func error(
        _ failure: AttemptFailure, _ call: OperationCall, attempts: Int, mayHaveArrived: Bool
    ) -> APIError {
        var message = failure.message
        if attempts > 1 { message += ". Tried \(attempts) times" }
        var delivery = failure.delivery
        if mayHaveArrived, call.operation.effect.isChange {
            delivery = .unknown
            message += ". Whether the change was made is not known"
        }
        return APIError(
            failure.kind, status: failure.status, operation: call.operation.name, message: message,
            details: failure.details, delivery: delivery)
    }
}

extension Operation {
    /// Whether a 404 tells that what the operation deletes is gone: `DELETE /users/{id}`, not `DELETE /users/{id}/lock`,
    /// where it would tell that there is no such user.
    fileprivate var namesWhatItDeletes: Bool { endpoint?.method == .delete && endpoint?.path.last == "}" }
}

import CommandSupport
import NIOCore
import Operations
import RESTClient

/// Tells hooks.
///
/// ```swift
/// let sender = HookSender(group: loop.group, signer: try HookKey.signer(stateDirectory: directory), environment: environment)
/// switch await sender.tell(message, to: try FailureHook(hook.destination)).outcome { … }
/// ```
struct HookSender: Sendable {
    /// The longest wait that a receiver can ask for: an hour.
    static let longestWait = Duration.seconds(3600)

    private let client: WebhookClient
    private let signer: WebhookSigner
    private let environment: [String: String]
    private let programTimeout: Duration
    private let redact: @Sendable (String) -> String
    private let unixMilliseconds: @Sendable () -> Int64

    /// What tells hooks.
    ///
    /// - Parameters:
    ///   - group: carries the connections.
    ///   - signer: see ``HookKey``.
    ///   - environment: the variables of this program; a hook's program gets those of ``HookProgram/reduced(_:)``.
    ///   - programTimeout: how long a program may take. Default: 30 s.
    ///   - webhookTimeout: how long a webhook may take. Default: 10 s.
    ///   - trust: how a webhook's certificate is checked. Default: the system's authorities.
    ///   - unixMilliseconds: since 1970. Default: the machine's clock.
    ///   - redact: takes out of each text of a message what is secret. Default: nothing.
    init(
        group: any EventLoopGroup, signer: WebhookSigner, environment: [String: String],
        programTimeout: Duration = .seconds(30), webhookTimeout: Duration = .seconds(10), trust: TLSTrust = .system,
        unixMilliseconds: @escaping @Sendable () -> Int64 = { Timestamp.now.unixMilliseconds },
        redact: @escaping @Sendable (String) -> String = { $0 }
    ) {
        client = WebhookClient(
            group: group, userAgent: "runbook/\(programVersion)", timeout: webhookTimeout, trust: trust)
        self.signer = signer
        self.environment = environment
        self.programTimeout = programTimeout
        self.redact = redact
        self.unixMilliseconds = unixMilliseconds
    }

    /// Tells a hook once. What it reports holds no secret.
    func tell(_ message: HookMessage, to hook: FailureHook) async -> HookReport {
        let body = redacted(message.body).bytes()
        switch hook {
        case .command(let words):
            var report = await HookProgram(words, environment: environment, timeout: programTimeout).run(
                [
                    EnvironmentVariable.hookEvent.name: message.event,
                    EnvironmentVariable.hookSchedule.name: message.schedule,
                ], input: body)
            report.printed = redact(report.printed)
            return report
        case .webhook(let address): return HookReport(outcome: await post(message.id, body, to: address))
        }
    }

    private func post(_ id: String, _ body: [UInt8], to address: WebhookAddress) async -> HookOutcome {
        // Anything else could end the header, or be read as the time behind it.
        guard !id.isEmpty, id.utf8.allSatisfy(Self.isAllowed) else {
            return .refused(
                reason: "the event's id holds characters that no header may: nothing was sent to \(address)")
        }
        let seconds = unixMilliseconds() / 1000
        let headers = [
            ("webhook-id", id), ("webhook-timestamp", String(seconds)),
            ("webhook-signature", signer.signature(id: id, unixSeconds: seconds, body: body)),
        ]
        do throws(WebhookFailure) {
            return Self.outcome(try await client.post(to: address, headers: headers, body: body), of: address)
        } catch { return .tryLater(after: nil, reason: error.reason) }
    }

    private static func outcome(_ reply: WebhookReply, of address: WebhookAddress) -> HookOutcome {
        let wait = reply.retryAfter.map { min($0, longestWait) }
        switch reply.status {
        case 200..<300: return .delivered
        case 300..<400:
            return .refused(
                reason:
                    "\(address) answered \(reply.status), a redirect, which is not followed: give the hook the URL that it "
                    + "leads to")
        case 410: return .refused(reason: "\(address) answered 410: it does not want to be told any more")
        // Also what only seems to be for good: a proxy answers so while the receiver behind it is being replaced.
        default: return .tryLater(after: wait, reason: "\(address) answered \(reply.status)")
        }
    }

    private func redacted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): .string(redact(text))
        case .array(let elements): .array(elements.map(redacted))
        case .object(let members):
            .object(Dictionary(members.map { (redact($0), redacted($1)) }, uniquingKeysWith: { $1 }))
        default: value
        }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

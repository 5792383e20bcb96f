import CommandSupport
import Crypto
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import Operations
import RESTClient
import Synchronization
import Testing

@testable import runbook

@Suite struct FailureHookTests {
    private static let key = Array("0123456789abcdef0123456789abcdef".utf8)

    private func sender(
        environment: [String: String] = ["PATH": "/usr/bin:/bin"], programTimeout: Duration = .seconds(120),
        redact: @escaping @Sendable (String) -> String = { $0 }
    ) throws -> HookSender {
        HookSender(
            group: MultiThreadedEventLoopGroup.singleton, signer: try #require(WebhookSigner(key: Self.key)),
            environment: environment, programTimeout: programTimeout, webhookTimeout: .seconds(60),
            unixMilliseconds: { 1_700_000_000_999 }, redact: redact)
    }

    private func message(_ body: JSONValue = ["run": "r1"], id: String = "slot-1_failed") -> HookMessage {
        HookMessage(id: id, event: "needs-decision", schedule: "nightly report", body: body)
    }

    /// Runs a script of the shell as a hook. It finds its folder in `$0`.
    private func run(
        _ script: String, _ body: JSONValue = ["run": "r1"], environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        timeout: Duration = .seconds(120), redact: @escaping @Sendable (String) -> String = { $0 },
        check: (HookOutcome, String) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            try PrivateFile.write(Array(script.utf8), to: directory + "/hook.sh")
            let hook = try FailureHook("command:/bin/sh \(directory)/hook.sh \(directory)")
            let sender = try sender(environment: environment, programTimeout: timeout, redact: redact)
            try check(await sender.send(message(body), to: hook), directory)
        }
    }

    private func text(_ path: String) throws -> String {
        String(decoding: try #require(try LocalFiles().read(path, limit: 8 << 20)), as: UTF8.self)
    }

    // MARK: Destinations

    @Test func aProgramIsStartedWithItsArguments() throws {
        let hook = try FailureHook("command:/usr/local/bin/page  --team ops\t--token=tok3n")
        #expect(hook == .command(["/usr/local/bin/page", "--team", "ops", "--token=tok3n"]))
        #expect("\(hook)" == "/usr/local/bin/page")
    }

    @Test func aURLIsShownWithoutWhatMayBeAToken() throws {
        let hook = try FailureHook("https://hooks.example.com/services/tok3n?key=s3cret")
        #expect("\(hook)" == "https://hooks.example.com")
        #expect(!"\([hook])".contains("tok3n"))
        #expect(!String(reflecting: hook).contains("tok3n"))
    }

    @Test(arguments: [
        "", "mail ops tok3n", "command:", "command:  ", "command:./page tok3n", "command:bin/page tok3n",
        "command:page \"tok3n b\"", "command:page tok3n | mail", "command:page $TOKEN tok3n", "command:page `tok3n`",
        "ftp://example.com/tok3n", "http://example.com/tok3n", "https://example.com/to k3n tok3n",
    ])
    func aDestinationThatCannotBeIsRefusedWithoutBeingQuoted(_ destination: String) {
        let error = #expect(throws: CommandError.self) { try FailureHook(destination) }
        #expect(error?.message.contains("tok3n") == false)
        #expect(error?.code == .usage)
    }

    // MARK: Programs

    @Test func aProgramGetsTheBodyAndTheVariables() async throws {
        try await run(#"cat >"$1/body"; env >"$1/env"; pwd >/dev/null; ls -l /proc/$$/fd >"$1/fds""#) {
            outcome, directory in
            #expect(outcome == .delivered)
            let body = try text(directory + "/body")
            #expect(body == #"{"run":"r1"}"#)
            let variables = Set(try text(directory + "/env").split(separator: "\n").map(String.init))
            #expect(variables.isSuperset(of: ["RUNBOOK_EVENT=needs-decision", "RUNBOOK_SCHEDULE=nightly report"]))
        }
    }

    @Test func aProgramGetsNoneOfThisProgramsSecrets() async throws {
        let environment = [
            "PATH": "/usr/bin:/bin", "LANG": "C", "LC_TIME": "C", "TZ": "UTC", "TEAM_PASSWORD": "s3cret",
            "AWS_SECRET": "x",
            "RUNBOOK_CONSOLE_PASSWORD": "s3cret",
            "RUNBOOK_STATE": "/x", "NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "1", "WATCHDOG_PID": "1",
            "LISTEN_FDS": "1", "CREDENTIALS_DIRECTORY": "/run/credentials/runbook",
        ]
        try await run(#"env >"$1/env""#, environment: environment) { outcome, directory in
            #expect(outcome == .delivered)
            let names = Set(try text(directory + "/env").split(separator: "\n").map { $0.prefix { $0 != "=" } })
            #expect(
                names.subtracting(["PWD", "_", "SHLVL", "OLDPWD"])
                    == ["PATH", "LANG", "LC_TIME", "TZ", "RUNBOOK_EVENT", "RUNBOOK_SCHEDULE"])
        }
    }

    @Test func aProgramHasNoDescriptorsButItsOwn() async throws {
        let server = try await StatusServer.open(
            .tcp(host: "127.0.0.1", port: 0), paths: [], on: MultiThreadedEventLoopGroup.singleton
        ) { _ in StatusReply("") }
        try await run(#"exec 9>"$1/fds"; for fd in /proc/$$/fd/*; do readlink $fd >&9; done"#) { outcome, directory in
            #expect(outcome == .delivered)
            // The test's own runner may leave files open, but nothing that carries bytes to others.
            let targets = try text(directory + "/fds").split(separator: "\n")
            #expect(!targets.contains { $0.hasPrefix("socket:") }, "\(targets)")
        }
        await server.close()
    }

    @Test func aLongBodyArrivesWhole() async throws {
        let long = String(repeating: "0123456789abcdef", count: 40_000)
        try await run(#"sleep 0.1; wc -c >"$1/count""#, .string(long)) { outcome, directory in
            #expect(outcome == .delivered)
            let count = try text(directory + "/count")
            #expect(count.split(whereSeparator: \.isWhitespace) == ["640002"])
        }
    }

    @Test func aProgramNeedNotReadWhatItIsTold() async throws {
        try await run("exec 0<&-; exit 0", .string(String(repeating: "x", count: 1_000_000))) { outcome, _ in
            #expect(outcome == .delivered)
        }
    }

    @Test(arguments: [
        ("exit 3", "failed with exit code 3"), ("kill -TERM $$", "was ended by signal 15"),
        ("nonexistent-program", "failed with exit code 127"),
    ])
    func aProgramThatFailsIsTriedLater(_ script: String, _ words: String) async throws {
        try await run(script) { outcome, _ in
            #expect(outcome == .tryLater(after: nil, reason: "the program /bin/sh \(words)"))
        }
    }

    @Test func aProgramThatIsNotThereIsTriedLater() async throws {
        let sender = try sender()
        #expect(
            await sender.send(message(), to: try FailureHook("command:runbook-no-such-program tok3n"))
                == .tryLater(
                    after: nil, reason: "the program runbook-no-such-program is not installed or not in PATH"))
        #expect(
            await sender.send(message(), to: try FailureHook("command:/etc/passwd tok3n"))
                == .tryLater(
                    after: nil, reason: "the program /etc/passwd could not be started: permission is denied"))
    }

    @Test func aProgramThatTakesTooLongIsKilledWithItsChildren() async throws {
        try await withTemporaryDirectory { directory in
            // Children hold the writing end of a fifo: reading it ends when the last of them is gone.
            let fifo = directory + "/alive"
            try #require(mkfifo(fifo, 0o600) == 0)
            let script = "exec 8<>\(fifo); (trap '' TERM; exec sleep 600) & (exec sleep 600) & wait"
            try PrivateFile.write(Array(script.utf8), to: directory + "/hook.sh")
            let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            defer { close(reader) }
            let outcome = try await sender(programTimeout: .seconds(1)).send(
                message(), to: try FailureHook("command:/bin/sh \(directory)/hook.sh"))
            #expect(
                outcome == .tryLater(after: nil, reason: "the program /bin/sh did not end within 1 s and was killed"))
            var state = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
            // They were killed before it returned, and are gone as soon as the system has cleared them away.
            #expect(poll(&state, 1, 60_000) == 1)
            #expect(Int32(state.revents) & POLLHUP != 0)
        }
    }

    @Test func aProgramThatNobodyWaitsForIsKilled() async throws {
        try await withTemporaryDirectory { directory in
            let fifo = directory + "/started"
            try #require(mkfifo(fifo, 0o600) == 0)
            let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
            defer { close(reader) }
            try PrivateFile.write(Array("echo x >\(fifo); exec sleep 600".utf8), to: directory + "/hook.sh")
            let sender = try sender(), hook = try FailureHook("command:/bin/sh \(directory)/hook.sh")
            let message = message()
            let sending = Task { await sender.send(message, to: hook) }
            var byte: UInt8 = 0
            while read(reader, &byte, 1) != 1 { try await Task.sleep(for: .milliseconds(2)) }
            sending.cancel()
            #expect(
                await sending.value == .tryLater(after: nil, reason: "the program /bin/sh was given up and was killed"))
        }
    }

    @Test func signalsThatThisProgramIgnoresAreNotIgnoredByTheHook() async throws {
        try await run(#"grep -E 'Sig(Ign|Blk)' /proc/self/status >"$1/signals""#) { outcome, directory in
            #expect(outcome == .delivered)
            let masks = try text(directory + "/signals").split(separator: "\n").map { line in
                try #require(UInt64(line.split(separator: "\t")[1], radix: 16))
            }
            // The C library's own, 32 and 33, are as whoever started the test has them.
            #expect(masks.map { $0 & 0x7fff_ffff } == [0, 0])
        }
    }

    @Test func onlyTheEndOfWhatAProgramPrintsIsKept() async throws {
        try await withTemporaryDirectory { directory in
            let script = "i=0; while [ $i -lt 20000 ]; do echo ü0123456789; i=$((i+1)); done; echo last >&2"
            try PrivateFile.write(Array(script.utf8), to: directory + "/hook.sh")
            let report = try await sender().tell(
                message(), to: try FailureHook("command:/bin/sh \(directory)/hook.sh"))
            #expect(report.outcome == .delivered)
            #expect(report.printed.hasPrefix("…") && report.printed.hasSuffix(" ü0123456789 last"))
            #expect(!report.printed.contains("\u{fffd}") && report.printed.utf8.count <= HookOutput.limit + 3)
        }
    }

    @Test func whatAProgramLeavesRunningIsNotWaitedFor() async throws {
        try await withTemporaryDirectory { directory in
            try #require(mkfifo(directory + "/fifo", 0o600) == 0)
            let fifo = open(directory + "/fifo", O_RDWR | O_CLOEXEC)
            defer { close(fifo) }
            // It keeps the streams until the test closes the fifo.
            try PrivateFile.write(Array("cat \(directory)/fifo & echo begun".utf8), to: directory + "/hook.sh")
            let report = try await sender().tell(
                message(), to: try FailureHook("command:/bin/sh \(directory)/hook.sh"))
            #expect(report == HookReport(outcome: .delivered, printed: "begun"))
        }
    }

    // MARK: Secrets

    @Test func whatIsSecretIsTakenOut() async throws {
        let body: JSONValue = [
            "error": "denied: \"tok3n\"\n", "deep": [["tok3n": "x"]], "number": 5,
            "closed": .secret(SecretValue("tok3n")),
        ]
        try await run(#"cat >"$1/body""#, body) {
            $0.replacing("tok3n", with: "‹secret›")
        } check: { outcome, directory in
            #expect(outcome == .delivered)
            let written = try text(directory + "/body")
            let expected =
                #"{"closed":"‹secret›","deep":[{"‹secret›":"x"}],"error":"denied: \"‹secret›\"\n","number":5}"#
            #expect(written == expected)
        }
    }

    // MARK: Webhooks

    @Test func aSignatureIsThatOfStandardWebhooks() throws {
        // The example of the specification's libraries: secret, id, time, body, signature.
        let key = try #require(Self.base64("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signer = try #require(WebhookSigner(key: key))
        #expect(signer.secret == "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        #expect(
            signer.signature(
                id: "msg_p5jXN8AQM9LWM0D4loKWxJek", unixSeconds: 1_614_265_330,
                body: Array(#"{"test": 2432232314}"#.utf8))
                == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        #expect(WebhookSigner(key: Array(repeating: 1, count: 23)) == nil)
    }

    @Test func aWebhookIsSignedSoThatItsReceiverCanCheckIt() async throws {
        try await Receiver.with([.init(status: 200)]) { receiver in
            let hook = try FailureHook("\(receiver.url)/hook/tok3n?key=s3cret")
            #expect(await (try sender()).send(message(["text": "ü"]), to: hook) == .delivered)
            let request = try #require(receiver.requests.first)
            #expect(request.head.method == .POST)
            #expect(request.head.uri == "/hook/tok3n?key=s3cret")
            #expect(request.body == Array(#"{"text":"ü"}"#.utf8))
            #expect(request.head.headers["content-type"] == ["application/json"])
            #expect(request.head.headers["user-agent"] == ["runbook/\(programVersion)"])
            #expect(request.head.headers["webhook-id"] == ["slot-1_failed"])
            #expect(request.head.headers["webhook-timestamp"] == ["1700000000"])
            // By the definition of HMAC (RFC 2104), and not by the function that signs.
            let signed = Array("slot-1_failed.1700000000.".utf8) + request.body
            let padded = Self.key + Array(repeating: 0, count: 64 - Self.key.count)
            let inner = Array(SHA256.hash(data: padded.map { $0 ^ 0x36 } + signed))
            let expected = Data(SHA256.hash(data: padded.map { $0 ^ 0x5c } + inner)).base64EncodedString()
            #expect(request.head.headers["webhook-signature"] == ["v1,\(expected)"])
        }
    }

    @Test(arguments: [200, 201, 202, 204, 299]) func aWebhookIsDelivered(_ status: Int) async throws {
        #expect(try await post([.init(status: status)]).outcome == .delivered)
    }

    @Test(arguments: [301, 302, 307, 308, 410])
    func aWebhookIsRefusedForGood(_ status: Int) async throws {
        let (outcome, requests) = try await post([
            .init(status: status, headers: [("Location", "/elsewhere"), ("Retry-After", "5")]), .init(status: 200),
        ])
        guard case .refused(let reason) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(reason.contains("http://127.0.0.1:") && reason.contains("\(status)"))
        #expect(!reason.contains("tok3n"))
        #expect(requests == 1)
    }

    @Test(arguments: [400, 401, 403, 404, 405, 408, 409, 413, 422, 429, 451, 500, 501, 502, 503, 504])
    func aWebhookIsTriedLater(_ status: Int) async throws {
        for (value, wait) in [
            (nil, nil), ("7", .seconds(7)), ("soon", nil), ("999999999999", HookSender.longestWait),
        ] as [(String?, Duration?)] {
            let headers = value.map { [("Retry-After", $0)] } ?? []
            let (outcome, _) = try await post([.init(status: status, headers: headers)])
            guard case .tryLater(let after, let reason) = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(after == wait)
            #expect(reason.hasSuffix(" answered \(status)"))
            #expect(!reason.contains("tok3n"))
        }
    }

    @Test func aReceiverThatIsNotThereIsTriedLater() async throws {
        // A port that is taken, and where nothing listens: nobody else gets it.
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        try #require(status)
        let url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        let outcome = await (try sender()).send(message(), to: try FailureHook(url + "/tok3n"))
        #expect(outcome == .tryLater(after: nil, reason: "\(url) refuses connections"))
    }

    @Test(arguments: ["", "a.b", "a\r\nx: y", "ü", "a b"]) func anIDThatIsNoneIsNotSent(_ id: String) async throws {
        try await Receiver.with([.init(status: 200)]) { receiver in
            let outcome = await (try sender()).send(message(id: id), to: try FailureHook(receiver.url + "/tok3n"))
            guard case .refused = outcome else { return #expect(Bool(false), "\(outcome)") }
            #expect(receiver.requests.isEmpty)
        }
    }

    // MARK: The key

    @Test func theKeyIsMadeOnceAndOnlyItsOwnerReadsIt() async throws {
        try await withTemporaryDirectory { directory in
            let first = try HookKey.signer(stateDirectory: directory)
            #expect(try HookKey.signer(stateDirectory: directory).secret == first.secret)
            #expect(permissions(directory + "/keys/hooks") == 0o600)
            #expect(first.secret.hasPrefix("whsec_"))
            #expect(Self.base64(String(first.secret.dropFirst("whsec_".count)))?.count == 32)
            chmod(directory + "/keys/hooks", 0o644)
            #expect(throws: CommandError.self) { try HookKey.signer(stateDirectory: directory) }
            chmod(directory + "/keys/hooks", 0o600)
            truncate(directory + "/keys/hooks", 10)
            let error = #expect(throws: CommandError.self) { try HookKey.signer(stateDirectory: directory) }
            #expect(error?.message.contains("should hold a key of 32 bytes") == true)
        }
    }

    // MARK: Helpers

    private func post(_ answers: [Receiver.Answer]) async throws -> (outcome: HookOutcome, requests: Int) {
        try await Receiver.with(answers) { receiver in
            let outcome = await (try sender()).send(message(), to: try FailureHook(receiver.url + "/hook/tok3n"))
            return (outcome, receiver.requests.count)
        }
    }

    private static func base64(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map(Array.init) }
}

extension HookSender {
    fileprivate func send(_ message: HookMessage, to hook: FailureHook) async -> HookOutcome {
        await tell(message, to: hook).outcome
    }
}

/// A server that takes webhooks.
private final class Receiver: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: [(String, String)] = []
    }

    struct Request: Sendable {
        let head: HTTPRequestHead
        var body: [UInt8] = []
    }

    private struct State {
        var answers: [Answer]
        var requests: [Request] = []
    }

    private final class Box: Sendable {
        let state: Mutex<State>
        init(_ answers: [Answer]) { state = Mutex(State(answers: answers)) }
    }

    private let box: Box
    let url: String

    private init(_ box: Box, _ url: String) {
        self.box = box
        self.url = url
    }

    var requests: [Request] { box.state.withLock { $0.requests } }

    static func with<Result>(
        _ answers: [Answer], _ body: (Receiver) async throws -> Result
    ) async throws -> Result {
        let box = Box(answers)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(box))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let receiver = Receiver(box, "http://127.0.0.1:\(listener.localAddress?.port ?? 0)")
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(receiver)) } catch { result = .failure(error) }
        try await listener.close()
        return try result.get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let box: Box
        private var request: Request?

        init(_ box: Box) { self.box = box }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): request = Request(head: head)
            case .body(let part): request?.body += Array(part.readableBytesView)
            case .end:
                let answer = box.state.withLock { state in
                    if let request { state.requests.append(request) }
                    return state.answers.isEmpty ? Answer(status: 500) : state.answers.removeFirst()
                }
                let head = HTTPResponseHead(
                    version: .http1_1, status: .init(statusCode: answer.status),
                    headers: HTTPHeaders(answer.headers + (answer.status == 204 ? [] : [("Content-Length", "0")])))
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}

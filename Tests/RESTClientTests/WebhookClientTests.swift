import NIOCore
import NIOPosix
import NIOSSL
import RESTClient
import Testing
import X509

@Suite("Webhooks")
struct WebhookClientTests {
    private func send(
        _ script: [Answer], tls: NIOSSLContext? = nil, trust: TLSTrust = .system, timeout: Duration = .seconds(60),
        path: String = "/hook/tok3n?key=s3cret", host: String = "127.0.0.1"
    ) async throws -> (result: Result<WebhookReply, WebhookFailure>, requests: [ReceivedRequest]) {
        try await HostileServer.with(script, tls: tls) { server in
            let scheme = server.isSecure ? "https" : "http"
            let address = try WebhookAddress("\(scheme)://\(host):\(server.port)\(path)")
            let client = WebhookClient(
                group: MultiThreadedEventLoopGroup.singleton, userAgent: "runbook/test", timeout: timeout, trust: trust,
                clock: VirtualClock())
            do throws(WebhookFailure) {
                let reply = try await client.post(
                    to: address, headers: [("webhook-id", "n1")], body: Array(#"{"a":1}"#.utf8))
                return (.success(reply), server.requests)
            } catch { return (.failure(error), server.requests) }
        }
    }

    @Test("a POST carries headers and body to path and query")
    func request() async throws {
        let (result, requests) = try await send([.reply(204)])
        let reply = try result.get()
        #expect(reply.status == 204 && reply.retryAfter == nil)
        let request = try #require(requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/hook/tok3n?key=s3cret")
        #expect(request.body == #"{"a":1}"#)
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("content-length") == "7")
        #expect(request.header("webhook-id") == "n1")
        #expect(request.header("user-agent") == "runbook/test")
        #expect(request.header("host")?.hasPrefix("127.0.0.1:") == true)
        #expect(request.header("connection") == "close")
        #expect(request.header("authorization") == nil)
    }

    @Test("a redirect is an answer and not followed")
    func redirect() async throws {
        let (result, requests) = try await send([
            .reply(302, headers: [("Location", "http://127.0.0.1:1/elsewhere")]), .reply(200),
        ])
        #expect(try result.get().status == 302)
        #expect(requests.count == 1)
    }

    @Test("what a server asks to wait is told")
    func retryAfter() async throws {
        let (result, _) = try await send([.reply(503, headers: [("Retry-After", "120")])])
        let reply = try result.get()
        #expect(reply.status == 503 && reply.retryAfter == .seconds(120))
    }

    @Test("the status counts also where the rest of the answer is too long, or breaks off")
    func longAnswers() async throws {
        for answer in [
            Answer.reply(200, body: String(repeating: "x", count: 200_000)),
            .rawAndClose("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\nx"),
            .rawAndClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"),
            .rawAndClose("HTTP/1.1 200 OK\r\n\r\nx"),
        ] {
            let (result, _) = try await send([answer])
            #expect(try result.get().status == 200)
        }
    }

    @Test("what is no answer is a failure that does not tell the path")
    func failures() async throws {
        for (answer, words) in [
            (Answer.close, "closed the connection"), (.reset, "closed the connection"),
            (.rawAndClose("hello"), "not HTTP"), (.rawAndClose("HTTP/1.1 2"), "closed the connection"),
        ] {
            let (result, _) = try await send([answer])
            let failure = try #require(result.failure)
            #expect(failure.reason.contains(words) || failure.reason.contains("not HTTP"), "\(failure.reason)")
            #expect(failure.reason.contains("http://127.0.0.1:"))
            #expect(!failure.reason.contains("tok3n") && !failure.reason.contains("s3cret"))
        }
    }

    @Test("a server that does not answer, or never ends, is given up")
    func timeout() async throws {
        for answer in [Answer.silence, .dribble("HTTP/1.1 200 OK\r\nX: ")] {
            let (result, _) = try await send([answer], timeout: .seconds(1))
            #expect(result.failure?.reason.contains("did not answer within 1") == true)
        }
    }

    @Test("nothing that listens is said so")
    func refused() async throws {
        let port = try ClosedPort()
        let client = WebhookClient(group: MultiThreadedEventLoopGroup.singleton, userAgent: "test")
        let address = try WebhookAddress("http://127.0.0.1:\(port.port)/tok3n")
        let failure = await #expect(throws: WebhookFailure.self) {
            try await client.post(to: address, headers: [], body: [])
        }
        #expect(failure?.reason == "http://127.0.0.1:\(port.port) refuses connections")
    }

    @Test("a certificate is checked, its name too, before anything is sent")
    func certificates() async throws {
        let certificate = try TestCertificate(), context = try certificate.serverContext()
        let untrusted = try await send([.reply(200)], tls: context)
        #expect(untrusted.result.failure?.reason.contains("is not trusted") == true)
        #expect(untrusted.requests.isEmpty)
        let trusted = try await send([.reply(200)], tls: context, trust: .certificates(pem: certificate.pem))
        #expect(try trusted.result.get().status == 200)
        let other = try TestCertificate(names: [.dnsName("other.test")])
        let misnamed = try await send(
            [.reply(200)], tls: try other.serverContext(), trust: .certificates(pem: other.pem), host: "localhost")
        #expect(misnamed.result.failure?.reason.contains("made out to another name") == true)
        #expect(misnamed.requests.isEmpty)
    }

    @Test("a cancelled webhook ends at once")
    func cancelled() async throws {
        try await HostileServer.with([.silence]) { server in
            let client = WebhookClient(
                group: MultiThreadedEventLoopGroup.singleton, userAgent: "test", timeout: .seconds(600))
            let address = try WebhookAddress(server.url)
            let sending = Task { try await client.post(to: address, headers: [], body: []) }
            await server.waitForRequests(1)
            sending.cancel()
            await #expect(throws: WebhookFailure.self) { try await sending.value }
        }
    }

    @Test(
        "an address is taken apart",
        arguments: [
            ("https://hooks.example.com/a/b?c=d", "https://hooks.example.com"),
            ("HTTPS://Hooks.Example.com:8443", "https://hooks.example.com:8443"),
            ("https://hooks.example.com:443?x", "https://hooks.example.com"),
            ("http://localhost:8080/x", "http://localhost:8080"), ("http://[::1]/x", "http://[::1]"),
        ])
    func addresses(_ url: String, _ shown: String) throws {
        let address = try WebhookAddress(url)
        #expect("\(address)" == shown)
        #expect(String(reflecting: address) == shown)
        var dumped = ""
        dump(address, to: &dumped)
        #expect(!dumped.contains("c=d") && !dumped.contains("/a/b"))
    }

    @Test(
        "an address that is none, or not safe, is refused without being quoted",
        arguments: [
            "", "hooks.example.com/tok3n", "ftp://hooks.example.com/tok3n", "http://hooks.example.com/tok3n",
            "http://127.evil.example/tok3n", "https://user:tok3n@example.com/", "https:///tok3n", "https://a b/tok3n",
            "https://example.com/tok3n\r\nX: y", "https://example.com/tok3n\u{e9}", "https://example.com/#tok3n",
            "https://example.com:99999/tok3n", "https://example.com@evil.example/tok3n",
        ])
    func wrongAddresses(_ url: String) {
        let error = #expect(throws: TargetError.self) { try WebhookAddress(url) }
        #expect(error?.message.contains("tok3n") == false, "\(error?.message ?? "")")
    }
}

extension Result {
    fileprivate var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}

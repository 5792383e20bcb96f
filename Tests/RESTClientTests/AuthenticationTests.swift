import Crypto
import Operations
import RESTClient
import Testing

@Suite("Authentication")
struct AuthenticationTests {
    private func requests(
        _ credentials: Credentials, _ script: [Answer], _ call: OperationCall, clock: VirtualClock = VirtualClock()
    ) async throws -> [ReceivedRequest] {
        try await HostileServer.with(script) { server in
            try await withTransport(to: server.url, credentials, clock: clock) { transport in
                _ = try await transport.send(call)
                return server.requests
            }
        }
    }

    @Test("the console gets Basic credentials, and no token unless there is one")
    func basic() async throws {
        let request = try #require(try await requests(.console, [.json("{}")], .readThing).first)
        // base64 of nadia:hunter2-secret
        #expect(request.header("authorization") == "Basic bmFkaWE6aHVudGVyMi1zZWNyZXQ=")
        #expect(request.header("token") == nil)
    }

    @Test("an account with two-factor authentication sends its code in Token")
    func token() async throws {
        let credentials = Credentials.basic(
            user: "nadia", password: SecretValue("hunter2-secret"), token: SecretValue("123456"))
        let request = try #require(try await requests(credentials, [.json("{}")], .readThing).first)
        #expect(request.header("Token") == "123456")
        #expect(request.header("authorization")?.hasPrefix("Basic ") == true)
    }

    @Test("Basic credentials beyond ASCII go as UTF-8")
    func unicode() async throws {
        let credentials = Credentials.basic(user: "zoë", password: SecretValue("pässwörd"))
        let request = try #require(try await requests(credentials, [.json("{}")], .readThing).first)
        #expect(request.header("authorization") == "Basic em/Dqzpww6Rzc3fDtnJk")
    }

    @Test("a standard key goes as it is")
    func standard() async throws {
        let request = try #require(try await requests(.standardKey, [.json(#"{"reply":[]}"#)], .readXpanse).first)
        #expect(request.header("authorization") == "std-key-secret")
        #expect(request.header("x-xdr-auth-id") == "12")
        #expect(request.header("x-xdr-nonce") == nil)
    }

    @Test("an advanced key signs each attempt anew, and the key itself is not sent")
    func advanced() async throws {
        let clock = VirtualClock(epoch: 1_700_000_000_123)
        let requests = try await requests(
            .advancedKey, [.json("{}", status: 503), .json("{}", status: 503), .json(#"{"reply":[]}"#)], .readXpanse,
            clock: clock)
        #expect(requests.count == 3)
        var elapsed = Duration.zero
        for (request, wait) in zip(requests, [.zero] + clock.waits) {
            elapsed += wait
            let nonce = try #require(request.header("x-xdr-nonce"))
            let timestamp = try #require(request.header("x-xdr-timestamp"))
            #expect(nonce.utf8.count == 64)
            #expect(nonce.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
            #expect(timestamp == String(1_700_000_000_123 + Int64(elapsed / .milliseconds(1))))
            let digest = SHA256.hash(data: Array("adv-key-secret\(nonce)\(timestamp)".utf8))
            let expected = digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            #expect(request.header("authorization") == expected)
            #expect(request.header("x-xdr-auth-id") == "13")
            #expect(!request.headers.contains { $0.value.contains("adv-key-secret") })
        }
        #expect(Set(requests.compactMap { $0.header("x-xdr-nonce") }).count == 3)
    }

    @Test("every request says what it is, and carries nothing of ours")
    func headers() async throws {
        let put = try #require(try await requests(.console, [.json("{}")], .putThing).first)
        #expect(put.method == "PUT")
        #expect(put.target == "/api/3/things/7")
        #expect(put.body == #""pa55-in-body""#)
        #expect(put.header("content-type") == "application/json")
        #expect(put.header("accept") == "application/json")
        #expect(put.header("accept-encoding") == "identity")
        #expect(put.header("user-agent") == "runbook")
        #expect(put.header("host")?.hasPrefix("127.0.0.1:") == true)
        #expect(!put.headers.contains { $0.name.lowercased().contains("exchange") })

        let post = try #require(try await requests(.console, [.json("{}")], .regenerateThing).first)
        #expect(post.header("content-length") == "0")
        #expect(post.header("content-type") == nil)
    }
}

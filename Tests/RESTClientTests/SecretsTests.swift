import Logging
import Operations
import RESTClient
import Synchronization
import Testing

@testable import RESTClient

@Suite("Secrets")
struct SecretsTests {
    /// A log that is kept.
    private struct Log: LogHandler {
        final class Lines: Sendable { let text = Mutex<[String]>([]) }
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.text.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }

    @Test(
        "what a server echoes of them is not shown",
        arguments: [
            "hunter2-secret", "pa55-in-body", "bmFkaWE6aHVudGVyMi1zZWNyZXQ=",
        ])
    func echoed(secret: String) async throws {
        for body in [
            #"{"message":"bad value: \#(secret)!","errors":[{"\#(secret)":"x\#(secret)y"}]}"#, "you sent \(secret)",
            #"{"message":"\#(String(repeating: "x", count: 490))\#(secret)"}"#, "{\"message\":\"\(secret)\u{301}\"}",
        ] {
            let (result, _) = try await answer([.reply(400, body: body)], to: .putThing)
            let error = try #require(result.error)
            #expect(!"\(error)".contains(secret))
            #expect(!error.details.text.contains(secret))
            #expect(!error.message.contains(secret.prefix(8)))
        }
    }

    @Test("a key is not shown, nor a code that comes back as a number")
    func others() throws {
        let redaction = Redaction(["std-key-secret", "123456"])
        #expect(redaction.clean("key std-key-secret, code 123456.") == "key ‹secret›, code ‹secret›.")
        #expect(redaction.clean(["code": 123456, "n": 7] as JSONValue) == ["code": "‹secret›", "n": 7])
    }

    @Test("of two secrets, one within the other, the longer goes first")
    func nested() {
        #expect(Redaction(["abc", "abcdef"]).clean("xabcdefx abc") == "x‹secret›x ‹secret›")
        #expect(Redaction([""]).clean("plain") == "plain")
    }

    @Test("a redirect's address is shown without them")
    func location() async throws {
        let (result, _) = try await answer(
            [.reply(302, headers: [("Location", "https://x.example/?p=hunter2-secret")])], to: .readThing)
        #expect(result.error?.message.contains("hunter2-secret") == false)
    }

    @Test("the log tells each attempt at debug, and nothing of headers and bodies")
    func log() async throws {
        let lines = Log.Lines()
        var logger = Logger(label: "test") { _ in Log(lines: lines) }
        logger.logLevel = .trace
        try await HostileServer.with([.reply(503), .json(#"{"key":"reply-secret"}"#)]) { server in
            try await withTransport(to: server.url, logger: logger) { transport in
                _ = try await transport.send(.putThing)
            }
        }
        let text = lines.text.withLock { $0 }
        #expect(text.count == 2)
        #expect(text.allSatisfy { $0.hasPrefix("debug request ended") })
        for word in ["things.update", "PUT", "/api/3/things/7", "503", "attempt"] {
            #expect(text[0].contains(word), "\(word)")
        }
        for secret in ["hunter2", "pa55", "bmFkaWE6", "reply-secret"] {
            #expect(!text.contains { $0.contains(secret) }, "\(secret)")
        }
    }
}

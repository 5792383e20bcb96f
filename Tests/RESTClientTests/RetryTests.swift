import NIOCore
import Operations
import RESTClient
import Synchronization
import Testing

@Suite("Retry")
struct RetryTests {
    private static let idempotent: [OperationCall] = [.putThing, .deleteThing, .changeXpanse]
    private static let unrepeatable: [OperationCall] = [.createThing, .regenerateThing]

    /// Sends a call to a server that fails once and then succeeds.
    private func attempts(_ failure: Answer, _ call: OperationCall) async throws -> Int {
        let (result, requests) = try await answer(
            [failure, .json(#"{"id":7}"#)], to: call, retry: RetryPolicy())
        if case .success(let reply) = result { #expect(reply.attempts == requests.count) }
        if result.error != nil { #expect(requests.count == 1) }
        return requests.count
    }

    @Test(
        "an answer that surely was no action is asked for again by every operation",
        arguments: [
            Answer.reply(429), .reply(429, headers: [("Retry-After", "1")]),
            .reply(503, headers: [("Retry-After", "1")]),
            .reply(503, headers: [("Retry-After", "Sun, 06 Nov 1994 08:49:05 GMT")]),
        ])
    func refusedBeforeActing(failure: Answer) async throws {
        for call in [.readThing, .readXpanse] + Self.idempotent + Self.unrepeatable {
            #expect(try await attempts(failure, call) == 2, "\(call.operation.name)")
        }
    }

    @Test(
        "an answer or a break that may hide an action is tried again only by what may be sent twice",
        arguments: [
            Answer.reply(503), .reply(503, headers: [("Retry-After", "soon")]), .reply(502), .reply(504), .reply(408),
            .close, .reset, .rawAndClose("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"id\""),
            .rawAndClose("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n"),
            .rawAndClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n"),
            .rawAndClose("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"id\":"),
        ])
    func mayHaveActed(failure: Answer) async throws {
        for call in [.readThing, .readXpanse] + Self.idempotent {
            #expect(try await attempts(failure, call) == 2, "\(call.operation.name)")
        }
        for call in Self.unrepeatable { #expect(try await attempts(failure, call) == 1, "\(call.operation.name)") }
    }

    @Test("an error's status counts even if the rest of the reply is cut off")
    func brokenError() async throws {
        let start = "HTTP/1.1 429 Too Many\r\nRetry-After: 1\r\nContent-Length: 100\r\n\r\n{\"mess"
        #expect(try await attempts(.rawAndClose(start), .regenerateThing) == 2)
        let (result, requests) = try await answer(
            [.rawAndClose("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\n{\"mess")], to: .deleteThing,
            retry: RetryPolicy())
        #expect(requests.count == 1)
        #expect(result.error?.kind == .forbidden)
        #expect(result.error?.delivery == .answered)
    }

    @Test(
        "no answer in time is tried again only by what may be sent twice",
        arguments: [
            Answer.silence, .raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
            .dribble("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"), .dribble("HTTP/1.1 200 OK\r\nX: "),
        ])
    func timeout(failure: Answer) async throws {
        for (call, attempts) in [(OperationCall.readThing, 2), (.regenerateThing, 1)] {
            try await HostileServer.with([.json("{}"), failure, .json("{}")]) { server in
                try await withTransport(to: server.url) { transport in
                    // Opens the connection, so that the short time is all for the exchange.
                    _ = try await transport.send(.readThing)
                    var call = call
                    call.timeout = .milliseconds(500)
                    _ = try? await transport.send(call)
                }
                #expect(server.requests.count == 1 + attempts)
            }
        }
    }

    @Test("a 500 of the console is tried again by reads only")
    func consoleFailure() async throws {
        #expect(try await attempts(.reply(500), .readThing) == 2)
        for call in [.putThing, .deleteThing] + Self.unrepeatable {
            #expect(try await attempts(.reply(500), call) == 1)
        }
    }

    @Test("a 500 of Xpanse is never tried again")
    func xpanseFailure() async throws {
        #expect(try await attempts(.reply(500), .readXpanse) == 1)
        #expect(try await attempts(.reply(500), .changeXpanse) == 1)
    }

    @Test(
        "what would fail again is not tried again",
        arguments: [301, 400, 401, 402, 403, 404, 405, 409, 410, 422, 501, 507])
    func finalStatuses(status: Int) async throws {
        for call in [OperationCall.readThing, .deleteThing, .regenerateThing, .readXpanse] {
            #expect(try await attempts(.reply(status), call) == 1, "\(call.operation.name)")
        }
    }

    @Test("a refused connection is tried again by every operation, until somebody listens")
    func refusedConnection() async throws {
        for call in [OperationCall.readThing, .deleteThing, .createThing, .regenerateThing] {
            let port = try ClosedPort()
            let started = Mutex<HostileServer?>(nil)
            let handle = Mutex<NIOBSDSocket.Handle?>(port.release())
            let clock = VirtualClock { wait in
                guard wait == 2, let socket = handle.withLock({ $0 }) else { return }
                handle.withLock { $0 = nil }
                let server = try await HostileServer.start([.json("{}")], socket: socket)
                started.withLock { $0 = server }
            }
            try await withTransport(to: "http://127.0.0.1:\(port.port)", clock: clock) { transport in
                let reply = try await transport.send(call)
                #expect(reply.attempts == 3)
            }
            let server = try #require(started.withLock { $0 })
            #expect(server.requests.count == 1)
            await server.stop()
        }
    }

    @Test("a deletion that went unanswered and is then told 404 has succeeded")
    func deletedBefore() async throws {
        let gone = Answer.json(#"{"status":404,"message":"gone"}"#, status: 404)
        let (result, _) = try await answer([.reset, gone], to: .deleteThing, retry: RetryPolicy())
        let reply = try result.get()
        #expect(reply.status == 200)
        #expect(reply.body.isEmpty)
        #expect(reply.attempts == 2)
    }

    @Test("a 404 is no success if nothing went unanswered, if the path names something else, or from a web page")
    func notDeletedBefore() async throws {
        let gone = Answer.json(#"{"status":404,"message":"gone"}"#, status: 404)
        #expect(try await answer([gone], to: .deleteThing, retry: RetryPolicy()).result.error?.kind == .notFound)
        let refusedFirst = try await answer([.reply(429), gone], to: .deleteThing, retry: RetryPolicy())
        #expect(refusedFirst.result.error?.kind == .notFound)
        let unlocked = try await answer([.reset, gone], to: .unlockThing, retry: RetryPolicy())
        #expect(unlocked.result.error?.kind == .notFound)
        #expect(unlocked.result.error?.delivery == .unknown)
        let page = try await answer([.reset, .reply(404, body: "<html>")], to: .deleteThing, retry: RetryPolicy())
        #expect(page.result.error?.kind == .network)
    }

    @Test("waits double up to their bound, and attempts come to an end")
    func backoff() async throws {
        let clock = VirtualClock()
        let policy = RetryPolicy(maximumAttempts: 5, baseDelay: .milliseconds(200), maximumDelay: .seconds(1))
        try await HostileServer.with([.reply(503)]) { server in
            try await withTransport(to: server.url, retry: policy, clock: clock, random: { .max }) { transport in
                let error = await transport.failure(of: .readThing)
                #expect(error?.kind == .unavailable)
                #expect(error?.message.contains("Tried 5 times") == true)
            }
            #expect(server.requests.count == 5)
        }
        let bounds: [Duration] = [.milliseconds(200), .milliseconds(400), .milliseconds(800), .seconds(1)]
        #expect(clock.waits.count == 4)
        for (wait, bound) in zip(clock.waits, bounds) { #expect(wait <= bound && wait > bound * 0.999) }
    }

    @Test("jitter may take a wait down to nothing")
    func jitter() async throws {
        let clock = VirtualClock()
        try await HostileServer.with([.reply(503), .json("{}")]) { server in
            try await withTransport(to: server.url, clock: clock, random: { 0 }) { transport in
                _ = try await transport.send(.readThing)
            }
        }
        #expect(clock.waits == [.zero])
    }

    @Test(
        "Retry-After is the least wait, in seconds or as a date",
        arguments: [
            ("7", Duration.seconds(7)), ("Sun, 06 Nov 1994 08:49:37 GMT", .seconds(37)), ("0", .zero),
            ("60", .seconds(60)),
        ])
    func retryAfter(value: String, expected: Duration) async throws {
        let clock = VirtualClock()
        try await HostileServer.with([.reply(429, headers: [("Retry-After", value)]), .json("{}")]) { server in
            try await withTransport(to: server.url, clock: clock, random: { 0 }) { transport in
                _ = try await transport.send(.regenerateThing)
            }
        }
        #expect(clock.waits == [expected])
    }

    @Test("a Retry-After beyond the cap fails the call and says what was asked for")
    func retryAfterTooLong() async throws {
        let clock = VirtualClock()
        let (result, requests) = try await answer(
            [.reply(429, headers: [("Retry-After", "61")])], to: .readThing, retry: RetryPolicy(), clock: clock)
        #expect(requests.count == 1)
        #expect(clock.waits.isEmpty)
        #expect(result.error?.kind == .rateLimited)
        #expect(result.error?.message.contains("61 s") == true)
    }

    @Test("no attempt begins after the deadline")
    func deadline() async throws {
        let clock = VirtualClock()
        let policy = RetryPolicy(maximumAttempts: 100, deadline: .seconds(100))
        let (_, requests) = try await answer(
            [.reply(429, headers: [("Retry-After", "30")])], to: .readThing, retry: policy, clock: clock)
        #expect(requests.count == 4)
        #expect(clock.now <= .seconds(100))
    }

    @Test("a call cancelled while it waits for its next attempt ends at once")
    func cancelledWhileWaiting() async throws {
        let (waiting, continuation) = AsyncStream<Void>.makeStream()
        let clock = VirtualClock { _ in
            continuation.yield()
            try await Task.sleep(for: .seconds(3600))
        }
        try await HostileServer.with([.reply(503)]) { server in
            try await withTransport(to: server.url, clock: clock) { transport in
                let task = Task { await transport.failure(of: .deleteThing) }
                for await _ in waiting { break }
                task.cancel()
                let error = await task.value
                #expect(error?.kind == .unavailable)
                #expect(error?.message.contains("cancelled") == true)
                #expect(server.requests.count == 1)
            }
        }
    }
}

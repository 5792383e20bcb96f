import NIOCore
import Operations
import RESTClient
import Testing

@Suite("Whether a request reached the server")
struct DeliveryTests {
    private func error(
        _ script: [Answer], _ call: OperationCall, timeout: Duration = .seconds(20), retry: RetryPolicy = .never
    ) async throws -> APIError {
        try #require(try await answer(script, to: call, retry: retry, timeout: timeout).result.error)
    }

    /// Runs a call as a task of its own, so that it can be cancelled.
    private func start(_ call: OperationCall, _ transport: RESTTransport) -> Task<APIError?, Never> {
        Task { await transport.failure(of: call) }
    }

    @Test("a refused connection: not sent")
    func refused() async throws {
        let port = try ClosedPort()
        try await withTransport(to: "http://127.0.0.1:\(port.port)", retry: .never) { transport in
            let error = await transport.failure(of: .regenerateThing)
            #expect(error?.kind == .network)
            #expect(error?.delivery == .notSent)
            #expect(error?.message.contains("nothing listens on port \(port.port)") == true)
            #expect(error?.message.contains("RUNBOOK_CONSOLE_URL") == true)
        }
    }

    @Test("an unknown host: not sent")
    func unknownHost() async throws {
        try await withTransport(to: "https://console.invalid", retry: .never) { transport in
            let error = await transport.failure(of: .regenerateThing)
            #expect(error?.kind == .network)
            #expect(error?.delivery == .notSent)
            #expect(error?.message.contains("console.invalid is not known") == true, "\(error?.message ?? "")")
        }
    }

    @Test(
        "a connection that breaks after the request: unknown",
        arguments: [
            Answer.close, .reset, .rawAndClose("HTTP/1.1 2"), .rawAndClose("garbage"),
            .rawAndClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
        ])
    func broken(failure: Answer) async throws {
        let error = try await error([failure], .regenerateThing)
        #expect(error.kind == .network)
        #expect(error.delivery == .unknown)
        #expect(error.message.contains("Whether the change was made is not known"))
    }

    @Test(
        "no answer in time: unknown, of kind timeout",
        arguments: [
            Answer.silence, .raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
            .dribble("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{"),
        ])
    func timeout(failure: Answer) async throws {
        try await HostileServer.with([.json("{}"), failure]) { server in
            try await withTransport(to: server.url, retry: .never) { transport in
                // Opens the connection, so that the short time is all for the exchange.
                _ = try await transport.send(.readThing)
                var call = OperationCall.regenerateThing
                call.timeout = .milliseconds(300)
                let began = ContinuousClock.now
                let error = await transport.failure(of: call)
                // Far from the target's own 20 s, whatever else this machine does.
                #expect(ContinuousClock.now - began < .seconds(10))
                #expect(error?.kind == .timeout)
                #expect(error?.delivery == .unknown)
                #expect(error?.message.contains("300 ms") == true)
            }
        }
    }

    @Test("an error status is an answer", arguments: [400, 401, 404, 409, 429, 500, 503])
    func answered(status: Int) async throws {
        let error = try await error([.reply(status)], .regenerateThing)
        #expect(error.delivery == .answered)
        #expect(error.status == status)
    }

    @Test("a gateway's error leaves a change unknown, and a read answered", arguments: [502, 504])
    func gateway(status: Int) async throws {
        #expect(try await error([.reply(status)], .regenerateThing).delivery == .unknown)
        #expect(try await error([.reply(status)], .readThing).delivery == .answered)
    }

    @Test("a success that cannot be read leaves a change unknown")
    func unreadable() async throws {
        for answer in [Answer.reply(200), .reply(200, body: "<html>"), .reply(200, body: #"{"key":"#)] {
            let error = try await error([answer], .regenerateThing)
            #expect(error.kind == .network)
            #expect(error.delivery == .unknown)
        }
    }

    @Test("a change that once went unanswered stays unknown whatever follows")
    func staysUnknown() async throws {
        let error = try await error([.reset, .json("{}", status: 400)], .putThing, retry: RetryPolicy())
        #expect(error.kind == .badRequest)
        #expect(error.delivery == .unknown)
        #expect(error.message.contains("not known"))
    }

    @Test("cancelled while the server works on it: unknown, and at once")
    func cancelledInFlight() async throws {
        try await HostileServer.with([.silence]) { server in
            try await withTransport(to: server.url) { transport in
                let task = start(.regenerateThing, transport)
                await server.waitForRequests(1)
                task.cancel()
                let error = await task.value
                #expect(error?.delivery == .unknown)
                #expect(error?.message.contains("cancelled") == true)
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("cancelled in the middle of the reply: unknown, and at once")
    func cancelledInBody() async throws {
        try await HostileServer.with([.dribble("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")]) { server in
            try await withTransport(to: server.url) { transport in
                let task = start(.regenerateThing, transport)
                await server.waitForRequests(1)
                task.cancel()
                #expect(await task.value?.delivery == .unknown)
            }
        }
    }

    @Test("cancelled while it waits for a free connection: not sent, and never will be")
    func cancelledInLine() async throws {
        try await HostileServer.with([.silence]) { server in
            try await withTransport(to: server.url, concurrency: 1) { transport in
                let first = start(.readThing, transport)
                await server.waitForRequests(1)
                let second = start(.regenerateThing, transport)
                second.cancel()
                let error = await second.value
                #expect(error?.delivery == .notSent)
                first.cancel()
                _ = await first.value
                #expect(server.requests.count == 1)
            }
        }
    }

    @Test("cancelled before it began: not sent")
    func cancelledBefore() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url) { transport in
                let error = await Task { () -> APIError? in
                    withUnsafeCurrentTask { $0?.cancel() }
                    return await transport.failure(of: .regenerateThing)
                }.value
                #expect(error?.delivery == .notSent)
                #expect(server.requests.isEmpty)
            }
        }
    }

    @Test("a connection that the server closed while idle never makes a change go out twice")
    func closedWhileIdle() async throws {
        try await HostileServer.with([.replyAndClose(200, body: #"{"id":7}"#)]) { server in
            try await withTransport(to: server.url, concurrency: 1) { transport in
                var succeeded = 0
                for _ in 0..<20 {
                    do throws(APIError) {
                        _ = try await transport.send(.regenerateThing)
                        succeeded += 1
                    } catch {
                        // It met the closing: told as unknown, not hidden by sending it again.
                        #expect(error.delivery == .unknown)
                    }
                }
                #expect(server.requests.count == succeeded)
                #expect(server.connections <= 20)
            }
        }
    }

    @Test("what was cancelled before it was written never is, over hundreds of cancellations")
    func cancelledAnywhere() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url, concurrency: 4) { transport in
                let outcomes = await withTaskGroup(of: APIError.Delivery?.self) { group in
                    for index in 0..<400 {
                        group.addTask {
                            let task = start(.regenerateThing, transport)
                            for _ in 0..<index % 40 { await Task.yield() }
                            task.cancel()
                            return await task.value?.delivery
                        }
                    }
                    return await group.reduce(into: [APIError.Delivery?]()) { $0.append($1) }
                }
                let succeeded = outcomes.count { $0 == nil }
                let unknown = outcomes.count { $0 == .unknown }
                #expect(server.requests.count >= succeeded)
                #expect(server.requests.count <= succeeded + unknown)
            }
        }
    }

    @Test("after shutdown: not sent")
    func shutDown() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url, retry: .never) { transport in
                _ = try await transport.send(.readThing)
                await transport.shutdown()
                let error = await transport.failure(of: .readThing)
                #expect(error?.delivery == .notSent)
                #expect(error?.message.contains("shut down") == true)
            }
            #expect(server.requests.count == 1)
        }
    }

    @Test("an operation for a service that the target lacks, or for none: not sent")
    func noService() async throws {
        try await withTransport(to: "https://console.invalid") { transport in
            let lacking = await transport.failure(of: .readXpanse)
            #expect(lacking?.delivery == .notSent)
            #expect(lacking?.message.contains("RUNBOOK_XPANSE_URL") == true)
            let own = Operation(
                "own.thing", apiName: "", endpoint: nil, result: .value, effect: .read, capability: "own:thing",
                summary: "")
            let none = await #expect(throws: APIError.self) {
                try await transport.send(OperationCall(checked: own, arguments: [:]))
            }
            #expect(none?.kind == .invalidArgument)
        }
    }
}

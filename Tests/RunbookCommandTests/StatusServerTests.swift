import CommandSupport
import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization
import Testing

@testable import runbook

@Suite struct StatusServerTests {
    /// Runs `body` with a server that tells the path it was asked for.
    private func withServer(
        at address: StatusAddress = .tcp(host: "127.0.0.1", port: 0), limits: StatusLimits = StatusLimits(),
        answer: @escaping @Sendable (String) async -> StatusReply = { StatusReply("this is \($0)\n") },
        _ body: (StatusServer) async throws -> Void
    ) async throws {
        let server = try await StatusServer.open(
            address, paths: ["/metrics", "/healthz"], on: MultiThreadedEventLoopGroup.singleton, limits: limits,
            answer: answer)
        do { try await body(server) } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    private func connect(to server: StatusServer) async throws -> RawConnection {
        switch server.address {
        case .tcp(_, let port): try await .open(port: port)
        case .unix(let path): try await .open(path: path)
        }
    }

    private func ask(_ server: StatusServer, _ request: String) async throws -> RawReply {
        let connection = try await connect(to: server)
        connection.send(request)
        return try await connection.reply()
    }

    private func get(_ path: String, _ headers: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n"
    }

    // MARK: Requests

    @Test func aPathIsAnswered() async throws {
        try await withServer(answer: { _ in StatusReply("a 1\n", contentType: MetricsPage.contentType) }) { server in
            let reply = try await ask(server, get("/metrics?name=x"))
            #expect(reply.status == 200)
            #expect(reply.body == "a 1\n")
            #expect(reply.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(reply.header("content-length") == "4")
            #expect(reply.header("cache-control") == "no-store")
        }
    }

    @Test func headIsAnsweredAsGetWithoutTheBody() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send("HEAD /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let reply = try await connection.reply(isHead: true)
            #expect(reply.status == 200)
            #expect(reply.header("content-length") == "17")
            // Had there been a body, it would come before this.
            connection.send(get("/healthz", "Connection: close\r\n"))
            #expect(try await connection.rest().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func aConnectionIsKeptForTheNextRequest() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            for path in ["/metrics", "/healthz", "/metrics"] {
                connection.send(get(path))
                #expect(try await connection.reply().body == "this is \(path)\n")
            }
        }
    }

    @Test func requestsSentAtOnceAreAnsweredInOrder() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send(get("/metrics") + get("/nothing") + get("/healthz"))
            #expect(try await connection.reply().body == "this is /metrics\n")
            #expect(try await connection.reply().status == 404)
            #expect(try await connection.reply().body == "this is /healthz\n")
        }
    }

    @Test func veryManyRequestsSentAtOnceAreAnsweredToo() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send(String(repeating: get("/nothing"), count: 2_000) + get("/metrics", "Connection: close\r\n"))
            let text = try await connection.rest()
            #expect(text.ranges(of: "HTTP/1.1 404 ").count == 2_000)
            #expect(text.hasSuffix("this is /metrics\n"))
        }
    }

    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", "close"),
        ("GET /metrics HTTP/1.0\r\n\r\n", "close"),
    ])
    func aConnectionIsClosedIfTheClientWantsThat(_ request: String, _ header: String) async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send(request)
            let reply = try #require(RawReply(try await connection.rest()))
            #expect(reply.body == "this is /metrics\n")
            #expect(reply.header("connection") == header)
        }
    }

    @Test func anOldClientMayKeepItsConnectionToo() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send("GET /metrics HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            #expect(try await connection.reply().header("connection") == "keep-alive")
            connection.send(get("/healthz"))
            #expect(try await connection.reply().status == 200)
        }
    }

    @Test func aClientThatHasEndedSendingGetsItsAnswer() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send(get("/metrics"))
            connection.endSending()
            #expect(try await connection.rest().hasSuffix("this is /metrics\n"))
        }
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
    func onlyReadingIsAllowed(_ method: String) async throws {
        try await withServer { server in
            let reply = try await ask(server, "\(method) /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(reply.status == 405)
            #expect(reply.header("allow") == "GET, HEAD")
        }
    }

    @Test func anUnknownPathGetsTheListOfPaths() async throws {
        try await withServer { server in
            for path in ["/", "/metrics/", "/Metrics", "//metrics", "/etc/passwd"] {
                let reply = try await ask(server, get(path))
                #expect(reply.status == 404)
                #expect(reply.body == "there is nothing here but /metrics, /healthz\n")
            }
        }
    }

    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n", 413),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", 413),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 413),
        ("POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000000\r\n\r\n", 405),
    ])
    func aBodyIsNotWaitedFor(_ request: String, _ status: Int) async throws {
        var limits = StatusLimits()
        limits.grace = .milliseconds(100)
        try await withServer(limits: limits) { server in
            let connection = try await connect(to: server)
            connection.send(request)
            let reply = try #require(RawReply(try await connection.rest()))
            #expect(reply.status == status)
            #expect(reply.header("connection") == "close")
            #expect(!reply.body.contains("this is"))
        }
    }

    @Test(arguments: [
        "hello\r\n\r\n", "GET /metrics\r\n\r\n", "GET /metrics HTTP/1.1\r\nHost localhost\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}",
        "GET /metrics HTTP/1.1\r\n Host: localhost\r\n\r\n",
    ])
    func whatIsNotHTTPIsRefused(_ text: String) async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send(text)
            let reply = try #require(RawReply(try await connection.rest()))
            #expect(reply.status == 400)
            #expect(reply.header("connection") == "close")
            // And the next one is answered.
            let answered = try await ask(server, get("/metrics")).status
            #expect(answered == 200)
        }
    }

    @Test(arguments: [
        ("GET /metrics HTTP/1.1\r\n\r\n", 400),
        ("GET /metrics HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n", 400),
        ("GET http://evil.example/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
        ("OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", 405),
    ])
    func aRequestNamesOneHostAndAPath(_ request: String, _ status: Int) async throws {
        try await withServer { server in
            let reply = try await ask(server, request)
            #expect(reply.status == status)
        }
    }

    @Test(arguments: [
        "X-Long: \(String(repeating: "x", count: 20_000))\r\n", String(repeating: "X-Many: 1\r\n", count: 3_000),
    ])
    func headersHaveALimit(_ headers: String) async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send(get("/metrics", headers))
            let text = try await connection.rest()
            // The rest of what it sends may meet a closed connection, which takes the reply with it.
            if let reply = RawReply(text) { #expect(reply.status == 431 || reply.status == 400) }
            #expect(!text.contains("this is"))
        }
    }

    @Test func aLongFirstLineHasALimitToo() async throws {
        try await withServer { server in
            let connection = try await connect(to: server)
            connection.send("GET /\(String(repeating: "x", count: 200_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(!(try await connection.rest().contains("200 OK")))
        }
    }

    // MARK: The host

    @Test(arguments: [
        "localhost", "localhost:9464", "LOCALHOST", "127.0.0.1", "127.0.0.1:9464", "127.8.9.10", "[::1]", "[::1]:9464",
        "[0:0:0:0:0:0:0:1]:80",
    ])
    func thisMachineIsNamedSo(_ host: String) async throws {
        try await withServer { server in
            let reply = try await ask(server, "GET /metrics HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            #expect(reply.status == 200)
        }
    }

    @Test(arguments: [
        "evil.example", "evil.example:9464", "127.0.0.1.evil.example", "localhost.evil.example", "192.168.1.5",
        "10.0.0.1:80",
        "[::2]", "[::ffff:127.0.0.1]", "::1", "127.1", "2130706433", "0.0.0.0", "localhost:80:80", "a@localhost", "",
        "localhost:9464x", "[::1",
    ])
    func anotherNameIsRefused(_ host: String) async throws {
        try await withServer { server in
            let reply = try await ask(server, "GET /metrics HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            #expect(reply.status == 421)
            #expect(!reply.body.contains("this is /metrics"))
        }
    }

    // MARK: Limits

    @Test func aConnectionThatAsksNothingIsClosed() async throws {
        var limits = StatusLimits()
        limits.firstRequest = .milliseconds(50)
        try await withServer(limits: limits) { server in
            let silent = try await connect(to: server), slow = try await connect(to: server)
            slow.send("GET /metrics HTTP/1.1\r\nHost: loc")
            #expect(try await silent.rest() == "")
            #expect(try await slow.rest() == "")
        }
    }

    @Test func aKeptConnectionIsClosedIfItIsNotUsed() async throws {
        var limits = StatusLimits()
        limits.idle = .milliseconds(50)
        try await withServer(limits: limits) { server in
            let connection = try await connect(to: server)
            connection.send(get("/metrics"))
            #expect(try await connection.reply().status == 200)
            #expect(try await connection.rest() == "")
        }
    }

    @Test func anAnswerThatTakesTooLongIsGivenUp() async throws {
        var limits = StatusLimits()
        limits.answer = .seconds(1)
        let (cancelled, told) = AsyncStream<Bool>.makeStream()
        try await withServer(limits: limits) { _ in
            try? await Task.sleep(for: .seconds(600))
            told.yield(Task.isCancelled)
            return StatusReply("late\n")
        } _: { server in
            let connection = try await connect(to: server)
            connection.send(get("/metrics"))
            #expect(try await connection.reply().status == 503)
            #expect(await cancelled.first { _ in true } == true)
            // The late answer does not come as the next one's.
            connection.send(get("/nothing"))
            #expect(try await connection.reply().status == 404)
        }
    }

    @Test func anAnswerThatNobodyWaitsForIsCancelled() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let (cancelled, told) = AsyncStream<Bool>.makeStream()
        var limits = StatusLimits()
        limits.answer = .seconds(600)
        limits.grace = .milliseconds(50)
        let server = try await StatusServer.open(
            .tcp(host: "127.0.0.1", port: 0), paths: ["/metrics"], on: MultiThreadedEventLoopGroup.singleton,
            limits: limits
        ) { _ in
            start.yield()
            try? await Task.sleep(for: .seconds(600))
            told.yield(Task.isCancelled)
            return StatusReply("late\n")
        }
        let connection = try await connect(to: server)
        connection.send(get("/metrics"))
        await started.first { _ in true }
        await server.close()
        #expect(await cancelled.first { _ in true } == true)
        #expect(try await connection.rest() == "")
    }

    @Test func aNewConnectionTakesThePlaceOfOneThatOnlyWaits() async throws {
        var limits = StatusLimits()
        limits.connections = 3
        try await withServer(limits: limits) { server in
            var waiting: [RawConnection] = []
            for _ in 0..<3 {
                let connection = try await connect(to: server)
                connection.send(get("/metrics"))
                #expect(try await connection.reply().status == 200)
                waiting.append(connection)
            }
            let answered = try await ask(server, get("/metrics")).status
            #expect(answered == 200)
            #expect(try await waiting[0].rest() == "")
            waiting[2].send(get("/healthz"))
            #expect(try await waiting[2].reply().status == 200)
        }
    }

    @Test func thoseThatGetTheirAnswerAreNotClosedForANewOne() async throws {
        var limits = StatusLimits()
        limits.connections = 2
        let (started, start) = AsyncStream<Void>.makeStream()
        let gate = Gate()
        try await withServer(limits: limits) { path in
            start.yield()
            await gate.wait()
            return StatusReply("this is \(path)\n")
        } _: { server in
            let busy = [try await connect(to: server), try await connect(to: server)]
            for connection in busy { connection.send(get("/metrics")) }
            var starts = started.makeAsyncIterator()
            for _ in busy { await starts.next() }
            let third = try await connect(to: server)
            #expect(try await third.rest() == "")
            gate.open()
            for connection in busy { #expect(try await connection.reply().body == "this is /metrics\n") }
        }
    }

    // MARK: Ends

    @Test func itEndsWhenItIsCancelled() async throws {
        try await withTemporaryDirectory { folder in
            // A port would be free again for the server of another test.
            let server = try await StatusServer.open(
                .unix(path: folder + "/status"), paths: ["/metrics"], on: MultiThreadedEventLoopGroup.singleton
            ) { _ in StatusReply("") }
            let waiting = try await connect(to: server)
            waiting.send(get("/metrics"))
            #expect(try await waiting.reply().status == 200)
            let running = Task { try await server.run() }
            running.cancel()
            try await running.value
            #expect(try await waiting.rest() == "")
            await #expect(throws: RawConnection.Failure.self) { try await connect(to: server) }
        }
    }

    @Test func aGracefulEndFinishesTheAnswerUnderWay() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let gate = Gate()
        let server = try await StatusServer.open(
            .tcp(host: "127.0.0.1", port: 0), paths: ["/metrics"], on: MultiThreadedEventLoopGroup.singleton,
            limits: {
                var limits = StatusLimits()
                limits.grace = .seconds(600)
                limits.answer = .seconds(600)
                return limits
            }()
        ) { _ in
            start.yield()
            await gate.wait()
            return StatusReply("whole\n")
        }
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: server)], logger: .init(label: "test")))
        let running = Task { try await group.run() }
        let connection = try await connect(to: server)
        connection.send(get("/metrics"))
        await started.first { _ in true }
        await group.triggerGracefulShutdown()
        // Nobody new is let in.
        while (try? await connect(to: server)) != nil {}
        gate.open()
        let reply = try #require(RawReply(try await connection.rest()))
        #expect(reply.body == "whole\n")
        try await running.value
    }

    // MARK: Addresses

    @Test(arguments: [
        ("127.0.0.1:9464", "127.0.0.1:9464"), ("127.0.0.2:0", "127.0.0.2:0"), ("[::1]:9464", "[::1]:9464"),
        ("localhost:80", "127.0.0.1:80"), (":9464", "127.0.0.1:9464"), ("unix:/run/x.sock", "unix:/run/x.sock"),
    ])
    func anAddressOfThisMachineIsTaken(_ text: String, _ address: String) throws {
        #expect(try StatusAddress(text).description == address)
    }

    @Test(arguments: [
        "0.0.0.0:9464", "192.168.1.5:9464", "[::]:9464", "example.com:80", "*:80", "[::ffff:127.0.0.1]:80", "127.1:80",
        "127.0.0.1.example:80",
    ])
    func anAddressThatOthersCanReachIsRefused(_ text: String) {
        let error = #expect(throws: CommandError.self) { try StatusAddress(text) }
        #expect(error?.message.contains("not authenticated") == true)
        #expect(error?.message.contains("reverse proxy") == true)
    }

    @Test(arguments: [
        "", "9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "unix:",
        "unix:run/x.sock", "unix:/run/",
    ])
    func whatIsNoAddressIsRefused(_ text: String) {
        let error = #expect(throws: CommandError.self) { try StatusAddress(text) }
        #expect(error?.message.contains("write ") == true)
    }

    @Test func aTakenPortIsSaid() async throws {
        try await withServer { server in
            let error = await #expect(throws: CommandError.self) {
                try await StatusServer.open(server.address, paths: [], on: MultiThreadedEventLoopGroup.singleton) { _ in
                    StatusReply("")
                }
            }
            #expect(error?.code == .failed)
            #expect(error?.message.contains("\(server.address)") == true)
            #expect(error?.message.contains("another program listens there") == true)
        }
    }

    // MARK: Unix sockets

    @Test func aSocketIsOfItsUserAloneAndGoneAfterwards() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/status.sock"
            try await withServer(at: .unix(path: path)) { server in
                #expect(permissions(path) == 0o600)
                // No browser comes here, and clients name whatever they like.
                let reply = try await ask(server, "GET /metrics HTTP/1.1\r\nHost: anything\r\n\r\n")
                #expect(reply.body == "this is /metrics\n")
            }
            #expect(LocalFiles().status(path) == nil)
        }
    }

    @Test func theSocketOfADeadServerIsReplaced() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/status.sock"
            // Bound, and closed without being removed, as by a server that was killed.
            close(try UnixSocketFile.open(path).descriptor)
            #expect(LocalFiles().status(path) != nil)
            try await withServer(at: .unix(path: path)) { server in
                let answered = try await ask(server, get("/metrics")).status
                #expect(answered == 200)
            }
        }
    }

    @Test func theSocketOfALivingServerIsLeftAlone() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/status.sock"
            try await withServer(at: .unix(path: path)) { server in
                let error = await #expect(throws: CommandError.self) {
                    try await StatusServer.open(
                        .unix(path: path), paths: [], on: MultiThreadedEventLoopGroup.singleton
                    ) { _ in StatusReply("") }
                }
                #expect(error?.message.contains("another program listens there") == true)
                let answered = try await ask(server, get("/metrics")).status
                #expect(answered == 200)
            }
        }
    }

    @Test func aFileIsNeverReplaced() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/status.sock"
            try PrivateFile.write(Array("mine".utf8), to: path)
            let error = #expect(throws: CommandError.self) { try UnixSocketFile.open(path) }
            #expect(error?.message.contains("something else of this name") == true)
            #expect(try LocalFiles().read(path, limit: 10) == Array("mine".utf8))
        }
    }

    @Test func aSocketThatAnotherServerMadeMeanwhileStays() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/status.sock"
            try await withServer(at: .unix(path: path)) { _ in
                unlink(path)
                try await withServer(at: .unix(path: path)) { second in
                    // The first one ends before the second.
                    let answered = try await ask(second, get("/metrics")).status
                    #expect(answered == 200)
                }
                close(try UnixSocketFile.open(path).descriptor)
            }
            #expect(LocalFiles().status(path) != nil)
        }
    }

    @Test func oneOfManyThatStartAtOnceGetsTheSocket() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory + "/status.sock"
            close(try UnixSocketFile.open(path).descriptor)
            let opened = await withTaskGroup(of: Int32?.self) { group in
                for _ in 0..<8 { group.addTask { try? UnixSocketFile.open(path).descriptor } }
                return await group.reduce(into: []) { all, one in one.map { all.append($0) } }
            }
            #expect(opened.count == 1)
            opened.forEach { close($0) }
        }
    }

    @Test func aPathHasALimit() throws {
        let fits = "unix:/" + String(repeating: "x", count: 106)
        #expect(try StatusAddress(fits).description == fits)
        let error = #expect(throws: CommandError.self) { try StatusAddress(fits + "x") }
        #expect(error?.message.contains("107 bytes") == true)
    }

    @Test func aFolderThatIsNotThereIsSaid() {
        let error = #expect(throws: CommandError.self) { try UnixSocketFile.open("/nonexistent/status.sock") }
        #expect(error?.message.contains("its folder /nonexistent: it does not exist") == true)
    }

    /// Lets those through who wait once it is open.
    private final class Gate: Sendable {
        private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))

        func wait() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }
}

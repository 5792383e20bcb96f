import Logging
import Operations
import RESTClient
import Testing

@Suite("Connections")
struct ConnectionReuseTests {
    @Test("one after the other, calls share one connection")
    func sequential() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url) { transport in
                for _ in 0..<10 { _ = try await transport.send(.readThing) }
            }
            #expect(server.requests.count == 10)
            #expect(server.connections == 1)
        }
    }

    @Test("no more calls are under way at once than the target allows, and all are served")
    func limit() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url, concurrency: 3) { transport in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<50 { group.addTask { _ = try await transport.send(.readThing) } }
                    try await group.waitForAll()
                }
            }
            #expect(server.requests.count == 50)
            #expect(server.connections <= 3)
        }
    }

    @Test("after a change of protocols a connection is not used again")
    func switchedProtocols() async throws {
        let answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n"
        try await HostileServer.with([.raw(answer), .json("{}")]) { server in
            try await withTransport(to: server.url, retry: .never) { transport in
                #expect(await transport.failure(of: .readThing) != nil)
                #expect(await transport.failure(of: .readThing) == nil)
            }
            #expect(server.connections == 2)
        }
    }

    @Test("an unused transport opens nothing, and one that is forgotten closes what it opened")
    func lifetime() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let target = Target(
                name: "t", services: [try ServiceTarget(.console, url: server.url, credentials: .console)])
            do { _ = RESTTransport(target: target, logger: quiet) }
            #expect(server.connections == 0)
            _ = try await RESTTransport(target: target, logger: quiet).send(.readThing)
            #expect(server.connections == 1)
        }
    }

    @Test("a path prefix stands before every path")
    func prefix() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url + "/vm/api/3/") { transport in
                _ = try await transport.send(.readThing)
            }
            #expect(server.requests.first?.target == "/vm/api/3/things/7")
        }
    }

    @Test("percent-encoded segments arrive as they were encoded")
    func encoding() async throws {
        let role = Operation(
            "roles.get", apiName: "get_role", endpoint: Endpoint(.console, .get, "/api/3/roles/{id}"),
            parameters: [Parameter("id", .name, in: .path, documentation: "Which.")], result: .object, effect: .read,
            capability: "roles:read", summary: "")
        for (id, path) in [
            ("Site Admin Custom", "Site%20Admin%20Custom"), ("a/b", "a%2Fb"), ("ü?#&=+%", "%C3%BC%3F%23%26%3D%2B%25"),
            ("..", "%2E%2E"), ("[x]{y}|\"<>^`\\", "%5Bx%5D%7By%7D%7C%22%3C%3E%5E%60%5C"),
        ] {
            try await HostileServer.with([.json("{}")]) { server in
                try await withTransport(to: server.url) { transport in
                    _ = try await transport.send(OperationCall(checked: role, arguments: ["id": .string(id)]))
                }
                #expect(server.requests.first?.target == "/api/3/roles/\(path)")
            }
        }
    }
}

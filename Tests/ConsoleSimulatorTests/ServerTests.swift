import Hummingbird
import HummingbirdTesting
import HTTPTypes
import NIOCore
import NIOPosix
import NIOSSL
import Operations
import Testing

@testable import ConsoleModel
@testable import ConsoleSimulator

@Suite struct ServerTests {
    private static func headers(_ info: (user: String, password: String)) -> HTTPFields {
        [.authorization: "Basic " + base64("\(info.user):\(info.password)")]
    }

    private static let credentials: HTTPFields = {
        let administrator = DataSet(seed: 1, wishes: .init(users: 0)).administrator
        return headers((administrator.login, administrator.password))
    }()

    @Test(arguments: [true, false])
    func usersAreReadAndChangedOverHTTP(_ isLive: Bool) async throws {
        let application = try ConsoleSimulator(configuration: .init(users: 20)).application()
        try await application.test(isLive ? .live : .router) { client in
            let body = ByteBuffer(bytes: Harness.newUser("http.user").bytes(revealingSecrets: true))
            let created = try await client.execute(
                uri: "/api/3/users", method: .post, headers: Self.credentials, body: body)
            #expect(created.status == .created)
            #expect(created.headers[.contentType] == "application/json;charset=UTF-8")
            #expect(try JSONValue(parsing: Array(created.body.readableBytesView))["id"] == 22)
            let page = try await client.execute(
                uri: "/api/3/users?page=2&size=10", method: .get, headers: Self.credentials)
            let users = try JSONValue(parsing: Array(page.body.readableBytesView))["resources"]?.arrayValue
            #expect(users?.map { $0["login"] }.last == "http.user")
            let encoded = try await client.execute(
                uri: "/api/3/roles/Site%20Admin%20Custom", method: .get, headers: Self.credentials)
            #expect(encoded.status == .ok)
            let refused = try await client.execute(uri: "/api/3/users", method: .get)
            #expect(refused.status == .unauthorized)
            #expect(refused.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
            let wrong = try await client.execute(uri: "/api/3/users", method: .delete, headers: Self.credentials)
            #expect(wrong.status == .methodNotAllowed)
            #expect(wrong.headers[.allow] == "GET, POST")
        }
    }

    @Test func headersOfBothSystemsAreRead() async throws {
        let simulator = ConsoleSimulator(configuration: .init(users: 20, acceptedToken: "123456"))
        let harness = Harness(wishes: .init(users: 20))
        let keys = harness.simulation.xpanseKeys
        try await simulator.application().test(.router) { client in
            let nonce = String(repeating: "n", count: 64)
            let timestamp = String(SimulatorClock.system.milliseconds())
            let signature = XpanseKeys.signature(key: keys[.advanced].key, nonce: nonce, timestamp: timestamp)
            var headers: HTTPFields = [.authorization: signature]
            for (name, value) in [
                ("X-XDR-Auth-ID", keys[.advanced].id), ("x-xdr-nonce", nonce), ("x-xdr-timestamp", timestamp),
            ] { headers[try #require(HTTPField.Name(name))] = value }
            let users = try await client.execute(
                uri: "/public_api/v1/rbac/get_users/", method: .post, headers: headers,
                body: ByteBuffer(string: "{\"request_data\":{}}"))
            #expect(users.status == .ok)
            _ = try await client.execute(uri: "/api/3/users/1/2FA", method: .post, headers: Self.credentials)
            var console = Self.credentials
            let without = try await client.execute(uri: "/api/3/users/1", method: .get, headers: console)
            #expect(without.status == .unauthorized)
            console[try #require(HTTPField.Name("Token"))] = "123456"
            let with = try await client.execute(uri: "/api/3/users/1", method: .get, headers: console)
            #expect(with.status == .ok)
        }
    }

    @Test func bodyWithoutEndIsRefused() async throws {
        let application = try ConsoleSimulator(configuration: .init(users: 1)).application()
        try await application.test(.router) { client in
            let body = ByteBuffer(repeating: UInt8(ascii: " "), count: 9 * 1024 * 1024)
            let answer = try await client.execute(
                uri: "/api/3/users", method: .post, headers: Self.credentials, body: body)
            #expect(answer.status == .contentTooLarge)
        }
    }

    @Test func infoIsOneLineThatHoldsWhatAClientNeeds() async throws {
        try await ConsoleSimulator.withRunning(.init(users: 20)) { info in
            let line = info.jsonLine()
            #expect(!line.contains("\n"))
            let value = try JSONValue(parsing: line)
            #expect(value.objectValue?.keys.sorted() == ["password", "url", "user", "xpanse"])
            #expect(value["url"]?.stringValue?.hasPrefix("http://127.0.0.1:") == true)
            for kind in ["standard", "advanced", "unlicensed", "unprivileged"] {
                #expect(value["xpanse"]?[kind]?.objectValue?.keys.sorted() == ["id", "key"])
            }
            #expect(value["xpanse"]?["users"]?.arrayValue?.count == 23)
            #expect(value["xpanse"]?["roles"]?.arrayValue?.contains("Viewer") == true)
            let request = RawConnection.request("GET", "/api/3/users/1", user: info.user, password: info.password)
            let outcome = try await RawConnection.send(request, to: info.url)
            #expect(outcome.text.contains("\"href\":\"\(info.url)/api/3/users/1\""))
        }
    }

    @Test func portThatIsTakenIsAClearError() async throws {
        try await ConsoleSimulator.withRunning(.init(users: 1)) { info in
            let port = try #require(info.url.split(separator: ":").last.flatMap { Int($0) })
            let error = await #expect(throws: SimulatorError.self) {
                try await ConsoleSimulator.withRunning(.init(port: port, users: 1)) { _ in }
            }
            #expect(error?.description.contains("port \(port): Address already in use. Choose another") == true)
        }
    }

    @Test(arguments: [(-1, "127.0.0.1"), (70_000, "127.0.0.1"), (0, "no such host")])
    func addressThatIsNoneIsAClearError(_ port: Int, _ host: String) async throws {
        let error = await #expect(throws: SimulatorError.self) {
            try await ConsoleSimulator.withRunning(.init(port: port, host: host, users: 1)) { _ in }
        }
        #expect(error?.description.contains("cannot listen on \(host) port \(port)") == true)
    }

    @Test func certificateIsTrustedByAClientThatKnowsIt() async throws {
        try await ConsoleSimulator.withRunning(.init(users: 5, tls: true)) { info in
            #expect(info.url.hasPrefix("https://"))
            let pem = try #require(info.certificate)
            #expect(try JSONValue(parsing: info.jsonLine())["certificate"] == .string(pem))
            let port = try #require(info.url.split(separator: ":").last.flatMap { Int($0) })
            for name in ["localhost", "127.0.0.1"] {
                let certificates = try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8))
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .certificates(certificates)
                let outcome = try await RawConnection.sendTLS(
                    RawConnection.request("GET", "/api/3/users/1", user: info.user, password: info.password),
                    port: port, name: name, tls)
                #expect(outcome.text.hasPrefix("HTTP/1.1 200 OK"))
            }
        }
    }

    @Test func resetUnderTLSSaysNoGoodbye() async throws {
        let configuration = SimulatorConfiguration(users: 5, tls: true, faults: Faults(script: [.resetAfter]))
        try await ConsoleSimulator.withRunning(configuration) { info in
            let port = try #require(info.url.split(separator: ":").last.flatMap { Int($0) })
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array((info.certificate ?? "").utf8)))
            let outcome = try await RawConnection.sendTLS(
                RawConnection.request("DELETE", "/api/3/users/3/lock", user: info.user, password: info.password),
                port: port, name: "localhost", tls)
            #expect(outcome.wasReset)
            #expect(outcome.bytes.isEmpty)
        }
    }

    @Test func serverStopsWhenItsTaskIsCancelledAlsoWithOpenConnections() async throws {
        let configuration = SimulatorConfiguration(users: 1)
        let (url, connection) = try await ConsoleSimulator.withRunning(configuration) { info in
            let request = RawConnection.request("GET", "/api/3/users/1", user: info.user, password: info.password)
            let connection = try await RawConnection.Open(to: info.url)
            let kept = request.replacing("Connection: close\r\n", with: "")
            #expect(try await connection.exchange(kept).hasPrefix("HTTP/1.1 200 OK"))
            return (info.url, connection)
        }
        try await connection.waitUntilClosed()
        await #expect(throws: (any Error).self) { try await RawConnection.Open(to: url) }
    }

    @Test func ledgerMissesNothingWhenManyChangeAtOnce() async throws {
        let configuration = SimulatorConfiguration(users: 60, lockedInRole: .init(role: "user", count: 40))
        let wishes = DataSet.Wishes(users: 60, lockedInRole: .init(role: "user", count: 40))
        let console = DataSet(seed: 1, wishes: wishes).console
        let locked = console.userIDs(role: "user").filter { console.user($0)?.isLocked == true }
        try await ConsoleSimulator.withRunning(configuration) { info in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for id in locked {
                    group.addTask {
                        let request = RawConnection.request(
                            "DELETE", "/api/3/users/\(id)/lock", user: info.user, password: info.password)
                        let outcome = try await RawConnection.send(request, to: info.url)
                        #expect(outcome.text.hasPrefix("HTTP/1.1 200 OK"))
                    }
                }
                try await group.waitForAll()
            }
            let request = RawConnection.request(
                "GET", "/_simulator/ledger", user: info.user, password: info.password)
            let text = try await RawConnection.send(request, to: info.url).text
            let body = try #require(text.split(separator: "\r\n\r\n", maxSplits: 1).last)
            let entries = try #require(try JSONValue(parsing: String(body)).arrayValue)
            #expect(entries.map { $0["seq"] } == (1...40).map { .integer($0) })
            #expect(
                Set(entries.map { $0["path"] }) == Set(locked.map { .string("/api/3/users/\($0)/lock") }))
        }
    }

    @Test func cancelledServerReturns() async throws {
        let simulator = ConsoleSimulator(configuration: .init(users: 1))
        let (ready, continuation) = AsyncStream.makeStream(of: SimulatorInfo.self)
        let serving = Task { try await simulator.run { continuation.yield($0) } }
        for await _ in ready { break }
        serving.cancel()
        try await serving.value
    }
}

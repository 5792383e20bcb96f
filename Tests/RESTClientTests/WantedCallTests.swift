import Operations
import RESTClient
import Synchronization
import Testing

@Suite("A call that nobody wants any more")
struct WantedCallTests {
    private final class Wish: Sendable { let asked = Mutex((count: 0, answer: true)) }

    @Test("is not sent when its turn comes behind others")
    func behindOthers() async throws {
        try await HostileServer.with([.silence]) { server in
            try await withTransport(to: server.url, concurrency: 1) { transport in
                let first = Task { await transport.failure(of: .putThing) }
                await server.waitForRequests(1)
                let wish = Wish()
                let second = Task { () async -> APIError? in
                    do throws(APIError) {
                        _ = try await transport.send(.deleteThing) {
                            wish.asked.withLock { asked in
                                asked.count += 1
                                return asked.answer
                            }
                        }
                        return nil
                    } catch { return error }
                }
                for _ in 0..<100 { await Task.yield() }
                #expect(wish.asked.withLock(\.count) == 0)
                wish.asked.withLock { $0.answer = false }
                first.cancel()
                #expect(await second.value?.delivery == .notSent)
                #expect(wish.asked.withLock(\.count) == 1)
                #expect(server.requests.count == 1)
                _ = await first.value
            }
        }
    }

    @Test("is not tried again")
    func retry() async throws {
        try await HostileServer.with([.reply(503), .json("{}")]) { server in
            try await withTransport(to: server.url) { transport in
                let wish = Wish()
                await #expect(throws: APIError.self) {
                    try await transport.send(.putThing) {
                        wish.asked.withLock { asked in
                            asked.count += 1
                            return asked.count == 1
                        }
                    }
                }
                #expect(server.requests.count == 1)
            }
        }
    }
}

import Logging
import NIOCore
import NIOPosix
import Operations
import RESTClient
import Synchronization
import Testing

/// Runs tasks on an event loop.
private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

@Suite("The calls that share a target's connections")
struct ConnectionPoolTests {
    private final class Order: Sendable { let indices = Mutex<[Int]>([]) }

    @Test("are sent in the order in which they came")
    func order() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url, concurrency: 1) { transport in
                let order = Order()
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<20 {
                        // Stands in line before the next one begins.
                        group.addImmediateTask {
                            _ = try? await transport.send(.readThing) {
                                order.indices.withLock { $0.append(index) }
                                return true
                            }
                        }
                    }
                }
                #expect(order.indices.withLock { $0 } == Array(0..<20))
            }
        }
    }

    @Test("lose no place to those that are cancelled")
    func cancelled() async throws {
        try await HostileServer.with([.json("{}")]) { server in
            try await withTransport(to: server.url, concurrency: 3) { transport in
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<300 {
                        group.addTask {
                            let task = Task { _ = await transport.failure(of: .readThing) }
                            if index % 2 == 0 { task.cancel() }
                            await task.value
                        }
                    }
                }
                // All three places are free again.
                let failures = await withTaskGroup(of: APIError?.self) { group in
                    for _ in 0..<3 { group.addTask { await transport.failure(of: .readThing) } }
                    return await group.reduce(into: [APIError?]()) { $0.append($1) }
                }
                #expect(failures == [nil, nil, nil])
            }
        }
    }

    @Test("work the same when they are made on the connections' own thread")
    func ownThread() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        try await HostileServer.with([.json("{}"), .reset]) { server in
            let target = Target(
                name: "t",
                services: [try ServiceTarget(.console, url: server.url, credentials: .console, concurrency: 2)])
            let transport = RESTTransport(
                target: target, retry: .never, clock: VirtualClock(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                eventLoopGroup: group)
            let failures = await Task(executorPreference: LoopExecutor(group.any())) {
                [
                    await transport.failure(of: .readThing), await transport.failure(of: .regenerateThing),
                ]
            }.value
            #expect(failures.map(\.?.delivery) == [nil, .unknown])
            await transport.shutdown()
        }
        try await group.shutdownGracefully()
    }
}

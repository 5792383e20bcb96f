import Synchronization
import Testing

@testable import RESTClient

@Suite("The limit of calls under way")
struct ConcurrencyLimitTests {
    private final class Counter: Sendable {
        private let value = Mutex(0)

        @discardableResult func add(_ number: Int) -> Int {
            value.withLock { value in
                value += number
                return value
            }
        }
    }

    private final class Order: Sendable { let entered = Mutex<[Int]>([]) }

    @Test("is never exceeded, and no place is lost, however many waiters are cancelled")
    func stress() async throws {
        let limit = ConcurrencyLimit(3)
        let inside = Counter()
        let entered = Counter()
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let task = Task {
                        guard (try? await limit.enter()) != nil else { return }
                        #expect(inside.add(1) <= 3)
                        entered.add(1)
                        await Task.yield()
                        inside.add(-1)
                        limit.leave()
                    }
                    if index % 2 == 0 { task.cancel() }
                    await task.value
                }
            }
        }
        #expect(entered.add(0) >= 150)
        // All three places are free again.
        for _ in 0..<3 { try await limit.enter() }
        let fourth = Task { try await limit.enter() }
        fourth.cancel()
        await #expect(throws: CancellationError.self) { try await fourth.value }
    }

    @Test("lets in whoever waits longest")
    func order() async throws {
        let limit = ConcurrencyLimit(1)
        try await limit.enter()
        let order = Order()
        var tasks: [Task<Void, any Error>] = []
        for index in 0..<5 {
            tasks.append(
                Task {
                    try await limit.enter()
                    order.entered.withLock { $0.append(index) }
                    limit.leave()
                })
            while limit.waiting <= index { await Task.yield() }
        }
        limit.leave()
        for task in tasks { try await task.value }
        #expect(order.entered.withLock { $0 } == [0, 1, 2, 3, 4])
    }
}

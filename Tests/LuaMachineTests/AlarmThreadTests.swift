import Synchronization
import Testing

@testable import LuaMachine

@Suite struct AlarmThreadTests {
    /// What several closures may touch.
    private final class Shared<Value: Sendable>: Sendable {
        let value: Mutex<Value>

        init(_ value: Value) { self.value = Mutex(value) }
    }

    @Test func jobsComeInTheOrderOfTheirMoments() {
        var queue = TimerQueue()
        let order = Shared<[Int]>([])
        let start = ContinuousClock.now
        func ticket(_ milliseconds: Int, _ number: UInt64) -> TimerQueue.Ticket {
            TimerQueue.Ticket(due: start + .milliseconds(milliseconds), number: number)
        }
        let tickets = [ticket(30, 1), ticket(10, 2), ticket(20, 3), ticket(10, 4), ticket(40, 5)]
        for (index, ticket) in tickets.enumerated() {
            queue.add(ticket) { order.value.withLock { $0.append(index) } }
        }
        #expect(queue.next == start + .milliseconds(10))
        queue.cancel(tickets[2])
        queue.cancel(tickets[2])
        for job in queue.takeDue(at: start + .milliseconds(30)) { job() }
        #expect(order.value.withLock(\.self) == [1, 3, 0])
        #expect(queue.next == start + .milliseconds(40))
        queue.cancel(tickets[4])
        #expect(queue.next == nil)
        #expect(queue.takeDue(at: start + .seconds(1)).isEmpty)
    }

    @Test func aSleepLastsAtLeastItsTime() async throws {
        let alarm = AlarmThread()
        let start = ContinuousClock.now
        try await alarm.sleep(for: .milliseconds(20))
        #expect(.now - start >= .milliseconds(20))
    }

    @Test func aCancelledSleepEndsAtOnce() async throws {
        let alarm = AlarmThread()
        let sleeper = Task { try await alarm.sleep(for: .seconds(3_600)) }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        let cancelledBefore = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await alarm.sleep(for: .seconds(3_600))
        }
        await #expect(throws: CancellationError.self) { try await cancelledBefore.value }
    }

    /// Whatever keeps the pool busy does not keep an alarm from ringing.
    @Test func aTaskOnTheThreadNeedsNobodyElse() async throws {
        let alarm = AlarmThread()
        let isOver = Shared(false)
        let watch = Task(executorPreference: alarm) {
            try? await alarm.sleep(for: .milliseconds(20))
            isOver.value.withLock { $0 = true }
        }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 { group.addTask { while !isOver.value.withLock(\.self) {} } }
        }
        await watch.value
    }
}

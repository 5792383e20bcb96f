import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("Waiting for time, or for a ring", .timeLimit(.minutes(1)))
struct DoorbellTests {
    let clock = ManualClock(noon)
    let doorbell = Doorbell()

    @Test func itWaitsAsLongAsItShould() async {
        let waiting = Task { await doorbell.wait(for: .seconds(1), clock: clock) }
        await clock.sleepers(1)
        clock.advance(by: 1_000)
        await waiting.value
    }

    @Test func aRingEndsTheWaiting() async {
        let waiting = Task { await doorbell.wait(for: .seconds(1), clock: clock) }
        await clock.sleepers(1)
        doorbell.ring()
        await waiting.value
    }

    @Test func aRingBeforeIsHeardAndOnce() async {
        doorbell.ring()
        doorbell.ring()
        await doorbell.wait(for: .seconds(1), clock: clock)
        let waiting = Task { await doorbell.wait(for: .seconds(1), clock: clock) }
        await clock.sleepers(1)
        clock.advance(by: 1_000)
        await waiting.value
    }

    @Test func aCancelledTaskDoesNotWait() async {
        let waiting = Task { await doorbell.wait(for: .seconds(1), clock: clock) }
        await clock.sleepers(1)
        waiting.cancel()
        await waiting.value
    }

    @Test func ringsFromManyTasksAreNeverLost() async {
        for _ in 0..<300 {
            let waiting = Task { await doorbell.wait(for: .seconds(1), clock: clock) }
            await withDiscardingTaskGroup { group in
                for _ in 0..<4 { group.addTask { doorbell.ring() } }
            }
            // Whoever rang either ended the waiting, or was heard before it began.
            await waiting.value
        }
    }
}

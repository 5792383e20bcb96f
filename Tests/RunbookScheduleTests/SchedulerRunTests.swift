import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("The scheduler as it runs by itself", .timeLimit(.minutes(1)))
struct SchedulerRunTests {
    let clock = ManualClock(noon)
    let memory = InMemoryScheduleStore()
    let runner = PretendedRunner()

    private func station(
        _ process: Int32 = 1, isAlive: @escaping @Sendable (RunOwner) -> Bool? = { _ in nil }
    ) -> Station { Station(process, memory, clock, runner: runner, isAlive: isAlive) }

    private var book: ScheduleBook { ScheduleBook(store: memory, zones: sharedZones, clock: clock) }

    private func slots() async throws -> [Slot] {
        try await memory.slots(of: "id-report", before: nil, states: [], limit: 100).reversed()
    }

    /// Lets time pass second by second, each as soon as the scheduler sleeps.
    private func pass(_ seconds: Int64) async {
        for _ in 0..<seconds {
            await clock.sleepers(1)
            clock.advance(by: second)
        }
        await clock.sleepers(1)
    }

    @Test func itStartsWhatIsDueAndLeavesWhenNothingIsUnderWay() async throws {
        _ = try await book.add(.sample("report", "every 5s"), actor: "ada")
        let station = station()
        let run = Task { await station.scheduler.run() }
        await pass(5)
        await runner.started(1)
        let first = try #require(runner.started.first)
        #expect(first.slot.planned == noon + 5 * second)
        #expect(first.lateness == 0)
        runner.finish(first.run)
        await pass(5)
        await runner.started(2)
        await station.scheduler.leave()
        runner.finish(runner.started[1].run)
        await run.value
        #expect(try await slots().map(\.state) == [.ran, .ran])
        #expect(try await memory.carriers().isEmpty)
    }

    @Test func itHearsOfAChangeAtOnceIfItIsTold() async throws {
        let station = station()
        let run = Task { await station.scheduler.run() }
        await clock.sleepers(1)
        _ = try await book.add(.sample("report", "@yearly"), actor: "ada")
        _ = try await book.runNow("report", actor: "ada")
        station.scheduler.planAnew()
        // No time has passed.
        await runner.started(1)
        #expect(runner.started.first?.slot.origin == .person)
        runner.finish(runner.started[0].run)
        await station.scheduler.leave()
        await run.value
    }

    @Test func whatIsNotDoneInTimeIsEndedAndTakenUpByTheNext() async throws {
        _ = try await book.add(.sample("report", "@hourly"), actor: "ada")
        let station = station()
        clock.advance(by: hour)
        let run = Task { await station.scheduler.run() }
        await runner.started(1)
        let order = runner.started[0]
        await clock.sleepers(1)
        await station.scheduler.leave()
        await pass(29)
        #expect(!order.cancellation.isCancelled)
        await clock.sleepers(1)
        clock.advance(by: 2 * second)
        await run.value
        #expect(order.cancellation.isCancelled)
        #expect(try await slots().map(\.state) == [.interrupted])
        #expect(try await memory.carriers().isEmpty)
        let next = self.station(2)
        let orders = await next.look()
        #expect(orders.map(\.run) == [order.run])
        #expect(orders.map(\.takesUp) == [true])
    }

    @Test func whoCancelsTheTaskMakesItLeaveInOrder() async throws {
        _ = try await book.add(.sample("report", "@hourly"), actor: "ada")
        let station = station()
        clock.advance(by: hour)
        let run = Task { await station.scheduler.run() }
        await runner.started(1)
        run.cancel()
        // What is under way may go on, and the scheduler waits for it without looking all the time.
        await pass(10)
        let calls = station.store.calls
        await pass(5)
        #expect(station.store.calls - calls <= 5)
        runner.finish(runner.started[0].run)
        await run.value
        #expect(try await slots().map(\.state) == [.ran])
    }

    @Test func anEndThatCannotBeWrittenBeforeItLeavesIsLeftToOthers() async throws {
        _ = try await book.add(.sample("report", "@hourly"), actor: "ada")
        let station = station()
        clock.advance(by: hour)
        let run = Task { await station.scheduler.run() }
        await runner.started(1)
        await clock.sleepers(1)
        station.store.set(isDown: true)
        runner.finish(runner.started[0].run)
        await station.scheduler.leave()
        let ending = Signal()
        let waiting = Task {
            await run.value
            ending.ring()
        }
        // It tries again until its time is up.
        while station.said().names.contains("ended elsewhere") == false, !ending.hasRung {
            clock.advance(by: second)
            await Task.yield()
        }
        await waiting.value
        #expect(try await slots().map(\.state) == [.running])
        let next = self.station(2, isAlive: { $0.process != 1 })
        #expect(await next.look().map(\.takesUp) == [true])
    }

    @Test func whoLeavesBeforeItBeginsDoesNothing() async throws {
        let station = station()
        await station.scheduler.leave()
        await station.scheduler.run()
        #expect(station.store.calls == 0)
    }
}

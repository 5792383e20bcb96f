import Operations
import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("What people do with schedules", .timeLimit(.minutes(1)))
struct ScheduleBookTests {
    let clock = ManualClock(noon + 500)
    let memory = InMemoryScheduleStore()

    private var book: ScheduleBook { ScheduleBook(store: memory, zones: sharedZones, clock: clock) }

    @discardableResult
    private func add(
        _ name: String = "report", _ trigger: String = "*/10 * * * *", _ change: (inout Schedule) -> Void = { _ in }
    ) async throws -> Schedule {
        try await book.add(.sample(name, trigger, created: clock.unixMilliseconds(), change), actor: "ada")
    }

    private func slots(_ name: String = "report") async throws -> [Slot] {
        try await memory.slots(of: "id-\(name)", before: nil, states: [], limit: .max).reversed()
    }

    private func refusal(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return ""
        } catch let failure as ScheduleBook.Failure { return failure.description } catch { return "\(error)" }
    }

    @Test func whatIsAddedBeginsLaterThanNow() async throws {
        clock.set(noon + 10 * minute)
        let schedule = try await add()
        #expect(schedule.next == noon + 20 * minute)
        #expect(schedule.actor == "ada")
        #expect(try await slots().isEmpty)
        let interval = try await add("interval", "every 15m")
        #expect(interval.next == noon + 25 * minute)
    }

    @Test func aNameIsTakenOnceAlsoByRenaming() async throws {
        try await add("one")
        try await add("two")
        #expect(
            await refusal { try await add("one") }
                == "there is a schedule 'one' already: give another name, or change that one with 'runbook schedule edit one'"
        )
        #expect(
            await refusal { _ = try await book.edit("two", actor: "bob") { $0.name = "one" } }
                == "there is a schedule 'one' already: give another name, or change that one with 'runbook schedule edit one'"
        )
        _ = try await book.remove("one", actor: "bob")
        _ = try await book.edit("two", actor: "bob") { $0.name = "one" }
        #expect(try await book.entry(named: "one").schedule.id == "id-two")
    }

    @Test func whatMakesNoSenseIsRefused() async throws {
        #expect(await refusal { try await add("a/b") }.contains("cannot be a schedule's name"))
        #expect(await refusal { try await add { $0.retry.count = -1 } } == "--retry must be 0 or more, not -1")
        #expect(await refusal { try await add { $0.jitter = .max } } == "--jitter must not be more than a year")
        #expect(await refusal { try await add { $0.zone = "Atlantis" } }.contains("Atlantis"))
        #expect(await refusal { try await add("x", "at 2025-01-01T00:00:00Z") }.contains("never comes again"))
        #expect(
            await refusal {
                try await add {
                    $0.starting = noon + day
                    $0.until = noon + hour
                }
            } == "--starting must not be later than --until")
        #expect(await refusal { _ = try await book.pause("nobody", reason: "", actor: "bob") }.contains("'nobody'"))
        #expect(try await memory.entries().isEmpty)
    }

    @Test func anEditSkipsWhatWaitsAndRunsNothingThatIsPast() async throws {
        try await add { $0.jitter = 5 * minute }
        let station = Station(1, memory, clock)
        clock.set(noon + 10 * minute)
        await station.look()
        #expect(try await slots().map(\.state) == [.waiting])
        clock.set(noon + 35 * minute)
        let edited = try await book.edit("report", actor: "bob") { schedule in
            schedule.trigger = "*/7 * * * *"
            // What people may not change stays as it is.
            schedule.cursor = 0
            schedule.phase = .removed
        }
        #expect(edited.next == noon + 42 * minute)
        #expect(edited.phase == .active)
        let slots = try await slots()
        #expect(slots.map { ($0.planned - noon) / minute } == [10, 20, 30])
        #expect(slots.allSatisfy { $0.state == .skipped || $0.state == .missed })
        #expect(slots.first?.reason == "the schedule was edited")
        #expect(await station.look().isEmpty)
    }

    @Test func whatRunsGoesOnWhenItsScheduleIsPausedOrRemoved() async throws {
        try await add()
        let station = Station(1, memory, clock)
        clock.set(noon + 10 * minute)
        let order = try #require(await station.look().first)
        _ = try await book.pause("report", reason: "holidays", actor: "bob")
        _ = try await book.remove("report", actor: "bob")
        await station.succeed(order)
        #expect(try await slots().map(\.state) == [.ran])
        clock.set(noon + day)
        #expect(await station.look().isEmpty)
        #expect(try await slots().count == 1)
    }

    @Test func aRunThatWasLeftIsTakenUpAlsoIfItsScheduleWasRemoved() async throws {
        try await add()
        let station = Station(1, memory, clock)
        clock.set(noon + 10 * minute)
        let order = try #require(await station.look().first)
        _ = try await book.remove("report", actor: "bob")
        await station.scheduler.end(order, .ended(.cancelled, message: "", canBeTakenUp: false))
        #expect(await station.look().map(\.run) == [order.run])
    }

    @Test func whatComesWhileItIsPausedIsSkippedAndResumingRunsNothingOfIt() async throws {
        try await add()
        _ = try await book.pause("report", reason: "holidays", actor: "bob")
        clock.set(noon + 65 * minute)
        let resumed = try await book.resume("report", actor: "bob")
        #expect(resumed.next == noon + 70 * minute)
        #expect(resumed.pauseReason == "" && resumed.paused == nil)
        let slots = try await slots()
        #expect(slots.count == 6)
        #expect(slots.allSatisfy { $0.state == .skipped && $0.reason == "the schedule is paused" })
    }

    @Test func aYearOfMinutesIsNoTroubleForAnEdit() async throws {
        try await add("report", "* * * * *")
        let days: Int64 = 20
        clock.set(noon + days * day)
        _ = try await book.edit("report", actor: "bob") { $0.trigger = "@hourly" }
        #expect(try await slots().count == Int(days) * 1_440)
    }

    @Test func aPersonsSlotIsStartedAtOnceAndNotBesideAnother() async throws {
        try await add()
        let planned = try await book.runNow("report", actor: "bob")
        #expect(planned == noon + 500)
        let station = Station(1, memory, clock)
        let order = try #require(await station.look().first)
        #expect(order.slot.origin == .person)
        #expect(await refusal { _ = try await book.runNow("report", actor: "bob") }.contains("under way"))
        await station.succeed(order)
        _ = try await book.edit("report", actor: "bob") { $0.overlap = .allow }
        clock.advance(by: 1)
        _ = try await book.runNow("report", actor: "bob")
        clock.advance(by: 1)
        _ = try await book.runNow("report", actor: "bob")
        #expect(await station.look().count == 2)
    }

    @Test func aChangeIsMadeOnTopOfWhatOthersWriteMeanwhile() async throws {
        try await add()
        let station = Station(1, memory, clock)
        clock.set(noon + 10 * minute)
        let begun = Handover()
        let slow = FaultyStore(memory)
        // The scheduler starts the slot after the book has read the schedule, and before it writes.
        slow.plan(.preceded { begun.give(await station.look()) }, at: 2)
        let book = ScheduleBook(store: slow, zones: sharedZones, clock: clock)
        let paused = try await book.pause("report", reason: "holidays", actor: "bob")
        #expect(paused.phase == .paused)
        let order = try #require(begun.take().first)
        #expect(try await slots().map(\.state) == [.running])
        await station.succeed(order)
        #expect(try await slots().map(\.state) == [.ran])
        #expect(try await book.entry(named: "report").schedule.phase == .paused)
    }

    /// Nobody was there when the clock went back, and somebody edits the schedule before a scheduler comes.
    @Test func anEditAfterTheClockWentBackDoesNotStandInTheWayOfWhatRanAhead() async throws {
        try await add()
        let station = Station(1, memory, clock)
        clock.set(noon + hour)
        await station.succeed(try #require(await station.look().first))
        station.store.kill()
        clock.set(noon + minute)
        _ = try await book.edit("report", actor: "bob") { $0.overlap = .queue }
        let next = Station(2, memory, clock, isAlive: { _ in false })
        var ran: [Int64] = []
        for _ in 0..<75 {
            clock.advance(by: minute)
            for order in await next.look() {
                ran.append((order.slot.planned - noon) / minute)
                await next.succeed(order)
            }
        }
        #expect(ran == [10, 20, 30, 40, 50, 70])
        #expect(try await slots().map { ($0.planned - noon) / minute } == [10, 20, 30, 40, 50, 60, 70])
    }

    @Test func everyChangeStandsInTheAuditLog() async throws {
        let runs = InMemoryStore()
        let memory = InMemoryScheduleStore(runs: runs)
        let book = ScheduleBook(store: memory, zones: sharedZones, clock: clock)
        _ = try await book.add(.sample(), actor: "ada")
        _ = try await book.edit("report", actor: "bob") { $0.planOnly = true }
        _ = try await book.pause("report", reason: "x", actor: "cid")
        _ = try await book.resume("report", actor: "dan")
        _ = try await book.runNow("report", actor: "eve")
        _ = try await book.remove("report", actor: "fay")
        let lines = try await runs.auditLines(after: 0, limit: 100).map { String(decoding: $0.text, as: UTF8.self) }
        let expected = [
            ("added", "ada"), ("edited", "bob"), ("paused", "cid"), ("resumed", "dan"), ("started", "eve"),
            ("removed", "fay"),
        ]
        let changes = lines.filter { $0.contains("schedule.changed") }
        #expect(changes.count == expected.count)
        for (line, (action, actor)) in zip(changes, expected) {
            #expect(line.contains("\"\(action)\"") && line.contains("\"\(actor)\""))
        }
    }
}

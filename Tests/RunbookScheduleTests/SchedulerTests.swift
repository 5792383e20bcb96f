import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("The scheduler, look by look")
struct SchedulerTests {
    let clock = ManualClock(noon)
    let memory = InMemoryScheduleStore()

    private func station(
        _ process: Int32 = 1, settings: SchedulerSettings = SchedulerSettings(),
        isAlive: @escaping @Sendable (RunOwner) -> Bool? = { _ in nil }
    ) -> Station { Station(process, memory, clock, settings: settings, isAlive: isAlive) }

    private var book: ScheduleBook { ScheduleBook(store: memory, zones: sharedZones, clock: clock) }

    private func add(
        _ name: String = "report", _ trigger: String = "*/10 * * * *", _ change: (inout Schedule) -> Void = { _ in }
    ) async throws {
        _ = try await book.add(.sample(name, trigger, created: clock.unixMilliseconds(), change), actor: "ada")
    }

    private func slots(_ name: String = "report") async throws -> [Slot] {
        try await memory.slots(of: "id-\(name)", before: nil, states: [], limit: 10_000).reversed()
    }

    private func states(_ name: String = "report") async throws -> [Slot.State] {
        try await slots(name).map(\.state)
    }

    // MARK: Time

    @Test func aSlotIsStartedAtItsTimeAndTheNextLookIsWhenSomethingIsDue() async throws {
        try await add()
        let station = station()
        #expect(await station.lookOnce().pause == 1_000)
        clock.advance(by: 10 * minute - 400)
        #expect(await station.lookOnce().pause == 400)
        clock.advance(by: 400)
        let (orders, pause) = await station.lookOnce()
        #expect(orders.map(\.lateness) == [0])
        #expect(orders.first?.slot.planned == noon + 10 * minute)
        #expect(pause == 1_000)
        await station.succeed(try #require(orders.first))
        #expect(try await states() == [.ran])
        #expect(station.said().names == ["slept \(10 * minute - 1_400)", "started", "ended"])
    }

    @Test func noMoreRunsThanMayAndTheRestIsStartedAsRoomComes() async throws {
        for number in 0..<5 { try await add("s\(number)") }
        let station = station(settings: SchedulerSettings(maximumRuns: 2))
        clock.advance(by: 10 * minute)
        var (orders, pause) = await station.lookOnce()
        #expect(orders.count == 2)
        // What cannot be started yet is no reason to look again at once.
        #expect(pause == 1_000)
        var all = orders.map(\.schedule.name)
        while let order = orders.popLast() {
            await station.succeed(order)
            let more = await station.look()
            #expect(orders.count + more.count <= 2)
            all += more.map(\.schedule.name)
            orders += more
        }
        #expect(all.sorted() == ["s0", "s1", "s2", "s3", "s4"])
    }

    @Test func manySchedulesThatAreDueAtOnceAreAllStarted() async throws {
        for number in 0..<120 { try await add("s\(number)") }
        let station = station(settings: SchedulerSettings(maximumRuns: 1_000, batch: 50))
        clock.advance(by: 10 * minute)
        let orders = await station.look()
        #expect(Set(orders.map(\.schedule.id)).count == 120)
        #expect(Set(orders.map(\.run)).count == 120)
    }

    @Test func aClockThatGoesOnAloneIsNoticedAndWhatWasPassedOverIsMissed() async throws {
        try await add { $0.catchUp = CatchUp(.none) }
        let station = station()
        await station.look()
        clock.set(noon + 65 * minute)
        #expect(await station.look().isEmpty)
        #expect(try await states() == Array(repeating: .missed, count: 6))
        #expect(station.said().names.first == "jumped \(65 * minute)")
    }

    @Test func aClockThatGoesBackBringsBackWhatWasNotRunAndRunsNothingTwice() async throws {
        try await add()
        let station = station()
        await station.look()
        clock.set(noon + 65 * minute)
        let ahead = await station.look()
        #expect(ahead.map(\.slot.planned) == [noon + 60 * minute])
        await station.succeed(try #require(ahead.first))
        clock.set(noon + 5 * minute)
        await station.look()
        #expect(station.said().names.contains("jumped \(-60 * minute)"))
        #expect(try await slots().map(\.planned) == [noon + 60 * minute])
        var begun: [Int64] = []
        for _ in 0..<60 {
            clock.advance(by: minute)
            for order in await station.look() {
                begun.append((order.slot.planned - noon) / minute)
                await station.succeed(order)
            }
        }
        #expect(begun == [10, 20, 30, 40, 50])
        #expect(try await slots().map { ($0.planned - noon) / minute } == [10, 20, 30, 40, 50, 60])
        #expect(try await states() == Array(repeating: .ran, count: 6))
    }

    @Test func whatRanAheadIsKnownHoweverMuchItIs() async throws {
        try await add("report", "* * * * *")
        let station = station()
        clock.set(noon + 30 * day)
        for _ in 0..<2_300 {
            clock.advance(by: minute)
            for order in await station.look() { await station.succeed(order) }
        }
        clock.set(noon)
        // Another process comes, which has not seen the clock go back.
        await self.station(2).look()
        let schedule = try #require(await memory.entry(named: "report")?.schedule)
        #expect(schedule.cursor == noon)
        #expect(schedule.next == noon + minute)
        #expect(schedule.spent.count == 2_300)
    }

    @Test func aMachineThatSleptIsNoticed() async throws {
        try await add { $0.catchUp = CatchUp(.latest) }
        let station = station()
        await station.look()
        clock.advance(by: 45 * minute)
        let orders = await station.look()
        #expect(orders.map(\.slot.origin) == [.catchUp])
        #expect(try await states() == [.missed, .missed, .missed, .running])
        #expect(station.said().names.first == "slept \(45 * minute - 1_000)")
    }

    // MARK: The store

    @Test func aStoreThatFailsForAMomentCostsNothing() async throws {
        try await add()
        let station = station()
        await station.look()
        _ = station.said()
        station.store.set(isDown: true)
        clock.advance(by: 1_000)
        #expect(await station.lookOnce().pause == 1_000)
        clock.advance(by: 1_000)
        #expect(await station.lookOnce().pause == 2_000)
        station.store.set(isDown: false)
        clock.advance(by: 2_000)
        await station.look()
        #expect(station.said().names == ["store failed", "store recovered"])
    }

    @Test func whatComesDueWhileTheStoreIsLostIsCaughtUpByTheRules() async throws {
        try await add("none") { $0.catchUp = CatchUp(.none) }
        try await add("latest") { $0.catchUp = CatchUp(.latest) }
        let station = station()
        await station.look()
        station.store.set(isDown: true)
        for _ in 0..<(35 * 6) {
            clock.advance(by: 10 * second)
            await station.look()
        }
        station.store.set(isDown: false)
        clock.advance(by: 10 * second)
        let orders = await station.look()
        #expect(try await states("none") == [.missed, .missed, .missed])
        #expect(try await states("latest") == [.missed, .missed, .running])
        #expect(orders.map(\.slot.origin) == [.catchUp])
    }

    @Test func everyMomentAtWhichTheStoreFailsIsSurvived() async throws {
        for call in 1...12 {
            for mishap in [FaultyStore.Mishap.killedBefore, .killedAfter] {
                let memory = InMemoryScheduleStore()
                let clock = ManualClock(noon)
                let book = ScheduleBook(store: memory, zones: sharedZones, clock: clock)
                _ = try await book.add(.sample(), actor: "ada")
                let first = Station(1, memory, clock)
                await first.look()
                clock.advance(by: 10 * minute)
                first.store.plan(mishap, at: call)
                let begun = await first.lookOnce().orders.map(\.run)
                first.store.kill()
                clock.advance(by: second)
                let second = Station(2, memory, clock, isAlive: { $0.process != 1 })
                let orders = await second.look()
                #expect(orders.count == 1, "\(mishap) at \(call)")
                // What the first has begun is taken up, and not begun once more.
                #expect(begun.isEmpty || begun == orders.map(\.run))
                for order in orders { await second.succeed(order) }
                let slots = try await memory.slots(of: "id-report", before: nil, states: [], limit: 10)
                #expect(slots.map(\.state) == [.ran])
                #expect(slots.first?.runs.count == 1)
                #expect(try await memory.carriers().count == 1)
            }
        }
    }

    @Test func anEndIsWrittenAsSoonAsTheStoreCanBeUsed() async throws {
        try await add()
        let station = station()
        clock.advance(by: 10 * minute)
        let order = try #require(await station.look().first)
        station.store.set(isDown: true)
        async let end: Void = station.succeed(order)
        for _ in 0..<5 {
            await clock.sleepers(1)
            clock.advance(by: second)
        }
        await clock.sleepers(1)
        station.store.set(isDown: false)
        clock.advance(by: second)
        await end
        #expect(try await states() == [.ran])
    }

    @Test func anEndIsWrittenOnTopOfWhatOthersWriteMeanwhile() async throws {
        try await add()
        let station = station()
        clock.advance(by: 10 * minute)
        let order = try #require(await station.look().first)
        let book = book
        station.store.plan(.preceded { _ = try? await book.pause("report", reason: "x", actor: "bob") }, at: 2)
        await station.succeed(order)
        #expect(try await states() == [.ran])
        #expect(try await memory.entry(named: "report")?.schedule.phase == .paused)
    }

    @Test func aSlotThatCannotBeWrittenKeepsNobodyBusyAndNoOtherFromRunning() async throws {
        try await add("bad")
        try await add("good")
        // Its fate is known already, which nothing can change.
        let bad = try #require(await memory.entry(named: "bad")?.schedule)
        var slot = Slot(schedule: bad.id, planned: noon + 10 * minute, due: noon)
        slot.end(.skipped, "by hand", at: noon)
        #expect(try await memory.commit([ScheduleStep(bad, slots: [slot])]) == [true])
        let station = station()
        clock.advance(by: 10 * minute)
        let (orders, pause) = await station.lookOnce()
        #expect(orders.map(\.schedule.name) == ["good"])
        #expect(pause == 100)
    }

    // MARK: Several

    @Test func ofTwoThatLookAtTheSameTimeOneStartsASlot() async throws {
        for number in 0..<20 { try await add("s\(number)") }
        let settings = SchedulerSettings(maximumRuns: 100)
        let (first, second) = (station(1, settings: settings), station(2, settings: settings))
        await first.look()
        await second.look()
        for round in 1...30 {
            clock.advance(by: 10 * minute)
            // The second one does all its work after the first has read something, and before it writes.
            let done = Handover()
            first.store.plan(.preceded { done.give(await second.look()) }, at: 1 + round % 4)
            let orders = await first.look()
            let others = done.take()
            #expect(Set((orders + others).map(\.schedule.id)).count == 20)
            #expect(orders.count + others.count == 20, "in round \(round)")
            for order in orders { await first.succeed(order) }
            for order in others { await second.succeed(order) }
        }
        for number in 0..<20 { #expect(try await states("s\(number)") == Array(repeating: .ran, count: 30)) }
    }

    @Test func whoIsKnownToBeDeadIsRelievedAtOnce() async throws {
        try await add()
        let first = station(1)
        clock.advance(by: 10 * minute)
        let begun = await first.look()
        let second = station(2, isAlive: { $0.process != 1 })
        let orders = await second.look()
        #expect(orders.map(\.run) == begun.map(\.run))
        #expect(orders.map(\.takesUp) == [true])
        #expect(second.said().names.first == "adopted 1")
        #expect(second.scheduler.carriesRuns(.sample(1)) == false)
    }

    @Test func whoShowsNothingForTooLongIsRelievedAndLearnsOfItWhenHeWakes() async throws {
        try await add()
        let (first, second) = (station(1, isAlive: { _ in true }), station(2, isAlive: { _ in true }))
        await second.look()
        clock.advance(by: 10 * minute)
        await second.look()
        // The first one has the slot of a schedule that only it has seen.
        try await add("late", "* * * * *")
        clock.advance(by: minute)
        let begun = await first.look()
        #expect(begun.map(\.schedule.name) == ["late"])
        var relieved: [SlotOrder] = []
        for _ in 0..<45 {
            clock.advance(by: 1_000)
            relieved += await second.look().filter(\.takesUp)
        }
        #expect(relieved.map(\.run) == begun.map(\.run))
        #expect(second.scheduler.carriesRuns(.sample(1)) == false)
        _ = first.said()
        await first.look()
        #expect(first.said().names.contains("given up"))
        #expect(begun[0].cancellation.isCancelled)
        await first.scheduler.end(begun[0], .ended(.cancelled, message: "", canBeTakenUp: false))
        #expect(first.said().names == ["ended elsewhere"])
        await second.succeed(try #require(relieved.first))
        let slot = try #require(await slots("late").first)
        #expect(slot.state == .ran && slot.runs.count == 1)
        // It is there again.
        clock.advance(by: 5_000)
        await first.look()
        clock.advance(by: 1_000)
        await second.look()
        #expect(second.scheduler.carriesRuns(.sample(1)) == true)
    }

    /// It was stopped with a slot in its hands, wakes up long after it was given up, writes that it begins the slot, and is
    /// killed before it learns that it was given up.
    @Test func whatAGhostHasBegunIsFound() async throws {
        let (first, second) = (station(1), station(2, isAlive: { $0.process != 1 ? true : nil }))
        await first.look()
        await second.look()
        try await add("report", "at 2026-01-01T12:10:00Z") { $0.catchUp = CatchUp(.latest, window: day) }
        clock.advance(by: 10 * minute)
        let stopped = Signal()
        first.store.whenStopped { stopped.ring() }
        // Beats, lists the carriers and what is due, and then commits.
        first.store.plan(.stoppedBefore, at: 4)
        async let look = first.look()
        await stopped.wait()
        // Nobody else sees the slot: it is held back from the other one.
        let carriers = try await memory.carriers()
        for carrier in carriers where carrier.owner.process == 1 { try await memory.remove(carrier: carrier.id) }
        first.store.proceed()
        _ = await look
        first.store.kill()
        #expect(try await states() == [.running])
        var taken: [SlotOrder] = []
        for _ in 0..<11 {
            clock.advance(by: minute)
            taken += await second.look()
        }
        #expect(taken.map(\.takesUp) == [true])
        for order in taken { await second.succeed(order) }
        #expect(try await states() == [.ran])
    }

    @Test func nobodyIsGivenUpBecauseTheStoreWasLost() async throws {
        let (first, second) = (station(1), station(2))
        await first.look()
        await second.look()
        for station in [first, second] { station.store.set(isDown: true) }
        for _ in 0..<60 {
            clock.advance(by: 1_000)
            await first.look()
            await second.look()
        }
        for station in [first, second] { station.store.set(isDown: false) }
        clock.advance(by: 30_000)
        await second.look()
        await first.look()
        #expect(!(first.said() + second.said()).names.contains { $0.hasPrefix("adopted") || $0 == "given up" })
    }

    @Test func aRunThatIsNotWantedAnyMoreIsEndedByWhoeverCarriesIt() async throws {
        try await add { $0.overlap = .cancel }
        let (first, second) = (station(1), station(2))
        await second.look()
        clock.advance(by: 10 * minute)
        let earlier = try #require(await first.look().first)
        for _ in 0...120 {
            clock.advance(by: 5_000)
            await first.look()
            await second.look()
        }
        #expect(earlier.cancellation.isCancelled)
        await first.scheduler.end(earlier, .ended(.cancelled, message: "", canBeTakenUp: false))
        let later = await second.look()
        #expect(later.map(\.slot.planned) == [noon + 20 * minute])
        #expect(try await states() == [.ran, .running])
    }

    // MARK: Faults of schedules

    @Test func aScheduleThatCannotBeReadIsPausedAndTheOthersGoOn() async throws {
        try await add("good")
        try await add("bad")
        var bad = try #require(await memory.entry(named: "bad")?.schedule)
        bad.zone = "Atlantis/Nowhere"
        #expect(try await memory.commit([ScheduleStep(bad)]) == [true])
        let station = station()
        clock.advance(by: 10 * minute)
        let (orders, pause) = await station.lookOnce()
        #expect(orders.map(\.schedule.name) == ["good"])
        #expect(pause == 1_000)
        #expect(station.said().names.contains("unreadable"))
        let entry = try #require(await memory.entry(named: "bad"))
        #expect(entry.schedule.phase == .paused)
        #expect(entry.schedule.pauseReason.contains("Atlantis/Nowhere"))
        // The zone is back: what went by meanwhile is accounted for, and nothing of it is run.
        var mended = entry.schedule
        mended.zone = "UTC"
        #expect(try await memory.commit([ScheduleStep(mended)]) == [true])
        clock.advance(by: 25 * minute)
        _ = try await book.resume("bad", actor: "ada")
        #expect(try await states("bad") == [.skipped, .skipped, .skipped])
    }

    // MARK: Signs of life, and time zones

    @Test func aLookThatFailsAndOneThatLeavesAreSignsOfLifeToo() async throws {
        try await add()
        let station = station()
        station.store.set(isDown: true)
        _ = await station.lookOnce()
        _ = await station.lookOnce()
        #expect(station.said().names == ["store failed"])
        #expect(station.looks == 2)
        station.store.set(isDown: false)
        clock.advance(by: 10 * minute)
        _ = try #require(await station.look().first)
        await station.scheduler.leave()
        let before = station.looks
        _ = await station.lookOnce()
        #expect(station.looks > before)
    }

    @Test func aStoreThatKeepsEverybodyWaitingIsNotCalledSleepEachTime() async throws {
        let station = station()
        _ = await station.lookOnce()
        station.store.set(isDown: true)
        for _ in 0..<5 {
            _ = await station.lookOnce()
            clock.advance(by: minute)
        }
        #expect(station.said().names.count { $0.hasPrefix("slept") } == 0)
    }

    @Test func whatComesNextIsPlannedAnewWhenTheTimeZoneHasChanged() async throws {
        try await add("report", "0 18 * * *") { $0.zone = "Europe/Berlin" }
        var entry = try #require(await memory.entry(id: "id-report"))
        let right = try #require(entry.schedule.next)
        // As if the zone had been another one when it was planned.
        entry.schedule.next = right + 45 * minute
        #expect(try await memory.commit([ScheduleStep(entry.schedule)]) == [true])
        let station = station()
        _ = await station.lookOnce()
        #expect(try await memory.entry(id: "id-report")?.schedule.next == right)

        entry = try #require(await memory.entry(id: "id-report"))
        entry.schedule.next = right - minute
        #expect(try await memory.commit([ScheduleStep(entry.schedule)]) == [true])
        _ = await station.lookOnce()
        #expect(try await memory.entry(id: "id-report")?.schedule.next == right - minute)
        station.scheduler.planAnew()
        _ = await station.lookOnce()
        #expect(try await memory.entry(id: "id-report")?.schedule.next == right)
    }
}

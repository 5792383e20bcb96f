import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("What becomes of a slot while an earlier one is under way")
struct ScheduleTurnOverlapTests {
    private func bench(_ overlap: Overlap, _ change: (inout Schedule) -> Void = { _ in }) -> RuleBench {
        RuleBench(
            .sample {
                $0.overlap = overlap
                change(&$0)
            })
    }

    @Test func skip() {
        var bench = bench(.skip)
        let first = bench.look(at: noon + 10 * minute)
        #expect(bench.look(at: noon + 20 * minute).isEmpty)
        #expect(bench.slot(20)?.reason == "the slot of 2026-01-01T12:10:00Z still ran")
        #expect(bench.audit.contains { $0.kind == .slotSkipped })
        bench.succeed(first[0])
        #expect(bench.look(at: noon + 30 * minute).count == 1)
    }

    @Test func queueLetsOneWait() {
        var bench = bench(.queue)
        let first = bench.look(at: noon + 10 * minute)
        #expect(bench.look(at: noon + 20 * minute).isEmpty)
        #expect(bench.look(at: noon + 30 * minute).isEmpty)
        #expect(bench.minutes(.skipped) == [30])
        #expect(bench.schedule.ready.map { $0 > bench.now } == true)
        bench.now = noon + 35 * minute
        bench.succeed(first[0])
        #expect(bench.schedule.ready == bench.now)
        let second = bench.look()
        #expect(RuleBench.minutes(second) == [20])
        bench.succeed(second[0])
        #expect(bench.minutes(.ran) == [10, 20])
    }

    @Test func queueAllLetsAllWaitInOrder() {
        var bench = bench(.queueAll)
        var order = bench.look(at: noon + 10 * minute).first
        bench.look(at: noon + 40 * minute)
        #expect(bench.minutes(.waiting) == [20, 30, 40])
        var ran: [Int64] = []
        while let current = order {
            ran.append((current.slot.planned - noon) / minute)
            bench.succeed(current)
            order = bench.look().first
        }
        #expect(ran == [10, 20, 30, 40])
    }

    @Test func cancelEndsTheEarlierOneAndOnlyTheLastStarts() {
        var bench = bench(.cancel)
        let first = bench.look(at: noon + 10 * minute)
        #expect(bench.look(at: noon + 20 * minute).isEmpty)
        #expect(bench.slot(10)?.isUnwanted == true)
        #expect(bench.look(at: noon + 30 * minute).isEmpty)
        #expect(bench.minutes(.skipped) == [20])
        bench.end(first[0], .ended(.cancelled, message: "", canBeTakenUp: false))
        #expect(bench.slot(10)?.state == .ran)
        #expect(bench.slot(10)?.outcome == .cancelled)
        #expect(RuleBench.minutes(bench.look()) == [30])
    }

    @Test(arguments: [true, false])
    func whatIsToBeEndedIsNotTakenUp(_ isAdopted: Bool) {
        var bench = bench(.cancel) { $0.retry = Retry(count: 3) }
        let first = bench.look(at: noon + 10 * minute)
        bench.look(at: noon + 20 * minute)
        if isAdopted {
            bench.turn { turn, _ in _ = turn.adopt(from: "c") }
        } else {
            bench.fail(first[0], canBeTakenUp: true)
        }
        #expect(bench.slot(10)?.state == .ran)
        let second = bench.look()
        #expect(RuleBench.minutes(second) == [20])
        bench.succeed(second[0])
        #expect(bench.entry.open.isEmpty)
    }

    @Test func cancelEndsAtOnceWhatNobodyCarries() {
        var bench = bench(.cancel) { $0.retry = Retry(count: 1, delay: hour) }
        let first = bench.look(at: noon + 10 * minute)
        bench.fail(first[0])
        #expect(bench.slot(10)?.state == .waiting)
        #expect(RuleBench.minutes(bench.look(at: noon + 20 * minute)) == [20])
        #expect(bench.slot(10)?.outcome == .cancelled)
    }

    @Test func allow() {
        var bench = bench(.allow)
        for minutes in [10, 20, 30] as [Int64] { #expect(bench.look(at: noon + minutes * minute).count == 1) }
        #expect(bench.minutes(.running) == [10, 20, 30])
    }

    @Test func whatIsTriedAgainAndWhatWasLeftIsInTheWayToo() {
        var bench = bench(.skip) { $0.retry = Retry(count: 1, delay: 15 * minute) }
        let first = bench.look(at: noon + 10 * minute)
        bench.fail(first[0])
        #expect(bench.look(at: noon + 20 * minute).isEmpty)
        #expect(bench.minutes(.skipped) == [20])
        let again = bench.look(at: noon + 25 * minute)
        #expect(again.first?.takesUp == false)
        #expect(again.first?.run != first[0].run)
        bench.end(again[0], .carriedElsewhere)
        #expect(bench.slot(10)?.state == .interrupted)
        bench.turn { turn, _ in turn.settle(awakeSince: noon) }
        let up = bench.look(at: noon + 30 * minute)
        #expect(up.map(\.takesUp) == [true])
        #expect(up.first?.run == again[0].run)
        #expect(bench.minutes(.skipped) == [20, 30])
    }

    @Test func aCaughtUpSlotWaitsForItsTurnAndOneInTimeIsSkippedForIt() {
        var bench = bench(.skip) { $0.catchUp = CatchUp(.all) }
        bench.awakeSince = noon + 30 * minute
        let first = bench.look(at: noon + 30 * minute)
        #expect(RuleBench.minutes(first) == [10])
        #expect(bench.minutes(.waiting) == [20])
        #expect(bench.minutes(.skipped) == [30])
    }

    /// Two that ran beside each other, and then a rule that forbids it: the one that is to be tried again waits for the
    /// other's end, and not for its own.
    @Test func aSlotThatIsTriedAgainIsNotHeldByItself() {
        var bench = bench(.allow) { $0.retry = Retry(count: 5, delay: minute) }
        let first = bench.look(at: noon + 10 * minute)[0]
        let second = bench.look(at: noon + 20 * minute)[0]
        let third = bench.look(at: noon + 30 * minute)[0]
        bench.turn { turn, times in
            turn.change("edited", actor: "ada") { $0.overlap = .skip }
            turn.beginAnew(times)
        }
        bench.fail(first)
        bench.fail(second)
        #expect(bench.look(at: noon + 31 * minute).isEmpty)
        #expect(bench.slot(10)?.due == Slot.held)
        #expect(bench.slot(20)?.due == Slot.held)
        bench.succeed(third)
        let again = bench.look()
        #expect(RuleBench.minutes(again) == [10])
        bench.succeed(again[0])
        let last = bench.look()
        #expect(RuleBench.minutes(last) == [20])
        bench.succeed(last[0])
        #expect(bench.entry.open.isEmpty)
    }

    @Test func whatIsHeldIsLetGoWhenTheOtherGetsItsFateWithoutEnding() {
        var bench = bench(.queue) {
            $0.retry = Retry(count: 1, delay: day)
            $0.until = noon + 20 * minute
        }
        bench.fail(bench.look(at: noon + 10 * minute)[0])
        bench.look(at: noon + 20 * minute)
        #expect(bench.slot(20)?.due == Slot.held)
        // Everybody was away for so long that it is not tried again.
        bench.awakeSince = noon + 3 * day
        bench.look(at: noon + 3 * day)
        #expect(bench.slot(10)?.state == .ran)
        #expect(bench.slot(10)?.reason == "no luck; it was not tried again, as no scheduler was there at the time")
        // And so long that what waited for it is late beyond the window.
        #expect(bench.slot(20)?.state == .missed)
    }

    @Test func whatWaitedForAnotherIsLateByThat() {
        var bench = bench(.queue)
        let first = bench.look(at: noon + 10 * minute)
        #expect(first.map(\.lateness) == [0])
        bench.look(at: noon + 20 * minute)
        bench.now = noon + 25 * minute
        bench.succeed(first[0])
        #expect(bench.look().map(\.lateness) == [5 * minute])
    }

    @Test func aPersonsSlotRunsInAPausedScheduleAndNotBesideAnother() throws {
        var bench = bench(.skip)
        bench.turn { turn, _ in turn.pause("holidays") }
        var planned: Int64?
        bench.now = noon + minute
        bench.turn { turn, _ in planned = turn.planNow(for: "eve") }
        // Whole seconds are the triggers'.
        #expect(planned == noon + minute + 1)
        let order = try #require(bench.look().first)
        #expect(order.slot.origin == .person)
        bench.turn { turn, _ in planned = turn.planNow(for: "eve") }
        #expect(planned == nil)
        bench.fail(order)
        #expect(bench.rows[noon + minute + 1]?.outcome == .failed)
    }

    @Test func noMoreAreBegunThanThereIsRoomFor() {
        var bench = bench(.allow)
        #expect(bench.look(at: noon + 50 * minute, capacity: 2).count == 2)
        #expect(bench.schedule.ready.map { $0 <= bench.now } == true)
        #expect(RuleBench.minutes(bench.look(capacity: 10)) == [30, 40, 50])
    }

    // MARK: With no place left

    @Test func theRulesHoldWhileNoRunMayBegin() {
        for (overlap, states) in [
            (Overlap.skip, [Slot.State.waiting, .skipped, .skipped]), (.queue, [.waiting, .waiting, .skipped]),
            (.queueAll, [.waiting, .waiting, .waiting]), (.cancel, [.skipped, .skipped, .waiting]),
            (.allow, [.waiting, .waiting, .waiting]),
        ] {
            var bench = bench(overlap)
            for minutes in [10, 20, 30] as [Int64] {
                #expect(bench.look(at: noon + minutes * minute, capacity: 0).isEmpty)
            }
            #expect([10, 20, 30].map { bench.slot($0)?.state } == states, "\(overlap)")
            // Once there is one, the one that waits first begins.
            let first = Int64((states.firstIndex(of: .waiting) ?? 0) * 10 + 10)
            #expect(RuleBench.minutes(bench.look(capacity: 1)) == [first], "\(overlap)")
        }
    }

    @Test func whatRunsIsReplacedAlsoWhileNoRunMayBegin() throws {
        var bench = bench(.cancel)
        let first = try #require(bench.look(at: noon + 10 * minute, capacity: 1).first)
        bench.look(at: noon + 20 * minute, capacity: 0)
        #expect(bench.slot(10)?.isUnwanted == true && bench.slot(20)?.due == Slot.held)
        bench.end(first, .ended(.cancelled, message: "", canBeTakenUp: false))
        #expect(RuleBench.minutes(bench.look(capacity: 1)) == [20])
    }
}

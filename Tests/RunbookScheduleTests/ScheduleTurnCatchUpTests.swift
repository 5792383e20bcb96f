import Operations
import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("What becomes of slots that nobody was there for")
struct ScheduleTurnCatchUpTests {
    /// A schedule of every ten minutes, looked at again after an absence from noon on.
    private func back(after absence: Int64, _ catchUp: CatchUp, hooks: [Hook] = []) -> (RuleBench, [SlotOrder]) {
        var bench = RuleBench(
            .sample {
                $0.catchUp = catchUp
                $0.hooks = hooks
            })
        bench.awakeSince = noon + absence
        let orders = bench.look(at: noon + absence)
        return (bench, orders)
    }

    @Test func noneMissesAll() {
        let (bench, orders) = back(after: 35 * minute, CatchUp(.none))
        #expect(orders.isEmpty)
        #expect(bench.minutes(.missed) == [10, 20, 30])
        #expect(bench.slot(30)?.reason == "no scheduler was there at its time, and the schedule catches nothing up")
    }

    @Test func latestRunsTheLatestAlone() {
        let (bench, orders) = back(after: 35 * minute, CatchUp(.latest))
        #expect(RuleBench.minutes(orders) == [30])
        #expect(orders.first?.slot.origin == .catchUp)
        #expect(bench.minutes(.missed) == [10, 20])
    }

    @Test func latestIsNotRunBesideOneThatIsDueJustNow() {
        let (bench, orders) = back(after: 40 * minute, CatchUp(.latest))
        #expect(RuleBench.minutes(orders) == [40])
        #expect(orders.first?.slot.origin == .schedule)
        #expect(bench.minutes(.missed) == [10, 20, 30])
    }

    @Test func allRunOneAfterTheOtherWhateverTheOverlapRule() {
        for overlap in [Overlap.skip, .queue, .queueAll, .cancel] {
            var bench = RuleBench(
                .sample {
                    $0.catchUp = CatchUp(.all)
                    $0.overlap = overlap
                })
            bench.awakeSince = noon + 35 * minute
            var ran: [Int64] = []
            while let order = bench.look(at: noon + 35 * minute).first {
                #expect(bench.minutes(.running).count == 1)
                ran.append((order.slot.planned - noon) / minute)
                bench.succeed(order)
            }
            #expect(ran == [10, 20, 30], "\(overlap)")
        }
    }

    @Test func noMoreAreRunThanTheMaximum() {
        let (bench, _) = back(after: 55 * minute, CatchUp(.all, maximum: 2))
        #expect(bench.minutes(.missed) == [10, 20, 30])
        #expect(bench.minutes(.running) == [40])
        #expect(bench.minutes(.waiting) == [50])
    }

    @Test func whatIsOlderThanTheWindowIsMissed() {
        let (bench, _) = back(after: 55 * minute, CatchUp(.all, window: 20 * minute))
        #expect(bench.minutes(.missed) == [10, 20, 30])
        #expect(
            bench.slot(10)?.reason
                == "no scheduler was there at its time, nor within the 20 min in which it is caught up")
        #expect(bench.minutes(.running) == [40])
    }

    @Test func whoIsLateByLessThanAMinuteIsInTime() {
        let (bench, orders) = back(after: 10 * minute + 59 * second, CatchUp(.none))
        #expect(orders.first?.slot.origin == .schedule)
        #expect(orders.first?.lateness == 59 * second)
        #expect(bench.minutes(.missed) == [])
        let (missing, none) = back(after: 11 * minute + 1, CatchUp(.none))
        #expect(none.isEmpty)
        #expect(missing.minutes(.missed) == [10])
    }

    @Test func whoWasThereAllTheTimeAndSlowRunsThemAsPlanned() {
        var bench = RuleBench(
            .sample {
                $0.catchUp = CatchUp(.none)
                $0.overlap = .queueAll
            })
        let orders = bench.look(at: noon + 35 * minute)
        #expect(orders.map(\.slot.origin) == [.schedule])
        #expect(bench.minutes(.missed) == [])
        #expect(bench.minutes(.waiting) == [20, 30])
    }

    @Test func aSlotThatWaitedWhenEverybodyLeftIsMissedIfItIsTooLate() {
        for (absence, isMissed) in [(50 * minute, false), (3 * hour, true)] {
            var bench = RuleBench(
                .sample {
                    $0.jitter = 5 * minute
                    $0.until = noon + 10 * minute
                    $0.hooks = [Hook("command:x")]
                })
            bench.look(at: noon + 10 * minute)
            #expect(bench.minutes(.waiting) == [10])
            bench.awakeSince = noon + 10 * minute + absence
            let orders = bench.look(at: noon + 10 * minute + absence)
            #expect(orders.isEmpty == isMissed)
            #expect(bench.minutes(.missed) == (isMissed ? [10] : []))
            #expect(bench.notices(.missed).count == (isMissed ? 1 : 0))
        }
    }

    @Test func oneAbsenceIsToldOfOnce() throws {
        var bench = RuleBench(
            .sample("report", "* * * * *") {
                $0.catchUp = CatchUp(.none)
                $0.overlap = .queueAll
                $0.jitter = 2 * minute
                $0.hooks = [Hook("command:all"), Hook("command:failures", kinds: [.failed])]
            })
        // Two wait for their part of the jitter, or for another's end, when everybody leaves.
        bench.look(at: noon + 2 * minute)
        let waiting = bench.minutes(.waiting).count
        #expect(waiting > 0)
        bench.awakeSince = noon + 2 * day
        bench.look(at: noon + 2 * day)
        let notice = try #require(bench.notices(.missed).first)
        #expect(bench.notices(.missed).count == 1)
        #expect(notice.destination == "command:all")
        let missed = bench.minutes(.missed)
        #expect(notice.members["count"]?.integerValue == Int64(missed.count))
        #expect(bench.audit.filter { $0.kind == .slotsMissed }.count == 1)
        #expect(bench.schedule.untold == nil)
    }

    @Test(arguments: [CatchUp.Mode.none, .latest, .all])
    func aYearOfMinutesIsWrittenBitByBit(_ mode: CatchUp.Mode) {
        var bench = RuleBench(
            .sample("report", "* * * * *") {
                // The window is wide enough for all of them, and only some may be caught up.
                $0.catchUp = CatchUp(mode, window: 400 * day, maximum: 100)
                $0.hooks = [Hook("command:x")]
            })
        let minutes: Int64 = 60 * 24 * 30
        bench.now = noon + minutes * minute + 30 * second
        bench.awakeSince = bench.now
        var most = 0
        while let next = bench.schedule.next, next <= bench.now {
            let since = bench.awakeSince
            bench.turn { turn, _ in turn.settle(awakeSince: since) }
            most = max(most, bench.lastRows)
        }
        #expect(most <= 1_100)
        #expect(bench.rows.count == Int(minutes))
        let planned = (1...minutes).map { noon + $0 * minute }
        #expect(bench.rows.keys.sorted() == planned)
        // The last one is in time.
        let waiting = bench.minutes(.waiting).count
        #expect(waiting == (mode == .all ? 101 : 1))
        #expect(bench.notices(.missed).map { $0.members["count"]?.integerValue } == [minutes - Int64(waiting)])
    }

    @Test func aPausedScheduleSkipsWhatComes() {
        var bench = RuleBench(.sample())
        bench.turn { turn, _ in turn.pause("holidays") }
        bench.awakeSince = noon + 5 * hour
        #expect(bench.look(at: noon + 5 * hour).isEmpty)
        #expect(bench.minutes(.skipped).count == 30)
        #expect(bench.notices.isEmpty)
    }

    @Test func nothingIsPlannedOutsideOfStartingAndUntil() {
        var bench = RuleBench(
            .sample {
                $0.starting = noon + 20 * minute
                $0.until = noon + 40 * minute
                $0.overlap = .allow
            })
        #expect(bench.schedule.next == noon + 20 * minute)
        bench.look(at: noon + 2 * hour)
        #expect(bench.rows.keys.sorted() == RuleBench.times(20, 30, 40))
        #expect(bench.schedule.next == nil)
    }

    @Test func anIntervalIsCountedFromItsStart() {
        var bench = RuleBench(
            .sample("report", "every 7m") {
                $0.starting = noon + 90 * second
                $0.overlap = .allow
            })
        bench.look(at: noon + 20 * minute)
        let seconds: [Int64] = [90, 510, 930]
        #expect(bench.rows.keys.sorted() == seconds.map { noon + $0 * second })
    }

    @Test func jitterIsTheSameForWhoeverAsksWithinItsBoundsAndSpread() {
        let schedule = Schedule.sample { $0.jitter = 30 * second }
        let delays = (0..<2_000).map { Jitter.delay(of: noon + $0 * minute, in: schedule) }
        let again = (0..<2_000).map { Jitter.delay(of: noon + $0 * minute, in: schedule) }
        #expect(delays == again)
        #expect(delays.allSatisfy { (0..<30 * second).contains($0) })
        for third in 0..<3 {
            let count = delays.count { $0 / (10 * second) == Int64(third) }
            #expect(count > 500)
        }
        let others = (0..<2_000).map { Jitter.delay(of: noon, in: .sample("s\($0)") { $0.jitter = 30 * second }) }
        for third in 0..<3 {
            let count = others.count { $0 / (10 * second) == Int64(third) }
            #expect(count > 500)
        }
        var bench = RuleBench(schedule)
        let due = noon + 10 * minute + Jitter.delay(of: noon + 10 * minute, in: schedule)
        #expect(bench.look(at: due - 1).isEmpty)
        #expect(bench.look(at: due).first?.lateness == 0)
    }
}

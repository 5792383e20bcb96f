import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("A clock that was ahead")
struct ScheduleTurnClockTests {
    private func rewind(_ bench: inout RuleBench, to moment: Int64) {
        bench.now = moment
        bench.awakeSince = moment
        let ran = bench.rows.values.filter { $0.state == .ran && $0.planned > moment }.map(\.planned)
        bench.turn { turn, _ in turn.rewind(ran: ran) }
    }

    @Test func whatRanAheadDoesNotRunAgainAndWhatWasMissedIsStillToCome() {
        var bench = RuleBench(.sample { $0.catchUp = CatchUp(.latest) })
        // The clock goes to three o'clock and back.
        bench.awakeSince = noon + 3 * hour + 5 * minute
        let ahead = bench.look(at: bench.awakeSince)
        #expect(RuleBench.minutes(ahead) == [180])
        bench.succeed(ahead[0])
        #expect(bench.minutes(.missed).count == 17)
        rewind(&bench, to: noon + 5 * minute)
        #expect(bench.minutes(.missed) == [])
        #expect(bench.schedule.spent == [noon + 3 * hour])
        #expect(bench.schedule.next == noon + 10 * minute)
        var ran: [Int64] = []
        for minutes in 1...200 as ClosedRange<Int64> {
            for order in bench.look(at: noon + minutes * minute) {
                ran.append((order.slot.planned - noon) / minute)
                bench.succeed(order)
            }
        }
        let all = (1...20).map { Int64($0) * 10 }
        #expect(ran == all.filter { $0 != 180 })
        #expect(bench.schedule.spent == [])
        #expect(bench.minutes(.ran) == all)
    }

    @Test func whatRunsJustNowIsNotRunAgain() {
        var bench = RuleBench(.sample())
        bench.awakeSince = noon + 3 * hour
        let ahead = bench.look(at: noon + 3 * hour)
        rewind(&bench, to: noon)
        bench.succeed(ahead[0])
        bench.look(at: noon + 170 * minute).forEach { bench.succeed($0) }
        #expect(bench.look(at: noon + 3 * hour).isEmpty)
        #expect(bench.slot(180)?.runs.count == 1)
    }

    @Test(arguments: Overlap.allCases)
    func whatWaitedAheadWaitsForItsTime(_ overlap: Overlap) {
        var bench = RuleBench(
            .sample {
                $0.catchUp = CatchUp(.all, window: 2 * hour)
                $0.overlap = overlap
                $0.jitter = 30 * second
            })
        // Something runs, and so what comes due ahead is held, or waits for its jitter.
        let first = bench.look(at: noon + 10 * minute + 30 * second)
        bench.awakeSince = noon + 3 * hour + 1
        bench.look(at: noon + 3 * hour + 1, capacity: 0)
        #expect(bench.minutes(.waiting).count > 10)
        rewind(&bench, to: noon + 11 * minute)
        first.forEach { bench.succeed($0) }
        #expect(bench.look(at: noon + 12 * minute).isEmpty)
        var ran = 1
        for half in 24...402 as ClosedRange<Int64> {
            for order in bench.look(at: noon + half * 30 * second) {
                #expect(order.lateness < minute)
                ran += 1
                bench.succeed(order)
            }
        }
        #expect(ran == 20)
        #expect(bench.minutes(.ran) == (1...20).map { Int64($0) * 10 })
    }

    @Test func whatWasToBeTriedAgainSoonIsTriedAgainSoon() {
        var bench = RuleBench(.sample { $0.retry = Retry(count: 1, delay: minute) })
        bench.now = noon + day
        bench.awakeSince = noon
        let order = bench.look(at: noon + day)[0]
        bench.fail(order)
        #expect(bench.slot(10)?.due == noon + day + minute)
        rewind(&bench, to: noon + 15 * minute)
        #expect(bench.slot(10)?.due == noon + 16 * minute)
    }

    @Test func aPersonsSlotDoesNotWaitForATimeThatIsFarAway() {
        var bench = RuleBench(.sample { $0.overlap = .allow })
        bench.now = noon + day
        bench.awakeSince = noon + day
        bench.turn { turn, _ in _ = turn.planNow(for: "eve") }
        bench.look(capacity: 0)
        rewind(&bench, to: noon + minute)
        #expect(bench.look().map(\.slot.origin) == [.person])
    }

    @Test func anEditKeepsInMindWhatRanAhead() {
        var bench = RuleBench(.sample())
        bench.awakeSince = noon + hour
        bench.succeed(bench.look(at: noon + hour)[0])
        rewind(&bench, to: noon)
        bench.turn { turn, times in
            turn.change("edited", actor: "ada") { $0.overlap = .allow }
            turn.beginAnew(times)
        }
        #expect(RuleBench.minutes(bench.look(at: noon + hour)) == [10, 20, 30, 40, 50])
        #expect(bench.slot(60)?.runs.count == 1)
    }

    @Test func aClockThatWentBackTwiceLosesNothing() {
        var bench = RuleBench(.sample { $0.overlap = .allow })
        var generator = SeededRandom(seed: 5)
        var clock = noon
        var begun: [Int64: Int] = [:]
        for _ in 0..<300 {
            let jump = Int64.random(in: -2 * hour...2 * hour, using: &generator)
            if Int.random(in: 0..<5, using: &generator) == 0 {
                clock = max(noon, clock + jump)
                rewind(&bench, to: clock)
            } else {
                clock += Int64.random(in: 0...20 * minute, using: &generator)
            }
            for order in bench.look(at: clock) {
                begun[order.slot.planned, default: 0] += 1
                bench.succeed(order)
            }
        }
        let last = bench.schedule.cursor
        #expect(begun.values.allSatisfy { $0 == 1 })
        let planned = stride(from: noon + 10 * minute, through: last, by: Int(10 * minute))
        #expect(bench.rows.keys.filter { $0 <= last }.sorted() == Array(planned))
        #expect(bench.rows.keys.filter { $0 > last }.allSatisfy { bench.schedule.spent.contains($0) })
    }
}

import Operations
import RunbookHost
import Testing

@testable import RunbookSchedule

@Suite("How slots end, and who is told")
struct ScheduleTurnEndingTests {
    private func bench(_ change: (inout Schedule) -> Void = { _ in }) -> RuleBench {
        RuleBench(
            .sample {
                $0.hooks = [Hook("command:all"), Hook("command:some", kinds: [.recovered])]
                change(&$0)
            })
    }

    // MARK: Trying again

    @Test func aFailedSlotIsTriedAgainAfterTheDelayAndNoMoreOftenThanItMay() {
        var bench = bench { $0.retry = Retry(count: 2, delay: 2 * minute) }
        var order = bench.look(at: noon + 10 * minute)[0]
        var runs = [order.run]
        for attempt in 1...2 {
            bench.fail(order)
            #expect(bench.slot(10)?.due == bench.now + 2 * minute)
            #expect(bench.look(at: bench.now + 2 * minute - 1).isEmpty)
            order = bench.look(at: bench.now + 1)[0]
            #expect(!order.takesUp)
            runs.append(order.run)
            #expect(order.slot.attempts == attempt + 1)
        }
        #expect(bench.notices.isEmpty)
        bench.fail(order)
        #expect(bench.slot(10)?.state == .ran)
        #expect(bench.slot(10)?.outcome == .failed)
        #expect(bench.slot(10)?.runs == runs)
        #expect(Set(runs).count == 3)
        #expect(bench.notices.map(\.kind) == [.failed])
        #expect(bench.notices.first?.members["reason"] == "no luck")
    }

    @Test func takingUpTakesNoTryAway() {
        var bench = bench { $0.retry = Retry(count: 1) }
        var order = bench.look(at: noon + 10 * minute)[0]
        for _ in 0..<3 {
            bench.turn { turn, _ in #expect(turn.adopt(from: "c") == 1) }
            order = bench.look()[0]
            #expect(order.takesUp)
        }
        bench.fail(order)
        #expect(bench.slot(10)?.state == .waiting)
        order = bench.look(at: noon + 11 * minute)[0]
        #expect(!order.takesUp)
        bench.fail(order)
        #expect(bench.slot(10)?.state == .ran)
        #expect(bench.slot(10)?.runs.count == 2)
    }

    @Test func aRunThatKeepsFailingWithoutItsScriptsDoingIsTakenUpSoOften() {
        var bench = bench()
        var order = bench.look(at: noon + 10 * minute)[0]
        var count = 0
        while count < 100 {
            bench.fail(order, canBeTakenUp: true)
            guard let next = bench.look(at: bench.now + minute).first(where: { $0.slot.planned == order.slot.planned })
            else { break }
            #expect(next.takesUp && next.run == order.run)
            order = next
            count += 1
        }
        #expect(count == ScheduleTurn.takeUps)
        #expect(bench.slot(10)?.outcome == .failed)
    }

    @Test func whoLeavesLeavesItToOthers() {
        var bench = bench()
        let order = bench.look(at: noon + 10 * minute)[0]
        bench.end(order, .ended(.cancelled, message: "", canBeTakenUp: false))
        #expect(bench.slot(10)?.state == .interrupted)
        let next = bench.look(carrier: "d")
        #expect(next.map(\.takesUp) == [true])
        #expect(next.first?.slot.carrier == "d")
    }

    @Test func whatSomebodyElseHasTakenOverIsNotEndedByTheFirst() {
        var bench = bench()
        let old = bench.look(at: noon + 10 * minute)[0]
        bench.turn { turn, _ in _ = turn.adopt(from: "c") }
        let entry = bench.entry
        bench.succeed(old)
        #expect(bench.entry == entry)
        let new = bench.look(carrier: "d")[0]
        bench.fail(old)
        #expect(bench.slot(10)?.state == .running)
        bench.succeed(new)
        #expect(bench.slot(10)?.outcome == .succeeded)
        bench.succeed(new)
    }

    @Test func aRunThatIsCarriedElsewhereIsLookedAtAgainForAsLongAsThatTakes() {
        var bench = bench()
        var order = bench.look(at: noon + 10 * minute)[0]
        for _ in 0..<20 {
            bench.end(order, .carriedElsewhere)
            let orders = bench.look(at: bench.now + ScheduleTurn.patience)
            guard let next = orders.first(where: { $0.slot.planned == order.slot.planned }) else { break }
            order = next
        }
        #expect(order.slot.attempts == 1)
        bench.succeed(order)
        #expect(bench.slot(10)?.outcome == .succeeded)
    }

    @Test func aRunThatCannotGoOnIsBegunAnew() {
        var bench = bench()
        let first = bench.look(at: noon + 10 * minute)[0]
        bench.turn { turn, _ in _ = turn.adopt(from: "c") }
        let second = bench.look()[0]
        bench.end(second, .beginAnew)
        let third = bench.look()[0]
        #expect(first.run == second.run && third.run != first.run)
        #expect(!third.takesUp)
        #expect(bench.slot(10)?.runs == [first.run, third.run])
    }

    /// Whoever was given up and wakes up may begin a slot before he learns of it, and be killed at once.
    @Test func aSlotWhoseCarrierIsNotThereIsFoundByItself() {
        var bench = bench()
        bench.isThere = { $0 == "d" }
        bench.look(at: noon + 10 * minute, carrier: "ghost")
        #expect(bench.slot(10)?.carrier == "ghost")
        let found = bench.look(at: noon + 10 * minute + ScheduleTurn.checkUp, carrier: "d")
        #expect(found.map(\.takesUp).contains(true))
        #expect(bench.slot(10)?.carrier == "d")
        // One that is there keeps what it has.
        let later = bench.now + ScheduleTurn.checkUp
        #expect(bench.look(at: later, carrier: "e").allSatisfy { $0.slot.planned != noon + 10 * minute })
        #expect(bench.slot(10)?.carrier == "d")
        #expect(bench.slot(10)?.due == later + ScheduleTurn.checkUp)
    }

    // MARK: Refusals

    @Test func whatCannotBeStartedIsTriedAgainAndThenSkipped() {
        var bench = bench { $0.retry = Retry(count: 1) }
        bench.end(bench.look(at: noon + 10 * minute)[0], .refused("no target"))
        #expect(bench.slot(10)?.state == .waiting)
        bench.end(bench.look(at: noon + 11 * minute)[0], .refused("no target"))
        #expect(bench.slot(10)?.state == .skipped)
        #expect(bench.slot(10)?.reason == "no target")
        #expect(bench.notices.map(\.kind) == [.failed])
    }

    @Test func whatWasBegunAndCannotBeTakenUpHasRun() {
        var bench = bench { $0.retry = Retry(count: 2) }
        let first = bench.look(at: noon + 10 * minute)[0]
        bench.turn { turn, _ in _ = turn.adopt(from: "c") }
        bench.end(bench.look()[0], .refused("no target"))
        // It is taken up again, and not begun once more: half of it may be done.
        #expect(bench.slot(10)?.state == .interrupted)
        let again = bench.look(at: noon + 11 * minute)[0]
        #expect(again.takesUp && again.run == first.run)
        bench.end(again, .refused("no target"))
        #expect(bench.slot(10)?.state == .ran)
        #expect(bench.slot(10)?.outcome == .failed)
    }

    @Test func whatNeedsAPersonPausesTheScheduleAndSkipsWhatWaits() {
        var bench = bench { $0.overlap = .queue }
        let order = bench.look(at: noon + 10 * minute)[0]
        bench.look(at: noon + 20 * minute)
        bench.end(order, .needsPerson("it needs more than was agreed to"))
        #expect(bench.schedule.phase == .paused)
        #expect(bench.schedule.pauseReason == "it needs more than was agreed to")
        #expect(bench.slot(10)?.state == .skipped)
        #expect(bench.slot(20)?.reason == "the schedule was paused: it needs more than was agreed to")
        #expect(bench.notices.map(\.kind) == [.stopped])
        #expect(bench.audit.contains { $0.members["action"] == "paused" })
        #expect(bench.look(at: noon + hour).isEmpty)
    }

    @Test func whatIsDeniedHasRunAndNothingMoreIsStarted() {
        var bench = bench {
            $0.overlap = .queue
            $0.retry = Retry(count: 3, delay: minute)
        }
        let order = bench.look(at: noon + 10 * minute)[0]
        bench.look(at: noon + 20 * minute)
        bench.end(order, .denied("it is not signed"))
        #expect(bench.schedule.phase == .paused && bench.schedule.isFailing)
        #expect(bench.schedule.pauseReason == "it is not signed")
        #expect(bench.slot(10)?.state == .ran && bench.slot(10)?.outcome == .stopped)
        #expect(bench.slot(10)?.reason == "it is not signed")
        #expect(bench.slot(20)?.state == .skipped)
        #expect(bench.notices.map(\.kind) == [.stopped])
        #expect(bench.notices.first?.members["reason"] == "it is not signed")
        #expect(bench.audit.contains { $0.members["action"] == "paused" })
        #expect(bench.look(at: noon + hour).isEmpty)
    }

    @Test func aRemovedScheduleIsNotBroughtBackByWhatItsRunNeeds() {
        var bench = bench()
        let order = bench.look(at: noon + 10 * minute)[0]
        bench.turn { turn, _ in
            turn.change("removed", actor: "ada") { $0.phase = .removed }
            turn.beginAnew(nil)
        }
        bench.end(order, .needsPerson("look at it"))
        #expect(bench.schedule.phase == .removed)
        #expect(bench.entry.open.isEmpty)
    }

    // MARK: Notices

    @Test(arguments: [
        (RunStatus.failed, Notice.Kind.failed), (.stopped, .stopped), (.needsDecision, .needsDecision),
        (.diverged, .failed),
    ])
    func everyBadEndIsToldAndThenTheRecovery(_ status: RunStatus, _ kind: Notice.Kind) {
        var bench = bench()
        bench.end(
            bench.look(at: noon + 10 * minute)[0], .ended(status, message: "no luck", canBeTakenUp: false))
        #expect(bench.notices.map(\.kind) == [kind])
        #expect(bench.notices.first?.members["status"]?.stringValue == status.rawValue)
        #expect(bench.notices.first?.members["slot"]?.integerValue == noon + 10 * minute)
        for minutes in [20, 30] as [Int64] { bench.succeed(bench.look(at: noon + minutes * minute)[0]) }
        // Both hooks hear of it, and once.
        #expect(bench.notices.map(\.kind) == [kind, .recovered, .recovered])
        #expect(Set(bench.notices.map(\.id)).count == 3)
        #expect(Set(bench.notices(.recovered).map(\.destination)) == ["command:all", "command:some"])
    }

    @Test func aScheduleThatCannotBeReadStopsWithAllThatWaits() {
        var bench = bench { $0.overlap = .queue }
        bench.look(at: noon + 10 * minute)
        bench.look(at: noon + 20 * minute)
        var turn = ScheduleTurn(bench.entry, times: nil, now: noon + 30 * minute) { "x" }
        turn.stop("there is no time zone")
        turn.settle(awakeSince: noon)
        let step = turn.step
        #expect(step?.schedule.phase == .paused)
        #expect(step?.schedule.next == nil)
        #expect(step?.slots.map(\.state) == [.skipped])
        #expect(step?.notices.map(\.kind) == [.stopped])
    }

    @Test func aRunThatTakesItsCarriersWithItIsLeftToAPersonInTheEnd() {
        var bench = RuleBench(.sample { $0.trigger = "@hourly" })
        var orders = bench.look(at: noon + 60 * minute)
        var count = 0
        while orders.count == 1 {
            count += 1
            bench.turn { turn, _ in _ = turn.adopt(from: "c") }
            orders = bench.look()
        }
        #expect(count == ScheduleTurn.carriers)
        #expect(bench.slot(60)?.outcome == .failed)
        #expect(bench.slot(60)?.reason.hasPrefix("25 schedulers have carried its run") == true)
    }

    @Test func aPersonsSlotIsRunInHerNameAndTheOthersAsBefore() {
        var bench = RuleBench(
            .sample {
                $0.trigger = "@hourly"; $0.actor = "ada"
            })
        bench.now = noon + minute
        bench.turn { turn, _ in _ = turn.planNow(for: "eve") }
        #expect(bench.look().map(\.slot.actor) == ["eve"])
        #expect(bench.schedule.actor == "ada" && bench.audit.last?.members["actor"] == "eve")
    }
}

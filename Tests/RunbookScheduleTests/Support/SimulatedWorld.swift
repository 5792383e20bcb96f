import Operations
import RunbookHost
import Synchronization

@testable import RunbookSchedule

/// A world in which several schedulers share a store for a long time, and everything happens to them that may happen.
///
/// Nothing in it waits: its clock goes from one event to the next. The same seed gives the same world.
final class SimulatedWorld {
    /// What happened how often.
    enum Chaos: String, CaseIterable {
        case killed, killedWithinALook, stopped, stoppedWithinALook, stoppedForLong, allGone, clockAhead, clockBehind
        case storeLost, edited, paused, resumed, removed
    }

    private enum Event {
        case look(Int)
        case end(Assignment)
        case mishap
        case strike(Int, process: Int32, Chaos)
        case start(Int)
        case wake(Int)
        case clockIsSet
        case storeIsBack
    }

    /// An order that a process was given.
    private final class Assignment {
        let order: SlotOrder
        let process: Int32
        /// As which owner of the run it has the order; 0 if another one has the run.
        let epoch: Int

        init(_ order: SlotOrder, _ process: Int32, epoch: Int) {
            self.order = order
            self.process = process
            self.epoch = epoch
        }
    }

    private struct Daemon {
        var station: Station?
        var process: Int32 = 0
        /// When it looks next.
        var next = Int64.max
        var isStopped = false
        /// What is to happen to it in the midst of its next look, at which call of the store.
        var accident: (kind: Chaos, call: Int)?
        /// What is to happen to it soon after it has begun something.
        var fate: Chaos?
        /// A look in whose midst it was stopped.
        var look: Task<(orders: [SlotOrder], pause: Int64?), Never>?
        /// Since when, on the calendar, it was there without a break.
        var calmSince: Int64?
    }

    /// A time on the calendar during which a scheduler was there, could use the store, and no clock was set.
    struct Calm {
        let from: Int64
        let to: Int64
    }

    /// What a schedule was from some moment on, until it was changed.
    struct Definition {
        let from: Int64
        let schedule: Schedule
    }

    let clock: ManualClock
    let memory = InMemoryScheduleStore()
    let book: ScheduleBook
    private(set) var counts: [Chaos: Int] = [:]
    private(set) var looks = 0
    private(set) var calm: [Calm] = []
    private(set) var definitions: [String: [Definition]] = [:]
    private(set) var removed: [String: Int64] = [:]
    private var paused: Set<String> = []
    private(set) var ledger = RunLedger()
    /// Times on the calendar that came twice.
    private(set) var repeated: [Calm] = []

    private let start: Int64
    private var generator: SeededRandom
    private var queue = EventQueue<Event>()
    private var daemons: [Daemon]
    private var processes: Int32 = 0
    private let dead = ProcessList()
    private let cancelled = Handover()
    /// What somebody was given to carry and has not ended.
    private var assignments: [ObjectIdentifier: Assignment] = [:]
    private var isStoreLost = false
    private var offset: Int64 = 0
    private var lastChange: Int64 = 0
    private var isCalmFromNowOn = false

    init(seed: UInt64, daemons count: Int) {
        start = noon
        generator = SeededRandom(seed: seed)
        clock = ManualClock(noon)
        book = ScheduleBook(store: memory, zones: sharedZones, clock: clock)
        daemons = Array(repeating: Daemon(), count: count)
    }

    /// Time since the beginning, in milliseconds.
    private var time: Int64 { clock.monotonic().inMilliseconds }

    private func random(_ range: ClosedRange<Int64>) -> Int64 { .random(in: range, using: &generator) }

    func add(_ schedule: Schedule) async throws {
        let added = try await book.add(schedule, actor: "ada")
        definitions[added.id] = [Definition(from: clock.unixMilliseconds(), schedule: added)]
    }

    // MARK: Going on

    /// Lets time pass, with so many mishaps, and then some without.
    func live(for duration: Int64, mishaps: Int, thenCalmFor rest: Int64) async {
        for index in daemons.indices { restart(index) }
        for _ in 0..<mishaps { queue.add(.mishap, at: random(hour...duration - 2 * day)) }
        await go(until: duration)
        isCalmFromNowOn = true
        await go(until: duration + rest)
        for index in daemons.indices { endCalm(index) }
    }

    private func go(until end: Int64) async {
        while let (moment, event) = queue.next() {
            guard moment <= end else {
                queue.add(event, at: moment)
                break
            }
            clock.advance(by: max(0, moment - time))
            switch event {
            case .look(let index): if daemons[index].next == moment { await look(index) }
            case .end(let assignment): await self.end(assignment)
            case .mishap: await mishap()
            case .strike(let index, let process, let kind): await strike(index, process, kind)
            case .start(let index): if daemons[index].station == nil { restart(index) }
            case .wake(let index): await wake(index)
            case .clockIsSet: set(0)
            case .storeIsBack:
                isStoreLost = false
                for daemon in daemons { daemon.station?.store.set(isDown: false) }
            }
            for order in cancelled.take() {
                guard let assignment = assignments[ObjectIdentifier(order.cancellation)] else { continue }
                queue.add(.end(assignment), at: time + 100)
            }
        }
        clock.advance(by: max(0, end - time))
    }

    private func plan(_ index: Int, at moment: Int64) {
        guard moment < daemons[index].next else { return }
        daemons[index].next = moment
        queue.add(.look(index), at: moment)
    }

    // MARK: Looks

    private func look(_ index: Int) async {
        daemons[index].next = .max
        guard let station = daemons[index].station, !daemons[index].isStopped else { return }
        looks += 1
        guard let accident = daemons[index].accident, !isStoreLost, !isCalmFromNowOn else {
            let (orders, pause) = await station.lookOnce()
            return didLook(index, orders, pause)
        }
        daemons[index].accident = nil
        let kinds: [FaultyStore.Mishap] =
            accident.kind == .killedWithinALook ? [.killedBefore, .killedAfter] : [.stoppedBefore]
        station.store.plan(kinds[accident.call % kinds.count], at: accident.call)
        let signal = Signal()
        station.store.whenStopped { signal.ring() }
        let look = Task {
            let result = await station.lookOnce()
            signal.ring()
            return result
        }
        await signal.wait()
        guard station.store.isStopped else {
            let (orders, pause) = await look.value
            if station.store.isDead { count(.killedWithinALook) }
            return didLook(index, orders, pause)
        }
        count(.stoppedWithinALook)
        station.store.planNothing()
        daemons[index].look = look
        stop(index, for: stopping())
    }

    private func count(_ chaos: Chaos) { counts[chaos, default: 0] += 1 }

    /// How long somebody is stopped: mostly for seconds or minutes, and now and then until he is given up.
    private func stopping() -> Int64 {
        guard random(0...3) == 0 else { return random(5 * second...10 * minute) }
        count(.stoppedForLong)
        return random(hour...4 * hour)
    }

    private func didLook(_ index: Int, _ orders: [SlotOrder], _ pause: Int64?) {
        guard let station = daemons[index].station else { return }
        station.store.planNothing()
        _ = station.said()
        if station.store.isDead { return bury(index, for: random(second...10 * minute)) }
        if daemons[index].calmSince == nil, !isStoreLost { daemons[index].calmSince = clock.unixMilliseconds() }
        for order in orders { carry(order, daemons[index].process) }
        if !orders.isEmpty, let fate = daemons[index].fate {
            daemons[index].fate = nil
            queue.add(.strike(index, process: daemons[index].process, fate), at: time + random(0...20 * second))
        }
        plan(index, at: time + (pause ?? minute))
    }

    // MARK: Runs

    private func carry(_ order: SlotOrder, _ process: Int32) {
        var epoch = 0
        var duration: Int64 = 10
        if let run = ledger.runs[order.run] {
            if isFree(run, for: process), order.takesUp {
                if [.running, .cancelled].contains(run.status) {
                    ledger.take(order, owner: process)
                    duration = run.left
                }
                epoch = ledger.runs[order.run]?.epoch ?? 0
            }
        } else {
            let chance = random(0...99)
            duration = random(0...59) == 0 ? random(minute...20 * minute) : random(100...50 * second)
            ledger.begin(
                order, owner: process, takes: duration,
                outcome: chance < 88 ? .succeeded : chance < 96 ? .failed : chance < 98 ? .stopped : .diverged)
            epoch = 1
        }
        let assignment = Assignment(order, process, epoch: epoch)
        assignments[ObjectIdentifier(order.cancellation)] = assignment
        order.cancellation.onCancel { [cancelled] in cancelled.give([order]) }
        queue.add(.end(assignment), at: time + duration)
    }

    /// Whether nobody else is at work on a run: its owner is gone, or is stopped, which somebody must have found out.
    private func isFree(_ run: RunLedger.Run, for process: Int32) -> Bool {
        if run.status != .running || run.owner == process || dead.contains(run.owner) { return true }
        let station = daemons.first { $0.process == process }?.station
        return station?.scheduler.carriesRuns(.sample(run.owner)) == false
    }

    private func end(_ assignment: Assignment) async {
        let order = assignment.order
        let key = ObjectIdentifier(order.cancellation)
        guard assignments[key] != nil, let index = daemons.firstIndex(where: { $0.process == assignment.process }),
            let station = daemons[index].station
        else { return }
        guard !daemons[index].isStopped, !isStoreLost else {
            return queue.add(.end(assignment), at: time + 20 * second)
        }
        assignments[key] = nil
        await station.scheduler.end(order, result(of: order, assignment.epoch))
        // It is told of every end, and looks.
        guard let earliest = try? await memory.earliest() else { return }
        let next = min(earliest.next ?? .max, earliest.ready ?? .max)
        if next < .max { plan(index, at: max(time, min(next - clock.unixMilliseconds(), hour) + time)) }
    }

    private func result(of order: SlotOrder, _ epoch: Int) -> SlotResult {
        // Somebody else carries it: nothing that this one did since has reached the journal.
        guard let run = ledger.runs[order.run], run.epoch == epoch else { return .carriedElsewhere }
        guard run.status == .running else { return .ended(run.status, message: "", canBeTakenUp: false) }
        let status = order.cancellation.isCancelled ? .cancelled : run.outcome
        ledger.leave(order.run, status)
        return .ended(status, message: "", canBeTakenUp: false)
    }

    // MARK: Daemons

    private func restart(_ index: Int) {
        processes += 1
        let dead = dead
        // They look every 20 minutes at least, and whoever has not been seen for 45 is given up.
        let settings = SchedulerSettings(
            maximumRuns: 200, poll: 20 * minute, beat: 10 * minute, silence: 45 * minute, replan: nil)
        let station = Station(
            processes, memory, clock, settings: settings, isAlive: { !dead.contains($0.process) })
        station.store.set(isDown: isStoreLost)
        daemons[index] = Daemon(station: station, process: processes)
        plan(index, at: time)
    }

    private func kill(_ index: Int, for pause: Int64) async {
        guard let station = daemons[index].station else { return }
        station.store.kill()
        if let look = daemons[index].look {
            station.store.proceed()
            _ = await look.value
        }
        bury(index, for: pause)
    }

    /// What it carried stays as it is; somebody starts it again later.
    private func bury(_ index: Int, for pause: Int64) {
        endCalm(index)
        dead.insert(daemons[index].process)
        ledger.abandon(daemons[index].process)
        daemons[index] = Daemon()
        queue.add(.start(index), at: time + pause)
    }

    private func stop(_ index: Int, for pause: Int64) {
        endCalm(index)
        daemons[index].isStopped = true
        queue.add(.wake(index), at: time + pause)
    }

    private func wake(_ index: Int) async {
        guard daemons[index].isStopped, let station = daemons[index].station else { return }
        daemons[index].isStopped = false
        if let look = daemons[index].look {
            daemons[index].look = nil
            station.store.proceed()
            let (orders, pause) = await look.value
            didLook(index, orders, pause)
        } else {
            plan(index, at: time)
        }
    }

    private func endCalm(_ index: Int) {
        guard let since = daemons[index].calmSince else { return }
        if offset == 0 { calm.append(Calm(from: since, to: clock.unixMilliseconds())) }
        daemons[index].calmSince = nil
    }

    // MARK: Mishaps

    private func mishap() async {
        guard !isCalmFromNowOn else { return }
        let index = Int(random(0...Int64(daemons.count - 1)))
        switch random(0...15) {
        case 0, 1: daemons[index].fate = .killed
        case 2, 3, 4: daemons[index].accident = (.killedWithinALook, Int(random(1...7)))
        case 5, 6: daemons[index].fate = .stopped
        case 7, 8, 9: daemons[index].accident = (.stoppedWithinALook, Int(random(1...7)))
        case 10:
            guard random(0...3) == 0 else { return }
            count(.allGone)
            for index in daemons.indices { await kill(index, for: random(hour...30 * hour)) }
        case 11, 12: jump()
        case 13:
            guard !isStoreLost else { return }
            count(.storeLost)
            for index in daemons.indices { endCalm(index) }
            isStoreLost = true
            for daemon in daemons where daemon.look == nil { daemon.station?.store.set(isDown: true) }
            queue.add(.storeIsBack, at: time + random(second...40 * minute))
        default: await change()
        }
    }

    /// Hits a daemon that has just begun something.
    private func strike(_ index: Int, _ process: Int32, _ kind: Chaos) async {
        guard daemons[index].process == process, daemons[index].station != nil, !isCalmFromNowOn,
            !daemons[index].isStopped
        else { return }
        count(kind)
        if kind == .killed {
            await kill(index, for: random(0...3 * hour))
        } else {
            stop(index, for: stopping())
        }
    }

    private func jump() {
        guard offset == 0 else { return }
        let size = [random(3 * second...minute), random(minute...3 * hour), random(hour...day)][Int(random(0...2))]
        if random(0...1) == 0 {
            count(.clockAhead)
            set(size)
        } else {
            // Whoever changes a schedule does so while the clock is right, and not in a time that comes again.
            let now = clock.unixMilliseconds()
            guard now - size > max(lastChange, start) + hour else { return }
            count(.clockBehind)
            repeated.append(Calm(from: now - size, to: now))
            set(-size)
        }
        queue.add(.clockIsSet, at: time + random(minute...6 * hour))
    }

    private func set(_ offset: Int64) {
        for index in daemons.indices { endCalm(index) }
        self.offset = offset
        clock.set(start + time + offset)
        for index in daemons.indices where daemons[index].station != nil { plan(index, at: time + random(0...second)) }
    }

    private func change() async {
        guard offset == 0 else { return }
        let ids = definitions.keys.sorted()
        let kind = random(0...9)
        // Of those that are paused one is resumed.
        let among = (7...8).contains(kind) && !paused.isEmpty ? paused.sorted() : ids
        let id = among[Int(random(0...Int64(among.count - 1)))]
        guard removed[id] == nil, let schedule = definitions[id]?.last?.schedule else { return }
        let (name, now) = (schedule.name, clock.unixMilliseconds())
        lastChange = now
        do throws(ScheduleBook.Failure) {
            switch kind {
            case 0...3:
                let hours = random(0...23), minutes = random(0...3) * 15
                let new = try await book.edit(name, actor: "bob") { schedule in
                    schedule.trigger = "\(minutes) \(hours) * * *"
                    schedule.starting = nil
                    schedule.until = nil
                }
                definitions[id]?.append(Definition(from: now, schedule: new))
                count(.edited)
            case 4...6:
                _ = try await book.pause(name, reason: "holidays", actor: "bob")
                paused.insert(id)
                count(.paused)
            case 7, 8:
                // Resuming plans anew from now on, and so changes nothing of what is planned.
                let isPaused = paused.remove(id) != nil
                _ = try await book.resume(name, actor: "bob")
                if isPaused { count(.resumed) }
            default:
                _ = try await book.remove(name, actor: "bob")
                removed[id] = now
                count(.removed)
            }
        } catch {
            // One whose last time is past cannot be resumed.
        }
        for index in daemons.indices where daemons[index].station != nil { plan(index, at: time + random(0...second)) }
    }
}

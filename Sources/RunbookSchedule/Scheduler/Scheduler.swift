internal import Operations
public import RunbookHost
internal import Synchronization

/// Runs schedules: gives each planned time its slot, starts what is due, and takes up what others have left.
///
/// Everything it goes by stands in the store, and nothing of it in memory: several schedulers on one store share the work,
/// and none of them runs what another does. Nothing is started before it is written that it is.
///
/// ```swift
/// let scheduler = Scheduler(store: store, runner: runner, owner: .current)
/// await scheduler.run()
/// ```
public actor Scheduler {
    /// How long to wait after a look at which others were quicker, in milliseconds.
    private static let yielding: Int64 = 100
    /// So many slots are written at once, but for the last schedule's.
    private static let mostRows = 5_000

    private let store: any ScheduleStore
    private let runner: any SlotRunner
    private let owner: RunOwner
    private let zones: TimeZoneCatalogue
    private let clock: any RunClock
    private let settings: SchedulerSettings
    private let random: @Sendable () -> UInt64
    private let isAlive: @Sendable (RunOwner) -> Bool?
    private let observer: @Sendable (SchedulerEvent) -> Void
    private let only: (schedule: String, planned: Int64)?
    private let doorbell = Doorbell()
    /// The processes that are taken for dead although they may be there: those that are stopped.
    private let silent = Mutex(Set<RunOwner>())

    private var carrier: Carrier?
    private var lookout: Lookout
    private var pulse = Pulse()
    private var awakeSince: Int64
    private var lastBeat: Duration?
    private var lastRound: Duration?
    private var lastFull: Duration?
    private var lastPlan: Duration?
    private let mustReplan = Mutex(false)
    /// What is under way; a run that was taken from this scheduler and given back to it may be here twice.
    private var orders: [ObjectIdentifier: SlotOrder] = [:]
    /// The carriers that were not given up, as of the last look.
    private var present: Set<String> = []
    private var failures = 0
    /// When the store could last be used.
    private var usable: Duration?
    private var leaving: Duration?
    /// Whether there may be schedules that were looked at while the clock was ahead.
    private var isRewinding = true

    /// A scheduler.
    ///
    /// - Parameters:
    ///   - store: where schedules are kept, and the runs with them.
    ///   - runner: carries the runs.
    ///   - owner: this process, as others find it in the store.
    ///   - zones: the time zones. Default: the system's.
    ///   - clock: Default: the system's.
    ///   - settings: Default: see there.
    ///   - random: makes ids. Default: the system's generator.
    ///   - isAlive: whether another process lives; `nil` if that cannot be told from here. Default: nobody can tell, and one
    ///     is given up when it has shown nothing for ``SchedulerSettings/silence``.
    ///   - only: one slot, by its schedule's id and its planned time: nothing else is looked at, and ``run()`` returns when it
    ///     was carried. Default: everything.
    ///   - observer: is told of what happens; it must return at once. Default: nobody is.
    public init(
        store: any ScheduleStore, runner: any SlotRunner, owner: RunOwner,
        zones: TimeZoneCatalogue = TimeZoneCatalogue(), clock: any RunClock = SystemClock(),
        settings: SchedulerSettings = SchedulerSettings(),
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) },
        isAlive: @escaping @Sendable (RunOwner) -> Bool? = { _ in nil },
        only: (schedule: String, planned: Int64)? = nil,
        observer: @escaping @Sendable (SchedulerEvent) -> Void = { _ in }
    ) {
        self.only = only
        self.store = store
        self.runner = runner
        self.owner = owner
        self.zones = zones
        self.clock = clock
        self.settings = settings
        self.random = random
        self.isAlive = isAlive
        self.observer = observer
        lookout = Lookout(silence: .milliseconds(settings.silence))
        awakeSince = clock.unixMilliseconds()
    }

    // MARK: From outside

    /// Runs schedules until ``leave()`` is called, or the task is cancelled, which does the same, and what was under way
    /// then has ended.
    public func run() async {
        // In a task of its own: what is under way is to be left in order, and not to be cancelled with the caller.
        let work = Task { await self.runUntilLeft() }
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            Task { await self.leave() }
        }
    }

    private func runUntilLeft() async {
        await withDiscardingTaskGroup { group in
            while true {
                let pause = await look { order in group.addTask { await self.carry(order) } }
                guard let pause else { break }
                await doorbell.wait(for: .milliseconds(pause), clock: clock)
            }
        }
        guard let carrier else { return }
        // What could not be written is left to others. If the store fails, they find out by themselves.
        _ = try? await giveUp(carrier.id)
    }

    /// Starts nothing more, waits for what is under way as long as the settings allow, and ends the rest: whoever comes next
    /// takes it up.
    public func leave() {
        if leaving == nil { leaving = clock.monotonic() }
        doorbell.ring()
    }

    /// Whether it starts nothing more.
    public var isLeaving: Bool { leaving != nil }

    /// Reads the time zones again, plans what comes next by their rules, and looks at what is due now.
    public nonisolated func planAnew() {
        mustReplan.withLock { $0 = true }
        doorbell.ring()
    }

    /// Whether a process carries runs, as far as this one has seen: one that is stopped does not.
    public nonisolated func carriesRuns(_ owner: RunOwner) -> Bool? {
        silent.withLock { $0.contains(owner) } ? false : isAlive(owner)
    }

    // MARK: One look

    /// Looks once at everything that is due.
    ///
    /// - Parameter start: is given what is to be carried from now on.
    /// - Returns: when to look again, in milliseconds from now; `nil` if it has left.
    func look(start: (SlotOrder) -> Void) async -> Int64? {
        readClocks()
        if let leaving {
            guard !orders.isEmpty else { return nil }
            let left = settings.drain - (clock.monotonic() - leaving).inMilliseconds
            if left <= 0 { for order in orders.values { order.cancellation.cancel() } }
            // What is on its way to its end still shows that it lives.
            try? await beat()
            observer(.looked)
            return left <= 0 ? settings.poll : min(left, settings.poll)
        }
        do throws(StoreError) {
            let pause = try await lookAtStore(start: start)
            if failures > 0 { observer(.storeRecovered) }
            failures = 0
            readClocks()
            usable = clock.monotonic()
            observer(.looked)
            pulse.expect(in: pause)
            return pause
        } catch {
            if failures == 0 { observer(.storeFailed(error)) }
            failures += 1
            readClocks()
            observer(.looked)
            let pause = settings.poll * Int64(min(failures, 30))
            pulse.expect(in: pause)
            return pause
        }
    }

    private func readClocks() {
        let now = clock.unixMilliseconds()
        let reading = pulse.read(calendar: now, time: clock.monotonic())
        if reading.absence > 0 {
            // Why a store that fails keeps everybody waiting was said already.
            if failures == 0 { observer(.slept(reading.absence)) }
            awakeSince = now
            // Nobody is silent because this one did not listen.
            lookout.forget()
        }
        if reading.jump != 0 {
            observer(.clockJumped(reading.jump))
            awakeSince = now
            if reading.jump < 0 { isRewinding = true }
        }
        if failures > 0, let usable, (clock.monotonic() - usable).inMilliseconds > Pulse.absence {
            // Without a store nobody could start anything, nor show that he lives.
            awakeSince = now
            lookout.forget()
        }
    }

    private func lookAtStore(start: (SlotOrder) -> Void) async throws(StoreError) -> Int64 {
        try await beat()
        if let only { return try await look(at: only, start: start) }
        try await lookAtOthers()
        if isRewinding {
            try await rewind()
            isRewinding = false
        }
        try await replan()
        var isFull = false
        var wasSlower = false
        while true {
            // What comes now may have slept through its time while the last was written.
            readClocks()
            let due = try await store.due(by: clock.unixMilliseconds(), limit: settings.batch)
            let written = try await turn(due, start: start) { entry, now in
                var turn = planningTurn(entry, now)
                turn.settle(awakeSince: awakeSince)
                return turn
            }
            wasSlower = wasSlower || written < due.count
            if due.count < settings.batch || written == 0 { break }
        }
        while true {
            readClocks()
            let capacity = settings.maximumRuns - orders.count
            isFull = capacity <= 0
            if isFull { break }
            let ready = try await store.ready(by: clock.unixMilliseconds(), limit: min(capacity, settings.batch))
            if ready.isEmpty { break }
            let written = try await turn(ready, start: start) { turn($0, $1) }
            wasSlower = wasSlower || written < ready.count
            if written == 0 { break }
        }
        if isFull { try await lookWhileFull(start: start) }
        let earliest = try await store.earliest()
        let next = [earliest.next, isFull ? nil : earliest.ready].compactMap { $0 }.min() ?? .max
        let now = clock.unixMilliseconds()
        // Whatever kept it from being written will not always be over at once.
        if next <= now { return wasSlower ? Self.yielding : 0 }
        return min(next - now, settings.poll)
    }

    /// Applies the rules to what waits for a free place: it may be skipped, or replaced, or be late beyond what is allowed. Not
    /// at each end of a run, as what waits may be much.
    private func lookWhileFull(start: (SlotOrder) -> Void) async throws(StoreError) {
        let now = clock.monotonic()
        if let lastFull, now - lastFull < .milliseconds(settings.poll) { return }
        lastFull = now
        let ready = try await store.ready(by: clock.unixMilliseconds(), limit: settings.batch)
        _ = try await turn(ready, start: start) { turn($0, $1) }
    }

    /// Plans anew, some time after the last time and when it was asked for: the system's time zones may have been renewed.
    private func replan() async throws(StoreError) {
        let now = clock.monotonic()
        let isDue = settings.replan.map { pause in lastPlan.map { now - $0 >= .milliseconds(pause) } ?? true } ?? false
        let isAskedFor = mustReplan.withLock { wanted in
            defer { wanted = false }
            return wanted
        }
        guard isDue || isAskedFor else { return }
        zones.reload()
        var last: String?
        while true {
            let entries = try await store.entries(after: last, limit: settings.batch)
            var steps: [ScheduleStep] = []
            for entry in entries {
                var turn = planningTurn(entry, clock.unixMilliseconds())
                turn.replan()
                if let step = turn.step { steps.append(step) }
            }
            // Whoever was quicker has planned it himself just now.
            if !steps.isEmpty { _ = try await store.commit(steps) }
            guard let name = entries.last?.schedule.name, entries.count == settings.batch else { break }
            last = name
        }
        lastPlan = now
    }

    /// Starts the one slot that this scheduler is there for, and leaves once nothing is left of it to be done here.
    private func look(
        at only: (schedule: String, planned: Int64), start: (SlotOrder) -> Void
    ) async throws(StoreError) -> Int64 {
        try await endUnwanted()
        guard orders.isEmpty else { return settings.poll }
        if let entry = try await store.entry(id: only.schedule),
            let slot = entry.open.first(where: { $0.planned == only.planned }), slot.state == .waiting,
            slot.attempts == 0,
            slot.due <= clock.unixMilliseconds()
        {
            _ = try await turn([entry], start: start) { turn($0, $1) }
        } else {
            leave()
        }
        return 0
    }

    /// Applies the rules to entries, writes what comes of it, and starts what is to be started.
    ///
    /// - Returns: of how many something was written.
    private func turn(
        _ entries: [ScheduleEntry], start: (SlotOrder) -> Void, _ body: (ScheduleEntry, Int64) -> ScheduleTurn
    ) async throws(StoreError) -> Int {
        guard let carrier else { return 0 }
        let now = clock.unixMilliseconds()
        var capacity = settings.maximumRuns - orders.count
        var turns: [(turn: ScheduleTurn, step: ScheduleStep)] = []
        var (rows, written) = (0, 0)
        for entry in entries {
            var turn = body(entry, now)
            turn.start(
                carrier: carrier.id, capacity: &capacity, awakeSince: awakeSince, only: only?.planned,
                isThere: present.contains)
            guard let step = turn.step else { continue }
            turns.append((turn, step))
            rows += step.slots.count
            guard rows >= Self.mostRows else { continue }
            written += try await write(turns, start: start)
            turns = []
            rows = 0
        }
        if !turns.isEmpty { written += try await write(turns, start: start) }
        return written
    }

    private func write(
        _ turns: [(turn: ScheduleTurn, step: ScheduleStep)], start: (SlotOrder) -> Void
    ) async throws(StoreError) -> Int {
        // If the power fails, what a run has changed is not known to the store without what is written here: whatever it
        // writes is behind it. So nobody has to wait for the disk.
        let written = try await store.commit(turns.map(\.step), isDurable: false)
        for (index, isWritten) in written.enumerated() where isWritten {
            let (turn, step) = turns[index]
            for slot in step.slots where slot.state != .running { observer(.decided(turn.schedule, slot)) }
            end(step.slots.filter(\.isUnwanted))
            for order in turn.orders {
                orders[ObjectIdentifier(order.cancellation)] = order
                observer(.started(order))
                start(order)
            }
        }
        return written.count { $0 }
    }

    /// A turn that plans nothing.
    private func turn(_ entry: ScheduleEntry, _ now: Int64) -> ScheduleTurn {
        ScheduleTurn(entry, times: nil, now: now) { self.makeID() }
    }

    /// A turn that may plan; a schedule that cannot be read is paused by it.
    private func planningTurn(_ entry: ScheduleEntry, _ now: Int64) -> ScheduleTurn {
        do throws(ScheduleFault) {
            let times = try ScheduleTimes(of: entry.schedule, zones: zones)
            return ScheduleTurn(entry, times: times, now: now) { self.makeID() }
        } catch {
            var turn = turn(entry, now)
            if entry.schedule.phase == .active {
                observer(.unreadable(entry.schedule, error))
                turn.stop(error.description)
            }
            return turn
        }
    }

    private func makeID() -> String {
        SortedID.make(unixMilliseconds: clock.unixMilliseconds(), random: random())
    }

    // MARK: Carrying

    private func carry(_ order: SlotOrder) async {
        let result = await runner.run(order)
        await end(order, result)
    }

    /// Writes how an order ended; goes on trying while the store cannot be used, for as long as it may.
    func end(_ order: SlotOrder, _ result: SlotResult) async {
        var slot: Slot?
        while true {
            do throws(StoreError) {
                guard let entry = try await store.entry(id: order.schedule.id) else { break }
                var turn = self.turn(entry, clock.unixMilliseconds())
                turn.end(order, result)
                guard let step = turn.step else { break }
                // Lost with the power it is found again: the run's own record says how it ended.
                guard try await store.commit([step], isDurable: false) == [true] else { continue }
                slot = step.slots.first { $0.planned == order.slot.planned }
                break
            } catch {
                // What is not written is taken up by whoever comes next: the run's own record says how it ended.
                if let leaving, (clock.monotonic() - leaving).inMilliseconds > settings.drain { break }
                await Doorbell().wait(for: .milliseconds(settings.poll), clock: clock)
                if Task.isCancelled { break }
            }
        }
        orders[ObjectIdentifier(order.cancellation)] = nil
        observer(.ended(order, result, slot))
        doorbell.ring()
    }

    /// Looks at what others do. That is not asked each time that a run ends, of which there may be hundreds a second.
    private func lookAtOthers() async throws(StoreError) {
        let now = clock.monotonic()
        if let lastRound, now - lastRound < .milliseconds(settings.poll) { return }
        try await takeOver()
        try await endUnwanted()
        lastRound = now
    }

    /// Ends the runs that a later slot is to replace, which others may have decided.
    private func endUnwanted() async throws(StoreError) {
        guard let carrier, !orders.isEmpty else { return }
        for entry in try await store.entries(carriedBy: carrier.id) {
            end(entry.open.filter(\.isUnwanted))
        }
    }

    /// Ends the runs of slots, if they are carried here.
    private func end(_ slots: [Slot]) {
        guard !slots.isEmpty else { return }
        let unwanted = Set(slots.compactMap(\.runs.last))
        for order in orders.values where unwanted.contains(order.run) { order.cancellation.cancel() }
    }

    // MARK: Others

    private func beat() async throws(StoreError) {
        let now = clock.monotonic()
        if let carrier, let lastBeat {
            guard now - lastBeat >= .milliseconds(settings.beat) else { return }
            if try await store.beat(carrier.id) {
                self.lastBeat = now
                return
            }
            // What it carried belongs to others now: its runs find that out by themselves, and are to end.
            observer(.givenUp)
            for order in orders.values { order.cancellation.cancel() }
        }
        let carrier = Carrier(id: makeID(), owner: owner, began: clock.unixMilliseconds())
        try await store.add(carrier)
        self.carrier = carrier
        lastBeat = now
        awakeSince = clock.unixMilliseconds()
    }

    /// Takes over what dead schedulers have left.
    private func takeOver() async throws(StoreError) {
        let others = try await store.carriers().filter { $0.id != carrier?.id }
        let dead = lookout.dead(among: others, isAlive: isAlive, now: clock.monotonic())
        let living = Set(others.filter { other in !dead.contains { $0.id == other.id } }.map(\.owner))
        silent.withLock {
            $0.formUnion(dead.map(\.owner)); $0.subtract(living)
        }
        present = Set(others.map(\.id))
        if let carrier { present.insert(carrier.id) }
        for carrier in dead {
            let slots = try await giveUp(carrier.id)
            present.remove(carrier.id)
            // It may have written something just before the clock was set right.
            isRewinding = true
            observer(.adopted(from: carrier, slots: slots))
        }
    }

    /// Leaves what a carrier has to whoever comes first, and removes it.
    ///
    /// - Returns: how many slots it had.
    private func giveUp(_ carrier: String) async throws(StoreError) -> Int {
        var slots = 0
        while true {
            let left = try await store.entries(carriedBy: carrier)
            var turns: [(slots: Int, step: ScheduleStep)] = []
            for entry in left {
                var turn = self.turn(entry, clock.unixMilliseconds())
                let count = turn.adopt(from: carrier)
                if let step = turn.step { turns.append((count, step)) }
            }
            if turns.isEmpty { break }
            for (index, isWritten) in try await store.commit(turns.map(\.step)).enumerated() where isWritten {
                slots += turns[index].slots
            }
        }
        try await store.remove(carrier: carrier)
        return slots
    }

    /// Goes back with the schedules that were looked at while the clock was ahead.
    private func rewind() async throws(StoreError) {
        let now = clock.unixMilliseconds()
        while true {
            let entries = try await store.ahead(of: now, limit: settings.batch)
            if entries.isEmpty { return }
            var steps: [ScheduleStep] = []
            for entry in entries {
                let ran = try await store.plannedTimes(ranAfter: now, of: entry.schedule.id)
                var turn = planningTurn(entry, now)
                turn.rewind(ran: ran)
                if let step = turn.step { steps.append(step) }
            }
            if steps.isEmpty { return }
            _ = try await store.commit(steps)
        }
    }
}

extension ScheduleStore {
    /// The planned times after a moment that have had their run already, while the clock was ahead.
    func plannedTimes(ranAfter unixMilliseconds: Int64, of schedule: String) async throws(StoreError) -> [Int64] {
        var times: [Int64] = []
        while true {
            let slots = try await slots(of: schedule, before: times.last, states: [.ran], limit: 1_000)
            times += slots.lazy.map(\.planned).prefix { $0 > unixMilliseconds }
            guard slots.count == 1_000, times.last == slots.last?.planned else { return times }
        }
    }
}

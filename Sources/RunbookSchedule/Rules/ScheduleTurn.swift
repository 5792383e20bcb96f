internal import Operations
internal import RunbookHost

/// One look at a schedule: takes what was read, keeps to the rules, and says what is to be written, started and ended.
///
/// It is a pure state machine: whoever drives it reads the entry, and writes ``step`` before acting on ``orders``. If
/// somebody else has written meanwhile, nothing of it counts.
struct ScheduleTurn {
    /// A slot that is started no later than this after its time is in time, in milliseconds.
    static let punctuality: Int64 = 60_000
    /// So many slots are written at once, of the many that were missed.
    static let batch = 1_000
    /// When a run that another process carries is looked at again, in milliseconds.
    static let patience: Int64 = 5_000
    /// So often a run is taken up that keeps failing without its script's doing.
    static let takeUps = 5
    /// So often a run is carried that takes its carriers with it.
    static let carriers = 25
    /// How often somebody looks whether a slot that runs is carried by anybody, in milliseconds.
    static let checkUp: Int64 = 600_000

    /// The schedule as it becomes.
    private(set) var schedule: Schedule
    /// Its slots without a fate.
    private(set) var open: [Slot]
    /// What is to be started once it is written.
    private(set) var orders: [SlotOrder] = []

    let now: Int64
    private let times: PlannedTimes?
    private let makeID: () -> String
    private let original: Schedule
    private var changed: [Int64: Slot] = [:]
    private var notices: [Notice] = []
    private var audit: [AuditEvent] = []
    private var reopening: Int64?

    /// - Parameters:
    ///   - times: when the schedule is planned; `nil` if that cannot be told, as when its time zone is gone.
    ///   - makeID: gives ids for runs and notices.
    init(_ entry: ScheduleEntry, times: PlannedTimes?, now: Int64, makeID: @escaping () -> String) {
        schedule = entry.schedule
        original = entry.schedule
        open = entry.open
        self.times = times
        self.now = now
        self.makeID = makeID
    }

    /// What is to be written; `nil` if nothing is.
    var step: ScheduleStep? {
        var turn = self
        turn.arm()
        // One absence is told of once, however many looks it takes to write it down.
        if !(schedule.next.map { $0 <= now } ?? false) { turn.tellOfMissed() }
        guard turn.schedule != original || !turn.changed.isEmpty || reopening != nil else { return nil }
        return ScheduleStep(
            turn.schedule, slots: turn.changed.values.sorted { $0.planned < $1.planned }, notices: turn.notices,
            audit: turn.audit, reopening: reopening)
    }

    // MARK: What has come due

    /// Gives planned times up to now their slots: all of them or, if many were missed, the first of them.
    ///
    /// - Parameter awakeSince: since when somebody was there to start slots, milliseconds since 1970.
    mutating func settle(awakeSince: Int64) {
        guard let times else { return schedule.next = nil }
        let catchUp = schedule.catchUp
        let punctualFrom = min(awakeSince, now - Self.punctuality)
        let windowFrom = catchUp.mode == .none ? Int64.max : now - catchUp.window
        let most = catchUp.mode == .all ? catchUp.maximum : 1
        var late: [Int64] = [], punctual: [Int64] = [], dropped = 0
        while let planned = schedule.next, planned <= now {
            if schedule.spent.contains(planned) {
                // It had its run while the clock was ahead.
            } else if schedule.phase == .paused {
                var slot = Slot(schedule: schedule.id, planned: planned, due: planned)
                slot.end(.skipped, "the schedule is paused", at: now)
                changed[planned] = slot
            } else if planned >= punctualFrom {
                punctual.append(planned)
            } else if planned >= windowFrom {
                late.append(planned)
                if late.count - dropped > most {
                    miss(late[dropped], Self.whyDropped(catchUp))
                    dropped += 1
                }
            } else {
                miss(planned, Self.whyMissed(catchUp))
            }
            schedule.next = times.next(after: planned, schedule)
            schedule.cursor = planned
            // What may still be run is decided on at once; what may not can be written bit by bit.
            if changed.count >= Self.batch, punctual.isEmpty {
                guard dropped < late.count else { break }
                schedule.next = late[dropped]
                schedule.cursor = late[dropped] - 1
                late = []
                dropped = 0
                break
            }
        }
        if !schedule.spent.isEmpty { schedule.spent = schedule.spent.filter { $0 > schedule.cursor } }
        let isReplaced = catchUp.mode == .latest && !punctual.isEmpty
        for planned in late[dropped...] {
            if isReplaced { miss(planned, Self.whyDropped(catchUp)) } else { plan(planned, .catchUp) }
        }
        for planned in punctual { plan(planned, .schedule) }
    }

    private static func whyDropped(_ catchUp: CatchUp) -> String {
        catchUp.mode == .all
            ? "no scheduler was there at its time, and no more than \(catchUp.maximum) slots are caught up"
            : "no scheduler was there at its time, and a later slot was run in its place"
    }

    private static func whyMissed(_ catchUp: CatchUp) -> String {
        catchUp.mode == .none
            ? "no scheduler was there at its time, and the schedule catches nothing up"
            : "no scheduler was there at its time, nor within the \(Duration.milliseconds(catchUp.window).readable) in which it "
                + "is caught up"
    }

    private mutating func plan(_ planned: Int64, _ origin: Slot.Origin) {
        let due = planned + Jitter.delay(of: planned, in: schedule)
        put(Slot(schedule: schedule.id, planned: planned, origin: origin, due: due))
    }

    private mutating func miss(_ planned: Int64, _ reason: String) {
        var slot = Slot(schedule: schedule.id, planned: planned, due: planned)
        slot.end(.missed, reason, at: now)
        changed[planned] = slot
        noteMissed(planned, reason)
    }

    private mutating func noteMissed(_ planned: Int64, _ reason: String) {
        var missed = schedule.untold ?? MissedSlots(count: 0, first: planned, last: planned, reason: reason)
        missed.count += 1
        missed.last = planned
        missed.reason = reason
        schedule.untold = missed
    }

    private mutating func tellOfMissed() {
        guard let missed = schedule.untold else { return }
        schedule.untold = nil
        let members: [String: JSONValue] = [
            "count": .integer(Int64(missed.count)), "first": .integer(missed.first), "last": .integer(missed.last),
            "reason": .string(missed.reason),
        ]
        tell(.missed, members)
        audit(.slotsMissed, members)
    }

    // MARK: A clock that was ahead

    /// Goes back to now: the time that the schedule has been through is still to come.
    ///
    /// - Parameter ran: the planned times after now that have had their run, or have it just now.
    mutating func rewind(ran: [Int64]) {
        guard schedule.cursor > now, schedule.phase != .removed else { return }
        reopening = now + 1
        schedule.spent = Set(ran.filter { $0 > now })
        for slot in open {
            if slot.planned > now { schedule.spent.insert(slot.planned) }
            let rewound = rewound(slot)
            if rewound != slot { put(rewound) }
        }
        schedule.cursor = now
        schedule.next = times?.next(after: now, schedule)
    }

    /// An open slot as it would be had the clock not been ahead.
    private func rewound(_ slot: Slot) -> Slot {
        var slot = slot
        let planned = slot.planned + Jitter.delay(of: slot.planned, in: schedule)
        switch slot.state {
        case .running: slot.due = min(slot.due, now + Self.checkUp)
        case .waiting where slot.attempts == 0 && slot.planned > now && slot.origin != .person:
            slot.origin = .schedule
            slot.due = planned
        case .waiting where slot.due == Slot.held: break
        // What was to be done soon is still to be done soon.
        case .waiting where slot.attempts == 0:
            slot.due = min(slot.due, slot.origin == .person ? now : max(now, planned))
        default: slot.due = min(slot.due, now + schedule.retry.delay)
        }
        return slot
    }

    // MARK: Starting

    /// Starts what may be started now.
    ///
    /// - Parameters:
    ///   - carrier: who starts it.
    ///   - capacity: how many runs may begin; those that do are taken off. If none may, the others get what is due to them.
    ///   - awakeSince: since when somebody was there to start slots, milliseconds since 1970.
    ///   - only: the planned time of the one slot that may start. Default: all may.
    ///   - isThere: whether a carrier was not given up. Default: all are there.
    mutating func start(
        carrier: String, capacity: inout Int, awakeSince: Int64, only: Int64? = nil,
        isThere: (String) -> Bool = { _ in true }
    ) {
        arm()
        for planned in open.filter({ $0.due <= now }).map(\.planned) where only == nil || only == planned {
            // One that was started may have changed what becomes of the others.
            guard let place = place(of: planned), open[place].due <= now else { continue }
            var slot = open[place]
            switch slot.state {
            case .running:
                // Whoever wakes up after he was given up may have begun it before he learns of that, and be gone by now.
                if isThere(slot.carrier ?? "") {
                    slot.due = now + Self.checkUp
                    put(slot)
                } else {
                    leave(slot)
                }
            case .interrupted where capacity > 0:
                begin(slot, carrier, takesUp: true)
                capacity -= 1
            case .waiting where isTooLate(slot, awakeSince): giveUp(slot)
            // What waits for a free place is subject to the rules as what runs is.
            case .waiting where mayStart(slot) && capacity > 0:
                begin(slot, carrier, takesUp: false)
                capacity -= 1
            default: break
            }
        }
    }

    /// Whether nobody was there when a slot should have been started, for longer than it may be late.
    private func isTooLate(_ slot: Slot, _ awakeSince: Int64) -> Bool {
        let allowed = schedule.catchUp.mode == .none ? 0 : schedule.catchUp.window
        // What waited for another's end since before the absence has been late since its time.
        let wanted =
            slot.origin == .schedule && slot.attempts == 0 ? min(slot.due, slot.planned + schedule.jitter) : slot.due
        return slot.origin != .person && wanted < awakeSince && now - wanted > max(allowed, Self.punctuality)
    }

    private mutating func giveUp(_ slot: Slot) {
        var slot = slot
        if slot.attempts == 0 {
            let reason = Self.whyMissed(schedule.catchUp)
            slot.end(.missed, reason, at: now)
            put(slot)
            noteMissed(slot.planned, reason)
        } else {
            slot.reason += "; it was not tried again, as no scheduler was there at the time"
            close(slot, slot.outcome ?? .failed)
        }
    }

    /// Whether a slot may start beside what is under way; if not, it is skipped or held.
    private mutating func mayStart(_ slot: Slot) -> Bool {
        let others = open.filter { isBefore(slot, $0) }
        guard let other = others.last, schedule.overlap != .allow else { return true }
        let how = other.isInTheWay ? "still ran" : "still waited for a free place"
        var slot = slot
        slot.due = Slot.held
        if slot.origin != .catchUp, slot.attempts == 0 {
            switch schedule.overlap {
            case .skip:
                skip(slot, "the slot of \(Stamp.text(other.planned)) \(how)")
                return false
            case .queue where open.contains { $0.due == Slot.held && $0.planned != slot.planned }:
                skip(slot, "the slot of \(Stamp.text(other.planned)) \(how), and another one waited for its end")
                return false
            case .cancel:
                for var earlier in others where earlier.isInTheWay && !earlier.isUnwanted {
                    earlier.isUnwanted = true
                    // Nobody carries it just now, so nobody has to be asked.
                    if earlier.state != .running { close(earlier, .cancelled) } else { put(earlier) }
                }
                for waiting in open where waiting.due == Slot.held && waiting.planned != slot.planned {
                    skipWaiting(waiting, "the slot of \(Stamp.text(slot.planned)) was to be started in its place")
                }
                for waiting in others where !waiting.isInTheWay {
                    skipWaiting(waiting, "the slot of \(Stamp.text(slot.planned)) was to be started in its place")
                }
                if !open.contains(where: { isBefore(slot, $0) }) { return true }
            case .queue, .queueAll, .allow: break
            }
        }
        put(slot)
        return false
    }

    /// Whether another slot must end before one may start: it is under way, or would be if there were a free place.
    private func isBefore(_ slot: Slot, _ other: Slot) -> Bool {
        guard other.planned != slot.planned else { return false }
        let waits = other.state == .waiting && other.attempts == 0 && other.due <= now
        return other.isInTheWay || waits && other.planned < slot.planned
    }

    private mutating func begin(_ slot: Slot, _ carrier: String, takesUp: Bool) {
        var slot = slot
        // What waited for another's end, or for a free place, is late by that too.
        let isFirst = slot.attempts == 0 && slot.origin != .person
        let wanted = isFirst ? slot.planned + Jitter.delay(of: slot.planned, in: schedule) : slot.due
        let lateness = max(0, now - wanted)
        slot.state = .running
        slot.due = now + Self.checkUp
        slot.carrier = carrier
        slot.attempts += 1
        slot.started = slot.started ?? now
        if !takesUp || slot.runs.isEmpty { slot.runs.append(makeID()) }
        put(slot)
        orders.append(
            SlotOrder(
                schedule: schedule, slot: slot, run: slot.runs.last ?? "", takesUp: takesUp,
                cancellation: SlotCancellation(), lateness: lateness))
    }

    /// Plans a slot for a person, now, whatever the schedule's phase.
    ///
    /// - Parameter actor: who asks for it.
    /// - Returns: its planned time; `nil` if an earlier one is under way and must not be overlapped.
    mutating func planNow(for actor: String) -> Int64? {
        if schedule.overlap != .allow, open.contains(where: \.isUnderWay) { return nil }
        // Planned times of triggers are whole seconds.
        let planned = now % 1_000 == 0 ? now + 1 : now
        guard !open.contains(where: { $0.planned == planned }) else { return nil }
        var slot = Slot(schedule: schedule.id, planned: planned, origin: .person, due: now)
        slot.actor = actor
        put(slot)
        note("started", actor: actor)
        return planned
    }

    // MARK: Ending

    /// Notes how the run of an order ended. An order that somebody else has taken over changes nothing.
    mutating func end(_ order: SlotOrder, _ result: SlotResult) {
        guard
            var slot = open.first(where: {
                $0.planned == order.slot.planned && $0.state == .running && $0.carrier == order.slot.carrier
                    && $0.runs.last == order.run
            })
        else { return }
        slot.carrier = nil
        switch result {
        // Its carrier leaves, and another takes it up.
        case .ended(.cancelled, _, _) where !slot.isUnwanted: interrupt(slot, at: now)
        case .ended(let status, let message, let canBeTakenUp):
            slot.reason = message
            slot.outcome = status
            // The first time it was begun and not taken up, and so was each time that it was tried again.
            let takeUps = slot.attempts - slot.runs.count
            if status == .failed, canBeTakenUp, takeUps < Self.takeUps, !slot.isUnwanted {
                interrupt(slot, at: now + schedule.retry.delay)
            } else if status == .failed, isTriedAgain(slot, slot.runs.count) {
                tryAgain(slot)
            } else {
                close(slot, status)
            }
        case .refused(let reason):
            slot.reason = reason
            if isTriedAgain(slot, slot.attempts) {
                // What was begun is not begun once more.
                if order.takesUp { interrupt(slot, at: now + schedule.retry.delay) } else { tryAgain(slot) }
            } else if order.takesUp {
                close(slot, .failed)
            } else {
                skip(slot, reason)
                fail(.failed, slot)
            }
        case .needsPerson(let reason):
            slot.reason = reason
            if order.takesUp {
                close(slot, .stopped)
            } else {
                skip(slot, reason)
                fail(.stopped, slot)
            }
            guard schedule.phase == .active else { return }
            skipWaiting("the schedule was paused: \(reason)")
            pause(reason)
            audit(.scheduleChanged, ["action": "paused", "reason": .string(reason)])
        case .carriedElsewhere:
            slot.attempts -= 1
            interrupt(slot, at: now + Self.patience)
        case .beginAnew where slot.isUnwanted: close(slot, .cancelled)
        case .beginAnew:
            slot.state = .waiting
            slot.due = now
            put(slot)
        }
    }

    private func isTriedAgain(_ slot: Slot, _ tries: Int) -> Bool {
        tries <= schedule.retry.count && !slot.isUnwanted && schedule.phase == .active
    }

    private mutating func tryAgain(_ slot: Slot) {
        var slot = slot
        slot.state = .waiting
        slot.due = now + schedule.retry.delay
        put(slot)
    }

    private mutating func interrupt(_ slot: Slot, at due: Int64) {
        var slot = slot
        slot.state = .interrupted
        slot.carrier = nil
        slot.due = due
        put(slot)
    }

    /// Leaves what a carrier has that is not there any more to whoever comes first.
    ///
    /// - Returns: how many slots it had.
    mutating func adopt(from carrier: String) -> Int {
        let left = open.filter { $0.state == .running && $0.carrier == carrier }
        for slot in left { leave(slot) }
        return left.count
    }

    /// Takes a slot from a carrier that is not there any more.
    private mutating func leave(_ slot: Slot) {
        guard slot.attempts < Self.carriers else {
            var slot = slot
            slot.reason =
                "\(slot.attempts) schedulers have carried its run and did not live to see the end; look at it, then 'runbook resume "
                + "\(slot.runs.last ?? "")'"
            return close(slot, .failed)
        }
        if slot.isUnwanted { close(slot, .cancelled) } else { interrupt(slot, at: now) }
    }

    /// Gives a slot the fate that it ran.
    private mutating func close(_ slot: Slot, _ status: RunStatus) {
        var slot = slot
        slot.outcome = status
        slot.end(.ran, slot.reason, at: now)
        put(slot)
        switch status {
        case .succeeded:
            if schedule.isFailing { tell(.recovered, facts(of: slot)) }
            schedule.isFailing = false
        case .stopped: fail(.stopped, slot)
        case .needsDecision: fail(.needsDecision, slot)
        case .failed, .diverged, .running: fail(.failed, slot)
        case .cancelled: break
        }
    }

    private mutating func skip(_ slot: Slot, _ reason: String) {
        var slot = slot
        slot.end(.skipped, reason, at: now)
        put(slot)
        audit(.slotSkipped, ["slot": .integer(slot.planned), "reason": .string(reason)])
    }

    // MARK: What people do

    /// Skips what waits, for what was waited for is not what is wanted now.
    mutating func skipWaiting(_ reason: String) {
        for slot in open where slot.state == .waiting { skipWaiting(slot, reason) }
    }

    private mutating func skipWaiting(_ slot: Slot, _ reason: String) {
        guard slot.attempts > 0 else { return skip(slot, reason) }
        var slot = slot
        slot.reason += "; it was not tried again: \(reason)"
        close(slot, slot.outcome ?? .failed)
    }

    /// Lets the schedule run nothing until it is resumed.
    mutating func pause(_ reason: String) {
        schedule.phase = .paused
        schedule.pauseReason = reason
        schedule.paused = now
    }

    /// Lets the schedule run again.
    mutating func unpause() {
        schedule.phase = .active
        schedule.pauseReason = ""
        schedule.paused = nil
    }

    /// Ends the schedule.
    mutating func remove() { schedule.phase = .removed }

    /// Lets the schedule run nothing until somebody has looked at it.
    mutating func stop(_ reason: String) {
        skipWaiting("the schedule was paused: \(reason)")
        pause(reason)
        schedule.next = nil
        schedule.isFailing = true
        tell(.stopped, ["reason": .string(reason)])
        audit(.scheduleChanged, ["action": "paused", "reason": .string(reason)])
    }

    /// Changes what the schedule runs, and when. Whatever was planned before now stays as it was.
    mutating func change(_ action: String, actor: String, _ body: (inout Schedule) -> Void) {
        body(&schedule)
        schedule.edited = now
        schedule.actor = actor
        note(action, actor: actor)
    }

    /// Notes what a person did; in whose name the schedule runs stays as it was.
    mutating func note(_ action: String, actor: String) {
        audit(.scheduleChanged, ["action": .string(action), "actor": .string(actor)].merging(facts) { $1 })
    }

    /// Plans anew what comes next: the rules of its time zone may be others now.
    mutating func replan() {
        guard schedule.phase != .removed, let times, schedule.next != nil || schedule.phase == .active else { return }
        schedule.next = times.next(after: schedule.cursor, schedule)
    }

    /// Finds the planned times again that could not be told while the schedule was stopped.
    mutating func recall() {
        guard schedule.phase == .paused, schedule.next == nil else { return }
        schedule.next = times?.next(after: schedule.cursor, schedule)
    }

    /// Begins to plan from now on.
    mutating func beginAnew(_ times: PlannedTimes?) {
        schedule.cursor = now
        schedule.spent = schedule.spent.filter { $0 > now }
        schedule.next = schedule.phase == .removed ? nil : times?.next(after: now, schedule)
    }

    // MARK: Parts

    /// Lets the first of the slots start that wait for an end, if nothing is under way any more, and sets when the
    /// schedule is to be looked at again.
    private mutating func arm() {
        if !open.contains(where: \.isInTheWay), var slot = open.first(where: { $0.due == Slot.held }) {
            slot.due = now
            put(slot)
        }
        let ready = open.lazy.map(\.due).min()
        schedule.ready = ready == Slot.held ? nil : ready
    }

    private mutating func put(_ slot: Slot) {
        changed[slot.planned] = slot
        let place = firstPlace(from: slot.planned)
        let isThere = place < open.endIndex && open[place].planned == slot.planned
        switch (isThere, slot.state.isEnd) {
        case (true, true): open.remove(at: place)
        case (true, false): open[place] = slot
        case (false, true): break
        case (false, false): open.insert(slot, at: place)
        }
    }

    private func place(of planned: Int64) -> Int? {
        let place = firstPlace(from: planned)
        return place < open.endIndex && open[place].planned == planned ? place : nil
    }

    /// The place of the first open slot that was planned no earlier.
    private func firstPlace(from planned: Int64) -> Int {
        var (low, high) = (open.startIndex, open.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if open[middle].planned < planned { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func fail(_ kind: Notice.Kind, _ slot: Slot) {
        schedule.isFailing = true
        tell(kind, facts(of: slot))
    }

    private mutating func tell(_ kind: Notice.Kind, _ members: [String: JSONValue]) {
        for hook in schedule.hooks where hook.kinds.contains(kind) {
            notices.append(
                Notice(
                    id: makeID(), schedule: schedule.id, kind: kind, destination: hook.destination,
                    unixMilliseconds: now, members: facts.merging(members) { $1 }))
        }
    }

    private mutating func audit(_ kind: AuditEvent.Kind, _ members: [String: JSONValue]) {
        audit.append(
            AuditEvent(
                kind, unixMilliseconds: now, ["schedule": .string(schedule.name)].merging(members) { $1 }))
    }

    /// What is said of the schedule wherever it is spoken of.
    private var facts: [String: JSONValue] {
        ["schedule": .string(schedule.name), "runbook": .string(schedule.runbook), "sha256": .string(schedule.sha256)]
    }

    private func facts(of slot: Slot) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "slot": .integer(slot.planned), "attempts": .integer(Int64(slot.attempts)),
        ]
        if let run = slot.runs.last { members["run"] = .string(run) }
        if let outcome = slot.outcome { members["status"] = .string(outcome.rawValue) }
        if !slot.reason.isEmpty { members["reason"] = .string(slot.reason) }
        return members
    }
}

extension Slot {
    /// Whether it keeps others from being started: one that waits for their end itself does not.
    fileprivate var isInTheWay: Bool { isUnderWay && due != Slot.held }

    /// Gives it its fate.
    mutating func end(_ state: State, _ reason: String, at unixMilliseconds: Int64) {
        self.state = state
        self.reason = reason
        ended = unixMilliseconds
        carrier = nil
        due = planned
    }
}

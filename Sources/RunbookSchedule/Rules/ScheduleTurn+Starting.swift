internal import RunbookHost

/// What is to be started.
extension ScheduleTurn {
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
                let held = open.filter { $0.due == Slot.held && $0.planned != slot.planned }
                for waiting in held + others.filter({ !$0.isInTheWay }) {
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
}

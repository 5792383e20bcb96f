internal import Operations
internal import RunbookHost

/// How what was started ended.
extension ScheduleTurn {
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
            waitForPerson(reason)
        case .denied(let reason):
            slot.reason = reason
            close(slot, .stopped)
            waitForPerson(reason)
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

    /// Lets the schedule start nothing more before a person has looked.
    private mutating func waitForPerson(_ reason: String) {
        guard schedule.phase == .active else { return }
        skipWaiting("the schedule was paused: \(reason)")
        pause(reason)
        audit(.scheduleChanged, ["action": "paused", "reason": .string(reason)])
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
    mutating func leave(_ slot: Slot) {
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
    mutating func close(_ slot: Slot, _ status: RunStatus) {
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

    mutating func skip(_ slot: Slot, _ reason: String) {
        var slot = slot
        slot.end(.skipped, reason, at: now)
        put(slot)
        audit(.slotSkipped, ["slot": .integer(slot.planned), "reason": .string(reason)])
    }
}

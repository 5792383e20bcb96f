internal import Operations
internal import RunbookHost

/// What people do.
extension ScheduleTurn {
    /// Skips what waits, for what was waited for is not what is wanted now.
    mutating func skipWaiting(_ reason: String) {
        for slot in open where slot.state == .waiting { skipWaiting(slot, reason) }
    }

    mutating func skipWaiting(_ slot: Slot, _ reason: String) {
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
        schedule.next = times.next(after: schedule.cursor)
    }

    /// Finds the planned times again that could not be told while the schedule was stopped.
    mutating func recall() {
        guard schedule.phase == .paused, schedule.next == nil else { return }
        schedule.next = times?.next(after: schedule.cursor)
    }

    /// Begins to plan from now on.
    mutating func beginAnew(_ times: ScheduleTimes?) {
        schedule.cursor = now
        schedule.spent = schedule.spent.filter { $0 > now }
        schedule.next = schedule.phase == .removed ? nil : times?.next(after: now)
    }
}

/// A clock that was ahead.
extension ScheduleTurn {
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
        schedule.next = times?.next(after: now)
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
}

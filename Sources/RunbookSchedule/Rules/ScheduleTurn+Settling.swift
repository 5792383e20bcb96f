internal import Operations
internal import RunbookHost

/// What has come due.
extension ScheduleTurn {
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
            schedule.next = times.next(after: planned)
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

    static func whyMissed(_ catchUp: CatchUp) -> String {
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

    mutating func noteMissed(_ planned: Int64, _ reason: String) {
        var missed = schedule.untold ?? MissedSlots(count: 0, first: planned, last: planned, reason: reason)
        missed.count += 1
        missed.last = planned
        missed.reason = reason
        schedule.untold = missed
    }

    mutating func tellOfMissed() {
        guard let missed = schedule.untold else { return }
        schedule.untold = nil
        let members: [String: JSONValue] = [
            "count": .integer(Int64(missed.count)), "first": .integer(missed.first), "last": .integer(missed.last),
            "reason": .string(missed.reason),
        ]
        tell(.missed, members)
        audit(.slotsMissed, members)
    }
}

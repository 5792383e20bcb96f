package import RunbookHost

/// What every store of schedules keeps to.
package enum ScheduleStoreRules {
    /// What stands between the ids of a slot's runs.
    package static let runSeparator = "\n"

    /// Whether steps are such as can be written at all.
    ///
    /// - Throws: ``RunbookHost/StoreError/unusable(_:)`` for a slot of another schedule than its step's, two of one time, or a run without
    ///   a usable id.
    package static func check(_ steps: [ScheduleStep]) throws(StoreError) {
        for step in steps {
            let schedule = step.schedule
            for slot in step.slots where slot.schedule != schedule.id {
                throw .unusable(
                    "cannot record a slot of the schedule \(slot.schedule) with the schedule \(schedule.id): each is "
                        + "recorded with its own")
            }
            for run in step.slots.flatMap(\.runs) where run.isEmpty || run.utf8.contains(UInt8(ascii: "\n")) {
                throw .unusable(
                    "cannot record a slot of the schedule \(schedule.id): an id of a run is empty or has several lines")
            }
            guard step.slots.count < 2 || Set(step.slots.map(\.planned)).count == step.slots.count else {
                throw .unusable(
                    "cannot record two slots of the schedule \(schedule.id) for one planned time: it has one at most")
            }
        }
    }

    /// Whether a slot that stands so may be replaced by one that stands otherwise: a fate is for good.
    package static func may(_ old: Slot.State, become new: Slot.State) -> Bool { !old.isEnd || old == new }

    /// Whether a step that reopens the time from `reopening` on forgets a slot. One that a person asked for is not planned
    /// again: its time is no whole second, which those of triggers are.
    package static func reopens(_ state: Slot.State, planned: Int64, from reopening: Int64?) -> Bool {
        guard let reopening else { return false }
        return planned >= reopening && planned % 1_000 == 0 && (state == .skipped || state == .missed)
    }

    /// Whether a slot had its fate, and its time, before a moment. That its time had come goes without saying, and lets a
    /// store find such slots by it.
    package static func isForgotten(_ slot: Slot, endedBefore unixMilliseconds: Int64) -> Bool {
        guard slot.state.isEnd, slot.planned < unixMilliseconds, let ended = slot.ended else { return false }
        return ended < unixMilliseconds
    }

    /// Whether a slot of a schedule is counted by ``ScheduleStore/counts()``.
    package static func counts(slotsOf phase: SchedulePhase) -> Bool { phase != .removed }

    /// Why a carrier cannot be added.
    package static func isKnown(carrier: String) -> StoreError {
        .unusable("cannot add the scheduler \(carrier): there is or was one of this id; start it anew under another")
    }
}

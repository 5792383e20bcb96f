import Operations
import RunbookHost
import RunbookSchedule

/// A schedule as programs read it. Nothing in it is secret.
struct ScheduleDocument {
    let entry: ScheduleEntry
    /// Its next firings.
    let firings: [Firing]
    /// What is known of its slots, the latest first.
    let slots: [Slot]
    let zone: TimeZoneRules
    /// Milliseconds since 1970.
    let now: Int64

    /// Everything but the slots; moments and spans in milliseconds.
    var members: [String: JSONValue] {
        let schedule = entry.schedule
        let state = ScheduleState(entry)
        func moment(_ unixMilliseconds: Int64?) -> JSONValue { unixMilliseconds.map { .integer($0) } ?? .null }
        var members: [String: JSONValue] = [
            "schedule": .string(schedule.name), "id": .string(schedule.id), "state": .string(state.kind.rawValue),
            "failing": .bool(state.isFailing), "running": .integer(Int64(state.running)),
            "runbook": .string(schedule.runbook), "sha256": .string(schedule.sha256),
            "follows": .bool(schedule.follows),
            "needs": .array(schedule.capabilities.map { .string($0.rawValue) }),
            "parameters": .object(schedule.parameters), "target": schedule.target.map { .string($0) } ?? .null,
            "trigger": .string(schedule.trigger), "zone": .string(schedule.zone),
            "starting": moment(schedule.starting), "until": moment(schedule.until),
            "jitter_ms": .integer(schedule.jitter),
            "catchup": [
                "mode": .string(schedule.catchUp.mode.rawValue), "window_ms": .integer(schedule.catchUp.window),
                "max": .integer(Int64(schedule.catchUp.maximum)),
            ],
            "overlap": .string(schedule.overlap.rawValue),
            "retry": [
                "count": .integer(Int64(schedule.retry.count)), "delay_ms": .integer(schedule.retry.delay),
            ],
            "time_limit_ms": moment(schedule.timeLimit),
            "max_changes": schedule.maxChanges.map { .integer(Int64($0)) } ?? .null,
            "plan_only": .bool(schedule.planOnly), "notify": .array(schedule.hooks.map(Self.json)),
            "created": .integer(schedule.created), "edited": .integer(schedule.edited),
            "actor": .string(schedule.actor), "next": FiringTable.json(firings),
        ]
        if let paused = schedule.paused {
            members["paused"] = ["since": .integer(paused), "reason": .string(schedule.pauseReason)]
        }
        if let last = slots.first(where: \.state.isEnd) { members["last"] = text(last).json }
        return members
    }

    /// The slots, the latest first.
    var slotList: JSONValue { .array(slots.map { text($0).json }) }

    private func text(_ slot: Slot) -> SlotText { SlotText(slot: slot, zone: zone, now: now) }

    private static func json(_ hook: Hook) -> JSONValue {
        [
            "destination": .string(HookDestination.shown(hook.destination)),
            "on": .array(Notice.Kind.allCases.filter(hook.kinds.contains).map { .string($0.rawValue) }),
        ]
    }
}

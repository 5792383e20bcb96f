import Operations
import RunbookHost
import RunbookSchedule

extension Schedule {
    /// A new schedule that is due at a time.
    static func sample(_ id: String, name: String? = nil, next: Int64? = 1_000) -> Schedule {
        var schedule = Schedule(
            id: id, name: name ?? "name of \(id)", runbook: "runbooks/unlock.lua",
            sha256: String(repeating: "ab", count: 32), trigger: "*/5 * * * *", zone: "Europe/Berlin", created: 100)
        schedule.next = next
        schedule.sealed = [1, 2, 3]
        return schedule
    }

    /// A schedule of which everything is known.
    static func full(_ id: String) -> Schedule {
        var schedule = Schedule(
            id: id, name: "nächtlich \u{0}\"🦊", runbook: "rüns/a b.lua", sha256: "cd", trigger: "every 15m",
            zone: "Australia/Lord_Howe", created: -5)
        schedule.phase = .paused
        schedule.pauseReason = "the console is rebuilt"
        schedule.paused = 77
        schedule.follows = true
        schedule.capabilities = ["users:unlock", "roles:read"]
        schedule.sealed = (0...255).map { UInt8($0) }
        schedule.parameters = ["role": "admin", "share": 0.5, "all": .array([true, .null])]
        schedule.target = "lab"
        schedule.starting = -1
        schedule.until = .max
        schedule.jitter = 30_000
        schedule.catchUp = CatchUp(.all, window: 7_200_000, maximum: 7)
        schedule.overlap = .queueAll
        schedule.retry = Retry(count: 3, delay: 1)
        schedule.timeLimit = 90_000
        schedule.maxChanges = 12
        schedule.planOnly = true
        schedule.hooks = [
            Hook("command:/bin/tell 'a b'", kinds: [.failed, .recovered]), Hook("https://a/b", kinds: []),
        ]
        schedule.edited = 200
        schedule.actor = "ada"
        schedule.cursor = 300
        schedule.next = 400
        schedule.ready = 500
        schedule.spent = [600, -700]
        schedule.isFailing = true
        schedule.untold = MissedSlots(count: 2, first: 1, last: 2, reason: "asleep")
        return schedule
    }

    /// This schedule as it stands after one more change.
    func changed(_ body: (inout Schedule) -> Void = { _ in }) -> Schedule {
        var schedule = self
        body(&schedule)
        return schedule
    }

    /// This schedule as a store gives it back: a revision further.
    var written: Schedule { changed { $0.revision += 1 } }
}

extension Slot {
    /// A slot that stands so.
    static func sample(_ schedule: String, _ planned: Int64, _ state: State = .waiting) -> Slot {
        var slot = Slot(schedule: schedule, planned: planned, state: state, due: planned)
        if state.isEnd { slot.ended = planned + 10 }
        return slot
    }

    /// A slot of which everything is known.
    static func full(_ schedule: String, _ planned: Int64) -> Slot {
        var slot = Slot(schedule: schedule, planned: planned, origin: .catchUp, state: .interrupted, due: held)
        slot.reason = "the host \"jump-1\" has gone 🦊"
        slot.runs = ["run-1", "run-2"]
        slot.attempts = 3
        slot.carrier = "carrier-1"
        slot.started = .min
        slot.ended = .max
        slot.outcome = .needsDecision
        slot.isUnwanted = true
        return slot
    }
}

extension Notice {
    /// A notice that is due at a time.
    static func sample(_ id: String, schedule: String = "s-1", at time: Int64 = 1_000) -> Notice {
        Notice(
            id: id, schedule: schedule, kind: .needsDecision, destination: "https://hooks.example/a",
            unixMilliseconds: time, members: ["run": "run-1", "count": 3])
    }
}

extension ScheduleStore {
    /// Writes one step.
    func commit(_ step: ScheduleStep) async throws -> Bool { try await commit([step]) == [true] }

    /// All slots of a schedule, the earliest first.
    func slots(of schedule: String) async throws -> [Slot] {
        try await slots(of: schedule, before: nil, states: [], limit: .max).reversed()
    }
}

import Operations
import RunbookHost
import RunbookSchedule

@testable import runbook

/// Schedules as they are in real life, at one moment.
enum SampleSchedules {
    /// 2026-03-27 12:00:00 UTC, two days before the clocks go forward in Berlin.
    static let now: Int64 = 1_774_612_800_000
    static let zones = TimeZoneCatalogue()

    static func zone(_ schedule: Schedule) -> TimeZoneRules { (try? zones.zone(named: schedule.zone)) ?? .utc }

    /// Nothing but what must be.
    static func plain(_ name: String, _ trigger: String, zone: String = "Europe/Berlin") -> Schedule {
        var schedule = Schedule(
            id: "1m00000\(name.count)abcdefgh", name: name, runbook: "/srv/runbooks/\(name).lua",
            sha256: String(repeating: "3f", count: 32), trigger: trigger, zone: zone, created: now - 30 * 86_400_000)
        schedule.actor = "ada"
        schedule.edited = now - 3 * 86_400_000
        if let times = try? ScheduleTimes(of: schedule, zones: zones) {
            schedule.next = times.firings(after: now, count: 1).first.map { $0.unixSeconds * 1_000 }
        }
        return schedule
    }

    /// With everything set, and failing.
    static var full: ScheduleEntry {
        var schedule = plain("nightly", "30 2 * * *")
        schedule.follows = true
        schedule.capabilities = ["users:read", "users:unlock"]
        schedule.parameters = ["role": "tier-1", "password": .string("‹secret› from env:PASSWORD"), "to": ["a", "b"]]
        schedule.target = "prod"
        schedule.starting = now - 20 * 86_400_000
        schedule.until = now + 90 * 86_400_000
        schedule.jitter = 30_000
        schedule.catchUp = CatchUp(.all, window: 7_200_000, maximum: 5)
        schedule.overlap = .queue
        schedule.retry = Retry(count: 2, delay: 90_000)
        schedule.timeLimit = 300_000
        schedule.maxChanges = 12
        schedule.planOnly = true
        schedule.hooks = [
            Hook("https://hooks.example.com/T0K3N?key=hunter2", kinds: [.failed, .needsDecision]),
            Hook("command:/usr/local/bin/page --token hunter2"), Hook("file:/etc/runbook/hook"),
        ]
        schedule.isFailing = true
        return ScheduleEntry(schedule, open: [tried])
    }

    /// It has failed once and is to be tried again.
    private static var tried: Slot {
        var slot = Slot(schedule: "1m000007abcdefgh", planned: now - 20_000, due: now + 60_000)
        slot.attempts = 1
        slot.runs = ["1m7zy6mhq74wd44k"]
        slot.started = now - 19_000
        slot.reason = "the console refuses connections"
        return slot
    }

    /// One of each fate, the latest first.
    static var slots: [Slot] {
        func slot(
            _ hours: Int64, _ state: Slot.State, _ reason: String = "", outcome: RunStatus? = nil, late: Int64? = nil,
            origin: Slot.Origin = .schedule
        ) -> Slot {
            let planned = now - hours * 3_600_000
            var slot = Slot(schedule: "1m000007abcdefgh", planned: planned, origin: origin, state: state, due: planned)
            slot.reason = reason
            slot.outcome = outcome
            if let late {
                slot.attempts = 1
                slot.runs = ["1m7zy5yrghc5sf\(hours < 10 ? "0" : "")\(hours)"]
                slot.started = planned + late
                slot.ended = planned + late + 4_200
            }
            return slot
        }
        return [
            tried,
            slot(1, .ran, "runbooks/nightly.lua:7: no user is called \u{202e}ada", outcome: .failed, late: 340),
            slot(2, .ran, outcome: .succeeded, late: 12, origin: .person),
            slot(3, .skipped, "the slot of 2026-03-27T08:00:00Z still ran"),
            slot(4, .ran, outcome: .needsDecision, late: 1_800_000, origin: .catchUp),
            slot(30, .missed, "no scheduler was there at its time, nor within the 2 h in which it is caught up"),
        ]
    }

    /// A handful, as a list has them.
    static var rows: [ScheduleTable.Row] {
        var paused = plain("cleanup", "0 9,17 * * 1-5", zone: "America/New_York")
        paused.phase = .paused
        paused.paused = now - 86_400_000
        paused.pauseReason = "migration until\nFriday"
        var ended = plain("cutover", "at 2026-03-01T08:00:00Z", zone: "UTC")
        ended.next = nil
        var overdue = plain("sweep", "every 15m", zone: "UTC")
        overdue.next = now - 7_200_000
        return [
            ScheduleTable.Row(entry: ScheduleEntry(paused), last: nil, zone: zone(paused)),
            ScheduleTable.Row(entry: ScheduleEntry(ended), last: slots[2], zone: zone(ended)),
            ScheduleTable.Row(entry: full, last: slots[1], zone: zone(full.schedule)),
            ScheduleTable.Row(entry: ScheduleEntry(overdue), last: slots[5], zone: zone(overdue)),
        ]
    }
}

import RunbookHost

@testable import RunbookSchedule

/// Noon of a Thursday, 2026-01-01, in milliseconds since 1970.
let noon: Int64 = 1_767_268_800_000
let second: Int64 = 1_000
let minute: Int64 = 60_000
let hour: Int64 = 3_600_000
let day: Int64 = 86_400_000

extension Schedule {
    /// A schedule that was added at noon.
    static func sample(
        _ name: String = "report", _ trigger: String = "*/10 * * * *", zone: String = "UTC", created: Int64 = noon,
        _ change: (inout Schedule) -> Void = { _ in }
    ) -> Schedule {
        var schedule = Schedule(
            id: "id-\(name)", name: name, runbook: "\(name).lua", sha256: "00", trigger: trigger, zone: zone,
            created: created)
        change(&schedule)
        return schedule
    }
}

extension RunOwner {
    static func sample(_ process: Int32) -> RunOwner {
        RunOwner(host: "test", boot: "b", process: process, processStart: 1)
    }
}

/// The time zones that all tests share: each file is read once.
let sharedZones = TimeZoneCatalogue()

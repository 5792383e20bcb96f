/// When a schedule is planned.
struct PlannedTimes {
    private let trigger: Trigger
    private let zone: TimeZoneRules

    /// - Throws: ``ScheduleFault`` if the trigger or the time zone cannot be read.
    init(of schedule: Schedule, zones: TimeZoneCatalogue) throws(ScheduleFault) {
        zone = try zones.zone(named: schedule.zone)
        trigger = try Trigger(schedule.trigger, zone: zone)
    }

    /// The first planned time after a moment, both in milliseconds since 1970; `nil` if there is none ever again.
    func next(after unixMilliseconds: Int64, _ schedule: Schedule) -> Int64? {
        let after = max(unixMilliseconds, (schedule.starting ?? .min + 1) - 1)
        let anchor = Self.seconds(schedule.starting ?? schedule.created)
        guard let seconds = trigger.next(after: Self.seconds(after), in: zone, anchor: anchor) else { return nil }
        let planned = seconds * 1_000
        if let until = schedule.until, planned > until { return nil }
        return planned
    }

    /// Rounded down, also before 1970.
    private static func seconds(_ milliseconds: Int64) -> Int64 {
        milliseconds >= 0 ? milliseconds / 1_000 : (milliseconds - 999) / 1_000
    }
}

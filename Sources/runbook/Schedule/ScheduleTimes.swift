import RunbookSchedule

/// The planned times of a schedule, as people are told of them.
struct ScheduleTimes {
    let trigger: Trigger
    let zone: TimeZoneRules
    private let starting: Int64?
    private let until: Int64?
    private let anchor: Int64

    /// The times of a schedule.
    ///
    /// - Throws: `ScheduleFault` if its trigger or its zone cannot be read.
    init(of schedule: Schedule, zones: TimeZoneCatalogue) throws(ScheduleFault) {
        zone = try zones.zone(named: schedule.zone)
        trigger = try Trigger(schedule.trigger, zone: zone)
        starting = schedule.starting
        until = schedule.until
        anchor = Self.seconds(schedule.starting ?? schedule.created)
    }

    /// The times of a trigger that would begin at a moment, in milliseconds since 1970.
    init(_ trigger: Trigger, zone: TimeZoneRules, anchor: Int64) {
        self.trigger = trigger
        self.zone = zone
        self.anchor = Self.seconds(anchor)
        starting = nil
        until = nil
    }

    /// The next firings after a moment, in milliseconds since 1970; so many at most.
    func firings(after unixMilliseconds: Int64, count: Int) -> [Firing] {
        let after = max(unixMilliseconds, (starting ?? .min + 1) - 1)
        return trigger.firings(after: Self.seconds(after), in: zone, anchor: anchor, count: count)
            .filter { firing in until.map { firing.unixSeconds * 1_000 <= $0 } ?? true }
    }

    /// Rounded down, also before 1970.
    private static func seconds(_ milliseconds: Int64) -> Int64 {
        milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0)
    }
}

/// When a schedule is planned.
package struct ScheduleTimes {
    package let trigger: Trigger
    package let zone: TimeZoneRules
    private let starting: Int64?
    private let until: Int64?
    /// Where intervals are counted from, in milliseconds since 1970.
    private let anchor: Int64
    /// Planned times to come that have had their run.
    private let spent: Set<Int64>

    /// The times of a schedule.
    ///
    /// - Throws: ``ScheduleFault`` if its trigger or its time zone cannot be read.
    package init(of schedule: Schedule, zones: TimeZoneCatalogue) throws(ScheduleFault) {
        zone = try zones.zone(named: schedule.zone)
        trigger = try Trigger(schedule.trigger, zone: zone)
        starting = schedule.starting
        until = schedule.until
        anchor = schedule.starting ?? schedule.created
        spent = schedule.spent
    }

    /// The times of a trigger that would begin at a moment, in milliseconds since 1970.
    package init(_ trigger: Trigger, zone: TimeZoneRules, anchor: Int64) {
        self.trigger = trigger
        self.zone = zone
        self.anchor = anchor
        starting = nil
        until = nil
        spent = []
    }

    /// The first planned time after a moment, both in milliseconds since 1970; `nil` if there is none ever again. It may
    /// have had its run.
    func next(after unixMilliseconds: Int64) -> Int64? {
        guard
            let seconds = trigger.next(
                after: begin(after: unixMilliseconds), in: zone, anchor: anchor.dividedDown(by: 1_000))
        else { return nil }
        let planned = seconds * 1_000
        return isInTime(planned) ? planned : nil
    }

    /// The next firings after a moment, in milliseconds since 1970, that have not had their run; so many at most.
    package func firings(after unixMilliseconds: Int64, count: Int) -> [Firing] {
        trigger.firings(
            after: begin(after: unixMilliseconds), in: zone, anchor: anchor.dividedDown(by: 1_000),
            count: count + spent.count
        ).filter { firing in
            let planned = firing.unixSeconds * 1_000
            return isInTime(planned) && !spent.contains(planned)
        }.prefix(count).map { $0 }
    }

    /// The second after which the first planned time is looked for.
    private func begin(after unixMilliseconds: Int64) -> Int64 {
        max(unixMilliseconds, (starting ?? .min + 1) - 1).dividedDown(by: 1_000)
    }

    private func isInTime(_ planned: Int64) -> Bool { until.map { planned <= $0 } ?? true }
}

extension Trigger {
    /// The next firings, with notes where the clocks change.
    ///
    /// - Parameters:
    ///   - unixSeconds: the time after which they are, in seconds since 1970.
    ///   - zone: whose clocks a cron expression means, and on which they are shown.
    ///   - anchor: where intervals are counted from, in seconds since 1970.
    ///   - count: how many at most.
    public func firings(after unixSeconds: Int64, in zone: TimeZoneRules, anchor: Int64, count: Int) -> [Firing] {
        var firings: [Firing] = []
        var last = unixSeconds
        while firings.count < count, let instant = next(after: last, in: zone, anchor: anchor) {
            let note = note(at: instant, last: firings.last?.unixSeconds, in: zone)
            firings.append(Firing(unixSeconds: instant, in: zone, note: note))
            last = instant
        }
        return firings
    }

    /// What a change of the clocks has to do with a firing.
    private func note(at instant: Int64, last: Int64?, in zone: TimeZoneRules) -> String? {
        if case .cron(let expression) = self, let note = expression.noteOfGap(at: instant, in: zone) { return note }
        let offset = Int64(zone.offset(at: instant))
        if case .every = self {
            // Real time goes on, however often the clocks show an hour.
        } else if let note = Self.noteOfPass(at: instant, in: zone) {
            return note
        }
        guard let last else { return nil }
        let before = Int64(zone.offset(at: last))
        guard before != offset else { return nil }
        let change = "from \(InstantText.offset(before)) to \(InstantText.offset(offset))"
        return "the clocks change \(change) since the last firing"
    }

    private static func noteOfPass(at instant: Int64, in zone: TimeZoneRules) -> String? {
        let local = instant + Int64(zone.offset(at: instant))
        let passes = zone.instants(showing: local)
        guard passes.count > 1, let index = passes.firstIndex(of: instant) else { return nil }
        let time = InstantText.time(local)
        if passes.count > 2 { return "\(time) comes \(passes.count) times on this day: this is number \(index + 1)" }
        return "\(time) comes twice on this day: this is the \(index == 0 ? "first" : "second")"
    }
}

extension CronExpression {
    /// Which times were left out of the local clock, if a firing stands for such.
    fileprivate func noteOfGap(at instant: Int64, in zone: TimeZoneRules) -> String? {
        let segment = zone.segment(at: instant)
        guard !isWildcard, segment.start == instant else { return nil }
        let start = instant + Int64(zone.offset(at: instant - 1))
        let end = instant + segment.offset
        guard start < end, let first = nextLocal(from: start), first < end else { return nil }
        var others = 0
        var last = first
        while let next = nextLocal(from: last + 1), next < end {
            others += 1
            last = next
        }
        let (startDay, endDay) = (start.dividedDown(by: 86_400), end.dividedDown(by: 86_400))
        func shown(_ local: Int64) -> String {
            // Where a date is left out or cut in two, it must be told which one is meant.
            let date = startDay == endDay ? "" : InstantText.date(CivilDate(days: local.dividedDown(by: 86_400))) + " "
            return date + InstantText.time(local)
        }
        let missing =
            switch others {
            case 0: "\(shown(first)) does"
            case 1: "\(shown(first)) and \(shown(last)) do"
            default: "\(shown(first)) and \(others) more times up to \(shown(last)) do"
            }
        let day = startDay == endDay ? " on this day" : ""
        return "\(missing) not exist\(day): the clocks go from \(shown(start)) to \(shown(end))"
    }
}

/// When something happens, as cron says it: five fields (minute, hour, day of month, month, day of week), or one of
/// `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`.
///
/// A field is `*` or a list of numbers, names (`JAN`, `mon`) and ranges, with steps: `*/5`, `10-40/10`, `5/15` (from 5 to
/// the end). Sunday is 0 and 7; the end of the weekdays is 7. A range that runs backwards is refused, as in Vixie's cron,
/// save that a range of weekdays may end with `sun`. The day of month may also be `L` (the last), `L-3` (3 days before
/// it), `LW` (the last working day) or `15W` (the working day nearest to the 15th, in the same month); the day of week
/// `5L` (the last Friday) or `mon#2` (the second Monday).
///
/// The days, as in Debian's cron: if the day of month or the day of week begins with `*`, a day must match both; else it
/// must match either.
///
/// Changes of the clocks, as Vixie's cron promises:
/// - Where neither minute nor hour begins with `*`, the job is one of fixed times. Each of them happens once: at the first
///   pass where the hour comes twice, and at the first moment after the gap where it is left out. All that fall into one
///   gap, and what is due at its end, are one firing. The date that counts is that of the time left out.
/// - All other jobs happen at each real moment at which the local clock matches: twice where an hour comes twice, and not
///   at all in the gap.
///
/// Vixie's cron takes a change of three hours or more for a clock that was put right, and starts anew from it. A zone's
/// rules tell the two apart, so here such changes are no exception: a job due on a day that a zone skipped runs after it.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// As it was given, with single blanks between the fields.
    public let text: String

    let minutes: UInt64
    let hours: UInt64
    let months: UInt64
    let days: DayRule
    /// Whether minute or hour begins with `*`.
    let isWildcard: Bool

    /// Reads an expression.
    ///
    /// - Parameter text: five fields with blanks between them, or a word such as `@daily`.
    /// - Throws: ``ScheduleFault`` that points at the field at fault; also if no day of any year would match.
    public init(_ text: String) throws(ScheduleFault) {
        let reader = try CronReader(text)
        let values = try reader.read()
        let minute = values[CronField.minute.rawValue]
        let hour = values[CronField.hour.rawValue]
        self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        minutes = minute.numbers
        hours = hour.numbers
        months = values[CronField.month.rawValue].numbers
        days = DayRule(days: values[CronField.dayOfMonth.rawValue], weekdays: values[CronField.weekday.rawValue])
        isWildcard = minute.startsWithStar || hour.startsWithStar
        guard days.canMatch(months: months) else { throw reader.impossible() }
    }

    /// Its text.
    public var description: String { text }

    /// What it says in plain words: `at 02:30 on Monday to Friday`.
    public var words: String {
        guard let values = try? CronReader(text).read() else { return text }
        return CronWords(values).text
    }

    /// The next firing that is strictly later than a time; `nil` if there is none up to the year 9999, as for a job that is
    /// due only in hours that its zone leaves out.
    ///
    /// - Parameters:
    ///   - unixSeconds: the time, in seconds since 1970.
    ///   - zone: whose clocks the fields mean.
    /// - Returns: seconds since 1970.
    public func next(after unixSeconds: Int64, in zone: TimeZoneRules) -> Int64? {
        let range = InstantText.range
        guard unixSeconds < range.upperBound else { return nil }
        let start = max(unixSeconds, range.lowerBound)
        let found = isWildcard ? nextMatch(after: start, in: zone) : nextFixed(after: start, in: zone)
        return found.flatMap { range.contains($0) ? $0 : nil }
    }

    /// A fixed time fires when the local clock first reaches it or passes over it: of all that it has not yet reached or
    /// passed, the first is next.
    private func nextFixed(after start: Int64, in zone: TimeZoneRules) -> Int64? {
        nextLocal(from: zone.latestLocal(upTo: start) + 1).map { zone.firstInstant(reaching: $0) }
    }

    private func nextMatch(after start: Int64, in zone: TimeZoneRules) -> Int64? {
        // From then on all is repeated that can be.
        let limit = max(start, zone.cycleStart) + CivilDate.secondsOfCycle + 86_400 * 2
        var earliest = start + 1
        while earliest <= limit {
            let segment = zone.segment(at: earliest)
            let from = earliest + segment.offset
            guard let match = nextLocal(from: from) else { return nil }
            let instant = match - segment.offset
            if instant < segment.end { return instant }
            earliest = segment.end
            // No time between the two matches. Once the clocks cannot be put back before them any more, nothing can match
            // before the later one comes near.
            if earliest >= from - zone.offsets.lowerBound { earliest = max(earliest, match - zone.offsets.upperBound) }
        }
        return nil
    }

    /// The first matching time on a clock that is never changed.
    ///
    /// - Parameter local: the first second that is taken, since 1970-01-01 00:00 on that clock.
    /// - Returns: a whole minute, in the same seconds.
    func nextLocal(from local: Int64) -> Int64? {
        let minute = (local + 59).dividedDown(by: 60)
        let today = minute.dividedDown(by: 1_440)
        let date = CivilDate(days: today)
        var (year, month) = (date.year, date.month)
        var firstDay = today - Int64(date.day) + 1
        let first = CivilDate.weekday(days: firstDay)
        var length = CivilDate.length(month: month, year: year)
        // What is left of this month, and of this day.
        var mask: UInt32 = 0
        if months & 1 << UInt64(month) != 0 {
            mask = days.mask(length: length, first: first) & (.max << UInt32(date.day))
            if mask & 1 << UInt32(date.day) != 0 {
                if let time = nextTime(from: Int(minute - today * 1_440)) { return (today * 1_440 + time) * 60 }
                mask &= mask - 1
            }
        }
        var weekday = first
        for _ in 0...(12 * 400) {
            if mask != 0 {
                let day = firstDay + Int64(mask.trailingZeroBitCount) - 1
                return nextTime(from: 0).map { (day * 1_440 + $0) * 60 }
            }
            firstDay += Int64(length)
            weekday = (weekday + length) % 7
            month = month % 12 + 1
            if month == 1 { year += 1 }
            length = CivilDate.length(month: month, year: year)
            if months & 1 << UInt64(month) != 0 { mask = days.mask(length: length, first: weekday) }
        }
        return nil
    }

    /// The first matching minute of a day, from one on.
    private func nextTime(from minute: Int) -> Int64? {
        var hour = minute / 60
        if hours & 1 << UInt64(hour) != 0 {
            let rest = minutes & (.max << UInt64(minute % 60))
            if rest != 0 { return Int64(hour * 60 + rest.trailingZeroBitCount) }
        }
        let rest = hours & (.max << UInt64(hour + 1))
        guard rest != 0 else { return nil }
        hour = rest.trailingZeroBitCount
        return Int64(hour * 60 + minutes.trailingZeroBitCount)
    }
}

/// On which days of a month a cron expression matches.
///
/// A month is told by its length and by the weekday it begins with: there are 28 kinds of months, and what holds in each
/// is worked out once.
struct DayRule: Hashable {
    /// For each kind of month a bit for each matching day.
    private let masks: [UInt32]

    init(days: CronFieldValues, weekdays: CronFieldValues) {
        // Debian's cron asks for the first character of the fields, not for what they say: `*/2` is a star, 1-31 is not.
        let needsBoth = days.startsWithStar || weekdays.startsWithStar
        var masks: [UInt32] = []
        for length in 28...31 {
            for first in 0...6 {
                let left = Self.mask(days: days, length: length, first: first)
                let right = Self.mask(weekdays: weekdays, length: length, first: first)
                masks.append(needsBoth ? left & right : left | right)
            }
        }
        self.masks = masks
    }

    /// The matching days of a month, a bit each.
    ///
    /// - Parameters:
    ///   - length: 28 to 31.
    ///   - first: the weekday of its first day, 0 being Sunday.
    func mask(length: Int, first: Int) -> UInt32 {
        masks[(length - 28) * 7 + first]
    }

    /// Whether a day of any of the months matches in any year.
    ///
    /// - Parameter months: a bit for each, from bit 1 on.
    func canMatch(months: UInt64) -> Bool {
        // Each month begins on each weekday in some year, and so does February in leap years.
        (1...12).contains { month in
            months & 1 << UInt64(month) != 0
                && (0...6).contains { first in
                    mask(length: CivilDate.length(month: month, year: 2000), first: first) != 0
                        || month == 2 && mask(length: 28, first: first) != 0
                }
        }
    }

    private static func all(_ length: Int) -> UInt32 {
        UInt32((UInt64(1) << UInt64(length + 1)) - 2)
    }

    private static func mask(days: CronFieldValues, length: Int, first: Int) -> UInt32 {
        func isWorkday(_ day: Int) -> Bool { (1...5).contains((first + day - 1) % 7) }
        var mask = UInt32(truncatingIfNeeded: days.numbers)
        for count in 0...30 where days.beforeLast & 1 << UInt32(count) != 0 && length > count {
            mask |= 1 << UInt32(length - count)
        }
        if days.lastWorkday, let last = (1...length).last(where: isWorkday) { mask |= 1 << UInt32(last) }
        for day in 1...length where days.nearestWorkdays & 1 << UInt32(day) != 0 {
            // The nearest one of the same month: Friday for Saturday and Monday for Sunday, but not beyond its ends.
            let near = [day, day - 1, day + 1, day + 2, day - 2]
            if let workday = near.first(where: { (1...length).contains($0) && isWorkday($0) }) {
                mask |= 1 << UInt32(workday)
            }
        }
        return mask & all(length)
    }

    private static func mask(weekdays: CronFieldValues, length: Int, first: Int) -> UInt32 {
        var mask: UInt32 = 0
        for day in 1...length {
            let weekday = (first + day - 1) % 7
            let week = (day - 1) / 7
            if weekdays.numbers & 1 << UInt64(weekday) != 0
                || day + 7 > length && weekdays.lastWeekdays & 1 << UInt8(weekday) != 0
                || weekdays.nthWeekdays & 1 << UInt64(week * 7 + weekday) != 0
            {
                mask |= 1 << UInt32(day)
            }
        }
        return mask
    }
}

/// A date of the Gregorian calendar, extended to all years.
package struct CivilDate: Hashable {
    /// Days after which the calendar repeats itself, weekdays included: 400 years.
    static let daysOfCycle: Int64 = 146_097
    /// Seconds after which the calendar repeats itself.
    static let secondsOfCycle: Int64 = daysOfCycle * 86_400

    var year: Int
    /// 1 to 12.
    var month: Int
    /// 1 to 31.
    var day: Int

    init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// - Parameter days: days since 1970-01-01.
    init(days: Int64) {
        // Years are counted from March on: the leap day is then the last of its year.
        let shifted = days + 719_468
        let cycle = shifted.dividedDown(by: Self.daysOfCycle)
        let dayOfCycle = shifted - cycle * Self.daysOfCycle
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5) + 1
        month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
        year = Int(yearOfCycle + cycle * 400) + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var days: Int64 {
        let shiftedYear = Int64(month <= 2 ? year - 1 : year)
        let cycle = shiftedYear.dividedDown(by: 400)
        let yearOfCycle = shiftedYear - cycle * 400
        let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * Self.daysOfCycle + dayOfCycle - 719_468
    }

    /// 0 (Sunday) to 6.
    ///
    /// - Parameter days: days since 1970-01-01, which was a Thursday.
    package static func weekday(days: Int64) -> Int {
        Int(days + 4 - (days + 4).dividedDown(by: 7) * 7)
    }

    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// 28 to 31.
    static func length(month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

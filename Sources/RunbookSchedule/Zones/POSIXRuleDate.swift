/// A day of every year and a time of that day.
struct POSIXRuleDate: Hashable {
    enum Day: Hashable {
        /// `Jn`, 1 to 365: February 29 is never counted.
        case ofCommonYear(Int)
        /// `n`, 0 to 365.
        case ofYear(Int)
        /// `Mm.w.d`: weekday `d` (0 is Sunday) of the `w`th week of month `m`, 5 being the last.
        case weekday(month: Int, week: Int, weekday: Int)
    }

    let day: Day
    /// Seconds after the day's midnight; may be below zero or beyond the day.
    let seconds: Int64

    /// Seconds since 1970-01-01 00:00 on the local clock.
    func localSeconds(in year: Int) -> Int64 {
        days(in: year) * 86_400 + seconds
    }

    private func days(in year: Int) -> Int64 {
        let newYear = CivilDate(year: year, month: 1, day: 1).days
        switch day {
        case .ofCommonYear(let number):
            return newYear + Int64(number) - (CivilDate.isLeap(year) && number >= 60 ? 0 : 1)
        case .ofYear(let number):
            return newYear + Int64(number)
        case .weekday(let month, let week, let weekday):
            let first = CivilDate(year: year, month: month, day: 1).days
            let length = CivilDate.length(month: month, year: year)
            var day = (weekday - CivilDate.weekday(days: first) + 7) % 7 + (week - 1) * 7
            if day >= length { day -= 7 }
            return first + Int64(day)
        }
    }
}

/// A calendar that was counted out day by day.
struct OracleCalendar: Sendable {
    struct Day {
        let year: Int
        let month: Int
        let day: Int
        /// 0 is Sunday.
        let weekday: Int
        /// Days of its month.
        let length: Int
    }

    static let shared = OracleCalendar()

    /// From 1850-01-01, a Tuesday, to the end of 2160.
    let days: [Day]
    /// Where each year begins.
    private let years: [Int]
    /// Where 1970-01-01 is.
    private let origin: Int

    private init() {
        var days: [Day] = []
        var years: [Int] = []
        var weekday = 2
        for year in 1_850...2_160 {
            years.append(days.count)
            let isLeap = year % 400 == 0 || year % 4 == 0 && year % 100 != 0
            for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
                for day in 1...length {
                    days.append(Day(year: year, month: index + 1, day: day, weekday: weekday, length: length))
                    weekday = (weekday + 1) % 7
                }
            }
        }
        self.days = days
        self.years = years
        origin = years[120]
    }

    /// The day that is so many days after 1970-01-01; `nil` beyond the table.
    func day(_ number: Int) -> Day? {
        days.indices.contains(number + origin) ? days[number + origin] : nil
    }

    /// Days since 1970-01-01.
    func number(year: Int, month: Int, day: Int) -> Int? {
        guard years.indices.contains(year - 1_850) else { return nil }
        var place = years[year - 1_850]
        while days[place].month < month { place += days[place].length }
        return place + day - 1 - origin
    }
}

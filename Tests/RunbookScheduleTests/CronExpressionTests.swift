import Testing

@testable import RunbookSchedule

/// What the fields of a cron expression mean.
@Suite struct CronExpressionTests {
    /// The days of a month of 2026 on which an expression fires at midnight.
    private static func days(_ monthDay: String, _ weekday: String, month: Int, year: Int = 2_026) throws -> [Int] {
        let expression = try CronExpression("0 0 \(monthDay) * \(weekday)")
        var last = CivilDate(year: year, month: month, day: 1).days * 86_400 - 1
        var days: [Int] = []
        while let next = expression.next(after: last, in: .utc) {
            let date = CivilDate(days: next / 86_400)
            guard date.month == month else { break }
            days.append(date.day)
            last = next
        }
        return days
    }

    private static func times(_ minute: String, _ hour: String) throws -> [String] {
        let expression = try CronExpression("\(minute) \(hour) * * *")
        var last: Int64 = -1
        var times: [String] = []
        while let next = expression.next(after: last, in: .utc), next < 86_400 {
            times.append(InstantText.time(next))
            last = next
        }
        return times
    }

    @Test(
        arguments: [
            ("5", "3", ["03:05"]), ("05", "03", ["03:05"]), ("1,1,0", "3", ["03:00", "03:01"]),
            ("10-12", "3", ["03:10", "03:11", "03:12"]), ("*/20", "3", ["03:00", "03:20", "03:40"]),
            ("5/15", "3", ["03:05", "03:20", "03:35", "03:50"]), ("10-30/10", "3", ["03:10", "03:20", "03:30"]),
            ("10-29/10", "3", ["03:10", "03:20"]), ("59/5", "3", ["03:59"]), ("*/60", "3", ["03:00"]),
            ("0", "*/24", ["00:00"]), ("0", "22/1", ["22:00", "23:00"]),
            ("0", "9-17/4,20", ["09:00", "13:00", "17:00", "20:00"]),
            ("0,30", "1-2", ["01:00", "01:30", "02:00", "02:30"]), ("7-7", "0", ["00:07"]),
        ] as [(String, String, [String])])
    func minutesAndHours(_ minute: String, _ hour: String, _ times: [String]) throws {
        #expect(try Self.times(minute, hour) == times)
    }

    // November 2026 begins on a Sunday and ends on a Monday.
    @Test(
        arguments: [
            ("1,15", "*", [1, 15]), ("28/2", "*", [28, 30]), ("31", "*", []), ("L", "*", [30]), ("l", "*", [30]),
            ("L-1", "*", [29]), ("L-29", "*", [1]), ("L-30", "*", []), ("LW", "*", [30]), ("L,1", "*", [1, 30]),
            ("1W", "*", [2]), ("7W", "*", [6]), ("8W", "*", [9]), ("4W", "*", [4]), ("28W", "*", [27]),
            ("29w", "*", [30]),
            ("31W", "*", []), ("1W,15,LW", "*", [2, 15, 30]),
            ("*", "0", [1, 8, 15, 22, 29]), ("*", "7", [1, 8, 15, 22, 29]), ("*", "sun", [1, 8, 15, 22, 29]),
            ("*", "MON", [2, 9, 16, 23, 30]), ("*", "sat-sun", [1, 7, 8, 14, 15, 21, 22, 28, 29]),
            ("*", "fri-7", [1, 6, 7, 8, 13, 14, 15, 20, 21, 22, 27, 28, 29]),
            ("*", "Mon,7", [1, 2, 8, 9, 15, 16, 22, 23, 29, 30]),
            ("*", "5/2", [1, 6, 8, 13, 15, 20, 22, 27, 29]), ("*", "mon-fri/4", [2, 6, 9, 13, 16, 20, 23, 27, 30]),
            ("*", "1L", [30]), ("*", "friL", [27]), ("*", "0L", [29]), ("*", "7L", [29]), ("*", "mon#1", [2]),
            ("*", "1#5", [30]), ("*", "tue#5", []), ("*", "sun#2,7#4", [8, 22]), ("*", "5#1,5L", [6, 27]),
            // Neither begins with a star: either will do.
            ("13", "fri", [6, 13, 20, 27]), ("1-7", "1", [1, 2, 3, 4, 5, 6, 7, 9, 16, 23, 30]),
            ("L", "sun#1", [1, 30]),
            // One begins with a star, whatever else it says: both are needed.
            ("*/2", "mon", [9, 23]), ("13", "*/5", [13]), ("13", "*/2", []), ("*,13", "mon", [2, 9, 16, 23, 30]),
            ("1-31", "mon", Array(1...30)), ("L", "*/1", [30]), ("*/10", "0-7", [1, 11, 21]),
        ] as [(String, String, [Int])])
    func daysOfAMonth(_ monthDay: String, _ weekday: String, _ days: [Int]) throws {
        #expect(try Self.days(monthDay, weekday, month: 11) == days)
    }

    /// The nearest working day never leaves its month.
    @Test func theNearestWorkingDayAtTheEndsOfMonths() throws {
        // August 2026 begins on a Saturday and ends on a Monday; February 2026 ends on a Saturday, May on a Sunday.
        #expect(try Self.days("1W", "*", month: 8) == [3])
        #expect(try Self.days("2W", "*", month: 8) == [3])
        #expect(try Self.days("28W", "*", month: 2) == [27])
        #expect(try Self.days("31W", "*", month: 5) == [29])
        #expect(try Self.days("30W", "*", month: 5) == [29])
        #expect(try Self.days("LW", "*", month: 5) == [29])
        #expect(try Self.days("29W", "*", month: 2) == [])
        #expect(try Self.days("29W", "*", month: 2, year: 2_028) == [29])
    }

    @Test func monthsHaveNames() throws {
        for text in ["0 0 1 jan,JUL *", "0 0 1 1,7 *", "0 0 1 */6 *", "0 0 1 1/6 *", "0 0 1 Jan-dec/6 *"] {
            let expression = try CronExpression(text)
            let first = try #require(expression.next(after: 1_767_225_600, in: .utc))
            let second = try #require(expression.next(after: first, in: .utc))
            #expect(InstantText.utc(first) == "2026-07-01T00:00:00Z", "\(text)")
            #expect(InstantText.utc(second) == "2027-01-01T00:00:00Z", "\(text)")
        }
    }

    @Test(arguments: [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@Annually", "0 0 1 1 *"),
    ])
    func aWordStandsForFiveFields(_ word: String, _ fields: String) throws {
        let (short, long) = (try CronExpression(word), try CronExpression(fields))
        var last: Int64 = 1_790_000_000
        for _ in 0..<5 {
            let next = try #require(long.next(after: last, in: .utc))
            #expect(short.next(after: last, in: .utc) == next)
            last = next
        }
        #expect(short.text == word)
        #expect(short.isWildcard == long.isWildcard)
    }

    @Test func blanksBetweenFieldsDoNotMatter() throws {
        let expression = try CronExpression(" \t30  2 *\t* 1-5\n")
        #expect(expression.text == "30 2 * * 1-5")
        #expect(expression == (try CronExpression("30 2 * * 1-5")))
        #expect(expression.description == expression.text)
    }

    @Test func anExpressionOfAllNumbersIsTaken() throws {
        func all(_ range: ClosedRange<Int>) -> String { range.map(String.init).joined(separator: ",") }
        let text = "\(all(0...59)) \(all(0...23)) \(all(1...31)) \(all(1...12)) \(all(0...7))"
        #expect(try CronExpression(text).next(after: 0, in: .utc) == 60)
    }

    @Test func timesBeyondTheCalendarAreNoTrouble() throws {
        let expression = try CronExpression("0 0 1 1 *")
        #expect(expression.next(after: .max, in: .utc) == nil)
        #expect(expression.next(after: .min, in: .utc).map(InstantText.utc) == "0002-01-01T00:00:00Z")
        let berlin = try TimeZoneCatalogue().zone(named: "Europe/Berlin")
        #expect(expression.next(after: .min, in: berlin) != nil)
        #expect(try CronExpression("* * * * *").next(after: 253_402_300_740, in: .utc) == nil)
        #expect(try CronExpression("*/5 * * * *").next(after: .max - 1, in: berlin) == nil)
    }

    /// A search goes by months and days. Were it by minutes, this would take minutes.
    @Test func whatIsSeldomIsFoundAtOnce() throws {
        let berlin = try TimeZoneCatalogue().zone(named: "Europe/Berlin")
        let clock = ContinuousClock()
        let time = try clock.measure {
            for text in ["0 0 29 2 */7", "*/7 3 29 2 */7", "*/30 2 25-31 3 */7", "0 0 */2 2 mon#5"] {
                let expression = try CronExpression(text)
                for after in stride(from: Int64(1_700_000_000), to: 1_800_000_000, by: 10_000_001) {
                    _ = expression.next(after: after, in: berlin)
                }
            }
        }
        #expect(time < .seconds(10))
    }

    @Test(arguments: [
        ("30 2 * * 1-5", "at 02:30 on Monday to Friday"), ("30 2 * * *", "at 02:30 every day"),
        ("0,30 1-3 * * *", "at 01:00, 01:30, 02:00, 02:30, 03:00 and 03:30 every day"), ("* * * * *", "every minute"),
        ("*/5 * * * *", "every 5 minutes"), ("@hourly", "every hour"), ("7 * * * *", "at minute 7 of every hour"),
        ("*/7 * * * *", "at minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour"),
        ("*/20 9-17 * * *", "every 20 minutes of the hours 9 to 17"),
        ("* 3 * * *", "every minute of the hour 3"),
        ("1-10,20 8,9,10,22 * * *", "at minutes 1 to 10 and 20 of the hours 8 to 10 and 22 every day"),
        ("0 0 1 1 *", "at 00:00 on day 1 of the month in January"),
        (
            "0 0 1,15,L jan-mar,7 *",
            "at 00:00 on day 1 and 15 of the month and the last day of the month in January to March and July"
        ),
        ("0 0 L-1 * *", "at 00:00 on 1 day before the last day of the month"),
        (
            "0 0 LW,15W * *",
            "at 00:00 on the working day nearest to day 15 of the month and the last working day of the month"
        ),
        ("0 0 13 * fri", "at 00:00 on day 13 of the month or on Friday"),
        ("0 0 */10 * fri", "at 00:00 on day 1, 11, 21 and 31 of the month if that is Friday"),
        ("0 0 1-31 * fri", "at 00:00 every day"), ("0 0 * * 0-7", "at 00:00 every day"),
        ("0 0 * * mon,wed,sat-sun", "at 00:00 on Monday, Wednesday, Saturday and Sunday"),
        ("0 0 * * fri-sun", "at 00:00 on Friday to Sunday"),
        ("0 0 * * 5L,mon#1", "at 00:00 on the first Monday of the month and the last Friday of the month"),
    ])
    func plainWords(_ text: String, _ words: String) throws {
        #expect(try CronExpression(text).words == words)
    }
}

import Testing

@testable import RunbookSchedule

/// Times as people write them.
@Suite struct TriggerInstantTests {
    @Test(arguments: [
        ("2026-12-01T08:00", "2026-12-01T07:00:00Z"), ("2026-12-01 08:00:00", "2026-12-01T07:00:00Z"),
        ("2026-12-01", "2026-11-30T23:00:00Z"), ("2026-07-01", "2026-06-30T22:00:00Z"),
        ("  2026-12-01T08:00:59 ", "2026-12-01T07:00:59Z"), ("2026-12-01t08:00z", "2026-12-01T08:00:00Z"),
        ("2026-12-01T08:00Z", "2026-12-01T08:00:00Z"), ("2026-12-01 08:00 Z", "2026-12-01T08:00:00Z"),
        ("2026-12-01T08:00+01:00", "2026-12-01T07:00:00Z"), ("2026-12-01T08:00-0330", "2026-12-01T11:30:00Z"),
        ("2026-12-01T08:00+01", "2026-12-01T07:00:00Z"), ("2026-12-01T08:00:00+00:53:28", "2026-12-01T07:06:32Z"),
        ("2026-12-01T08:00\u{2212}03:30", "2026-12-01T11:30:00Z"), ("2026-12-01T08:00 +01:00", "2026-12-01T07:00:00Z"),
        ("2028-02-29", "2028-02-28T23:00:00Z"), ("0001-01-02T00:00Z", "0001-01-02T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        // Left out: the first moment after the gap. Twice: the first pass, unless the offset says which.
        ("2026-03-29T02:30", "2026-03-29T01:00:00Z"), ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30+02:00", "2026-10-25T00:30:00Z"), ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00Z"),
    ])
    func aTimeIsRead(_ text: String, _ expected: String) throws {
        let berlin = try TimeZoneCatalogue().zone(named: "Europe/Berlin")
        #expect(InstantText.utc(try InstantText.read(text, zone: berlin)) == expected)
    }

    @Test func aMidnightThatIsLeftOutIsTheFirstMomentAfterIt() throws {
        let catalogue = TimeZoneCatalogue()
        let beirut = try catalogue.zone(named: "Asia/Beirut")
        let apia = try catalogue.zone(named: "Pacific/Apia")
        #expect(
            InstantText.local(try InstantText.read("2026-03-29", zone: beirut), in: beirut)
                == "2026-03-29T01:00:00+03:00")
        #expect(
            InstantText.local(try InstantText.read("2011-12-30", zone: apia), in: apia) == "2011-12-31T00:00:00+14:00")
    }

    @Test(
        arguments: [
            ("", 1, "the year is a number of 4 digits"), ("now", 1, "'now'"), ("26-12-01", 1, "the year"),
            ("20261201", 5, "between year and month"), ("2026/12/01", 5, "between year and month"),
            ("2026-1-1", 6, "the month is a number of 2 digits"), ("2026-00-01", 6, "1 to 12"),
            ("2026-13-01", 6, "'13'"), ("2026-12-32", 9, "1 to 31"), ("2026-02-29", 9, "28 days"),
            ("2026-12-01X08:00", 11, "T or a blank"), ("2026-12-01T", 12, "the hour"),
            ("2026-12-01T8:00", 12, "the hour"),
            ("2026-12-01T24:00", 12, "0 to 23"), ("2026-12-01T08", 14, "between hour and minute"),
            ("2026-12-01T08:60", 15, "0 to 59"), ("2026-12-01T08:00:60", 18, "0 to 59"),
            ("2026-12-01T08:00:00.5", 20, "fractions"), ("2026-12-01T08:00:00 CET", 21, "only Z or an offset"),
            ("2026-12-01T08:00+24:00", 18, "0 to 23"), ("2026-12-01T08:00+01:60", 21, "0 to 59"),
            ("2026-12-01T08:00+1", 18, "2 digits"), ("2026-12-01T08:00Z5", 18, "nothing may come after"),
            ("0000-01-01", 1, "1 to 9999"), ("\u{662}\u{660}\u{662}\u{666}-12-01", 1, "the year"),
        ] as [(String, Int, String)])
    func aFaultPointsAtItsPart(_ text: String, _ column: Int, _ part: String) {
        let fault = #expect(throws: ScheduleFault.self) { try InstantText.read(text, zone: .utc) }
        #expect(fault?.column == column, "\(fault?.message ?? "")")
        #expect(fault?.message.contains(part) == true, "\(fault?.message ?? "")")
        #expect(fault?.field == nil)
    }

    @Test func theEndsOfTheCalendarHoldInUTCToo() throws {
        #expect(throws: ScheduleFault.self) { try InstantText.read("0001-01-01T00:00+01:00", zone: .utc) }
        #expect(throws: ScheduleFault.self) { try InstantText.read("9999-12-31T23:30-01:00", zone: .utc) }
    }

    @Test func writtenTimesAreOfFixedWidth() throws {
        #expect(InstantText.utc(-1) == "1969-12-31T23:59:59Z")
        #expect(InstantText.utc(-62_135_596_800) == "0001-01-01T00:00:00Z")
        let catalogue = TimeZoneCatalogue()
        #expect(InstantText.local(0, in: try catalogue.zone(named: "America/St_Johns")) == "1969-12-31T20:30:00-03:30")
        #expect(
            InstantText.local(0, in: try catalogue.zone(named: "Africa/Monrovia")) == "1969-12-31T23:15:30-00:44:30")
        #expect(InstantText.local(0, in: .utc) == "1970-01-01T00:00:00+00:00")
    }

    /// Dates and their numbers, day by day, against a calendar that was counted out.
    @Test func datesAreTheirNumbers() throws {
        for (index, day) in OracleCalendar.shared.days.enumerated() where index % 3 == 0 || day.month == 2 {
            let number = Int64(index) - 43_829
            let date = CivilDate(days: number)
            let expected = CivilDate(year: day.year, month: day.month, day: day.day)
            guard date == expected, expected.days == number, CivilDate.weekday(days: number) == day.weekday,
                CivilDate.length(month: day.month, year: day.year) == day.length
            else {
                Issue.record("\(day) is \(date), \(expected.days)")
                return
            }
        }
        #expect(CivilDate(days: -719_162) == CivilDate(year: 1, month: 1, day: 1))
        #expect(CivilDate(days: 2_932_896) == CivilDate(year: 9_999, month: 12, day: 31))
    }
}

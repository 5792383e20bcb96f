import Testing

@testable import RunbookSchedule

/// What happens to a job when the clocks are changed, case by case; every time was worked out by hand.
@Suite struct DaylightSavingTests {
    private struct Row: CustomStringConvertible {
        let zone: String
        let expression: String
        /// In UTC.
        let from: String
        /// The next firings, in UTC; less than asked for only if there are no more.
        let expected: [String]
        let shows: String

        init(_ zone: String, _ expression: String, _ from: String, _ expected: [String], _ shows: String) {
            (self.zone, self.expression, self.from, self.expected, self.shows) = (
                zone, expression, from, expected, shows
            )
        }

        var description: String { "\(zone), \(expression): \(shows)" }
    }

    // Berlin 2026: at 01:00 UTC on March 29 from 02:00 to 03:00, on October 25 from 03:00 to 02:00.
    private static let plainGaps = [
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"],
            "a time in the gap is moved to its end"),
        Row(
            "Europe/Berlin", "0 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
            "the first minute of the gap is in it"),
        Row(
            "Europe/Berlin", "0 3 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T01:00Z"],
            "the first minute after the gap is not"),
        Row(
            "Europe/Berlin", "0,15,30,45 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
            "several times in one gap are one firing"),
        Row(
            "Europe/Berlin", "0-59 2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
            "a whole range of minutes is as fixed as a list"),
        Row(
            "Europe/Berlin", "30 2,3 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-29T01:30Z"],
            "a later time of the day stays where it is"),
        Row(
            "Europe/Berlin", "0 2,3 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
            "a time due at the end of the gap and one moved there are one firing"),
        Row(
            "Europe/Berlin", "0,30 1-3 * * *", "2026-03-28T12:00Z",
            ["2026-03-29T00:00Z", "2026-03-29T00:30Z", "2026-03-29T01:00Z", "2026-03-29T01:30Z"],
            "only those in the gap become one"),
        Row(
            "Europe/Berlin", "59 1 * * *", "2026-03-28T12:00Z", ["2026-03-29T00:59Z", "2026-03-29T23:59Z"],
            "the last minute before the gap is not in it"),
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-03-29T00:59:59Z", ["2026-03-29T01:00Z"],
            "the second before the end of the gap is before it"),
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-03-29T01:00Z", ["2026-03-30T00:30Z"],
            "once the end of the gap has come, its times are past"),
        Row(
            "Europe/Berlin", "30 2 29 3 *", "2026-03-01T00:00Z", ["2026-03-29T01:00Z", "2027-03-29T00:30Z"],
            "a day of the month is that of the time left out"),
        Row(
            "Europe/Berlin", "30 2 * * mon", "2026-03-28T12:00Z", ["2026-03-30T00:30Z"],
            "a job of another day has nothing in the gap"),
        Row(
            "Europe/Berlin", "5/20 2 * * *", "2026-03-28T12:00Z",
            ["2026-03-29T01:00Z", "2026-03-30T00:05Z", "2026-03-30T00:25Z"], "a step from a number on is no star"),
        Row(
            "America/New_York", "30 2 * * *", "2026-03-08T00:00Z", ["2026-03-08T07:00Z", "2026-03-09T06:30Z"],
            "west of Greenwich too"),
        Row(
            "Australia/Sydney", "30 2 * * *", "2026-10-03T00:00Z", ["2026-10-03T16:00Z", "2026-10-04T15:30Z"],
            "in the south it is in October"),
        Row(
            "Europe/Berlin", "30 2 31 3 *", "2098-04-01T00:00Z", ["2099-03-31T00:30Z", "2100-03-31T00:30Z"],
            "after 2037 the rule holds: in 2100 the change is on the 28th"),
        Row(
            "Europe/Berlin", "30 2 28 3 *", "2099-04-01T00:00Z", ["2100-03-28T01:00Z", "2101-03-28T00:30Z"],
            "after 2037 the gaps are where the rule says"),
    ]

    private static let wildcardGaps = [
        Row(
            "Europe/Berlin", "*/30 * * * *", "2026-03-29T00:00Z",
            ["2026-03-29T00:30Z", "2026-03-29T01:00Z", "2026-03-29T01:30Z"], "every half hour goes on in real time"),
        Row(
            "Europe/Berlin", "*/30 2 * * *", "2026-03-28T12:00Z", ["2026-03-30T00:00Z", "2026-03-30T00:30Z"],
            "a star in the minute: what is left out is not made up for"),
        Row(
            "Europe/Berlin", "30 */2 * * *", "2026-03-28T23:00Z", ["2026-03-28T23:30Z", "2026-03-29T02:30Z"],
            "a star in the hour: 02:30 is left out"),
        Row(
            "Europe/Berlin", "30 * * * *", "2026-03-29T00:00Z", ["2026-03-29T00:30Z", "2026-03-29T01:30Z"],
            "hourly goes on hourly"),
        Row(
            "Europe/Berlin", "*,5 2 29 3 *", "2026-03-01T00:00Z", ["2027-03-29T00:00Z"],
            "the first character decides what is a star"),
        Row(
            "Europe/Berlin", "*/30 2 25-31 3 */7", "2026-01-01T00:00Z", [],
            "a job that is due in left out hours only never fires"),
        Row(
            "Antarctica/Troll", "*/20 2 * * *", "2026-03-28T12:00Z", ["2026-03-30T00:00Z"],
            "a gap of two hours has no 02:00 in it"),
    ]

    // What other programs were seen to miss, or to add.
    private static let wildcardsNearChanges = [
        Row(
            "Australia/Lord_Howe", "42 * * * *", "2026-10-03T14:30Z", ["2026-10-03T15:12Z", "2026-10-03T15:42Z"],
            "hourly: from 01:42 to 02:42 it is half an hour"),
        Row(
            "Australia/Lord_Howe", "*/9 0 * * *", "2026-10-03T15:00Z", ["2026-10-04T13:00Z", "2026-10-04T13:09Z"],
            "the day after a gap of half an hour begins at its midnight"),
        Row(
            "Pacific/Chatham", "59 */2 * * *", "2026-09-26T12:00Z",
            ["2026-09-26T12:14Z", "2026-09-26T15:14Z", "2026-09-26T17:14Z"],
            "an even hour after a gap from 02:45 to 03:45"),
        Row(
            "America/Havana", "* 1 8 3 *", "2026-03-01T00:00Z", ["2026-03-08T05:00Z", "2026-03-08T05:01Z"],
            "a day that begins at 01:00 has that hour"),
        Row(
            "Asia/Gaza", "24 */2 * * *", "2026-03-27T22:00Z",
            ["2026-03-27T22:24Z", "2026-03-28T01:24Z", "2026-03-28T03:24Z"],
            "a star in the hour: nothing at the end of the gap"),
        Row(
            "Pacific/Apia", "*/8 * LW * *", "2011-12-29T23:00Z", ["2012-01-30T10:00Z"],
            "the last working day that never was, with a star: none, and not the day after"),
    ]

    private static let overlaps = [
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
            "of two passes the first counts"),
        Row(
            "Europe/Berlin", "0 2 * * *", "2026-10-24T12:00Z", ["2026-10-25T00:00Z", "2026-10-26T01:00Z"],
            "the first minute that comes twice"),
        Row(
            "Europe/Berlin", "0 3 * * *", "2026-10-24T12:00Z", ["2026-10-25T02:00Z", "2026-10-26T02:00Z"],
            "03:00 comes once: at the first pass the clocks go back instead"),
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-10-25T00:45Z", ["2026-10-26T01:30Z"],
            "between the passes the second is none"),
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-10-25T01:15Z", ["2026-10-26T01:30Z"],
            "nor is it after the clocks went back"),
        Row(
            "Europe/Berlin", "30 2 * * *", "2026-10-25T01:00Z", ["2026-10-26T01:30Z"],
            "nor in the very second in which they do"),
        Row(
            "Europe/Berlin", "0,30 2-3 * * *", "2026-10-24T12:00Z",
            ["2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T02:00Z", "2026-10-25T02:30Z"],
            "a list has a break of an hour"),
        Row(
            "Europe/Berlin", "*/30 2 * * *", "2026-10-24T12:00Z",
            ["2026-10-25T00:00Z", "2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-26T01:00Z"],
            "a star in the minute: both passes"),
        Row(
            "Europe/Berlin", "15 * * * *", "2026-10-24T23:30Z",
            ["2026-10-25T00:15Z", "2026-10-25T01:15Z", "2026-10-25T02:15Z"], "a star in the hour: both passes"),
        Row(
            "America/New_York", "30 1 * * *", "2026-10-31T12:00Z", ["2026-11-01T05:30Z", "2026-11-02T06:30Z"],
            "west of Greenwich too"),
        Row(
            "America/New_York", "@daily", "2026-10-31T12:00Z", ["2026-11-01T04:00Z", "2026-11-02T05:00Z"],
            "a day of 25 hours"),
        Row(
            "America/New_York", "@hourly", "2026-11-01T04:30Z",
            ["2026-11-01T05:00Z", "2026-11-01T06:00Z", "2026-11-01T07:00Z"], "@hourly is a star in the hour"),
    ]

    private static let oddChanges = [
        // Half an hour: at 15:30 UTC on October 3 from 02:00 to 02:30, at 15:00 UTC on April 4 from 02:00 to 01:30.
        Row(
            "Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00Z", ["2026-10-03T15:30Z", "2026-10-04T15:15Z"],
            "a gap of half an hour"),
        Row(
            "Australia/Lord_Howe", "30 2 * * *", "2026-10-03T00:00Z", ["2026-10-03T15:30Z", "2026-10-04T15:30Z"],
            "its end is not in it"),
        Row(
            "Australia/Lord_Howe", "0,15,30 2 * * *", "2026-10-03T00:00Z",
            ["2026-10-03T15:30Z", "2026-10-04T15:00Z", "2026-10-04T15:15Z"], "its times and its end are one firing"),
        Row(
            "Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00Z", ["2026-04-04T14:45Z", "2026-04-05T15:15Z"],
            "half an hour that comes twice"),
        Row(
            "Australia/Lord_Howe", "0 2 * * *", "2026-04-04T00:00Z", ["2026-04-04T15:30Z", "2026-04-05T15:30Z"],
            "02:00 comes once, half an hour late"),
        Row(
            "Australia/Lord_Howe", "*/15 1 * * *", "2026-04-04T12:00Z",
            [
                "2026-04-04T14:00Z", "2026-04-04T14:15Z", "2026-04-04T14:30Z", "2026-04-04T14:45Z", "2026-04-04T15:00Z",
                "2026-04-04T15:15Z", "2026-04-05T14:30Z",
            ], "only the half hour that comes twice fires twice"),
        // At 14:00 UTC, on September 26 from 02:45 to 03:45, on April 4 from 03:45 to 02:45.
        Row(
            "Pacific/Chatham", "0 3 * * *", "2026-09-26T00:00Z", ["2026-09-26T14:00Z", "2026-09-27T13:15Z"],
            "a gap that is over at 03:45"),
        Row(
            "Pacific/Chatham", "44,45 2 * * *", "2026-09-26T00:00Z",
            ["2026-09-26T13:59Z", "2026-09-26T14:00Z", "2026-09-27T12:59Z"], "and begins at 02:45"),
        Row(
            "Pacific/Chatham", "50 2 * * *", "2026-04-04T00:00Z", ["2026-04-04T13:05Z", "2026-04-05T14:05Z"],
            "an hour from 02:45 on comes twice"),
        Row(
            "Pacific/Chatham", "0 * * * *", "2026-04-04T13:00Z",
            ["2026-04-04T13:15Z", "2026-04-04T14:15Z", "2026-04-04T15:15Z"], "hourly, with 03:00 twice"),
        Row(
            "Antarctica/Troll", "0 1,2 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-29T23:00Z"],
            "a gap of two hours"),
        Row(
            "Antarctica/Troll", "30 1,2 * * *", "2026-10-24T12:00Z",
            ["2026-10-24T23:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"], "two hours that come twice"),
        Row(
            "America/Caracas", "45 2 * * *", "2016-05-01T00:00Z", ["2016-05-01T07:00Z", "2016-05-02T06:45Z"],
            "from 02:30 to 03:00 for good"),
        Row(
            "Europe/Moscow", "30 2 * * *", "2011-03-26T12:00Z", ["2011-03-26T23:00Z", "2011-03-27T22:30Z"],
            "summer time that stayed"),
        Row(
            "Europe/Dublin", "30 1 * * *", "2026-10-24T12:00Z", ["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
            "winter as the saving: the hour that comes twice"),
        Row(
            "Europe/Dublin", "30 1 * * *", "2026-03-28T12:00Z", ["2026-03-29T01:00Z", "2026-03-30T00:30Z"],
            "winter as the saving: the gap"),
        Row(
            "Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00Z", ["2026-02-15T01:30Z", "2026-02-16T02:30Z"],
            "an hour back for Ramadan"),
        Row(
            "Africa/Casablanca", "30 2 * * *", "2026-03-21T12:00Z", ["2026-03-22T02:00Z", "2026-03-23T01:30Z"],
            "an hour forward after Ramadan"),
        Row(
            "Asia/Gaza", "30 1 * * *", "2026-10-23T12:00Z", ["2026-10-23T22:30Z", "2026-10-24T23:30Z"],
            "a rule of 50 hours after a Thursday"),
        Row(
            "Asia/Gaza", "30 2 27 3 *", "2100-01-01T00:00Z", ["2100-03-27T00:00Z", "2101-03-26T23:30Z"],
            "such a rule after the last change that is written down"),
        Row(
            "America/St_Johns", "0,30 0 * * *", "2010-03-13T12:00Z",
            ["2010-03-14T03:30Z", "2010-03-14T03:31Z", "2010-03-15T02:30Z"], "a gap that begins at 00:01"),
        Row(
            "America/St_Johns", "0 0 * * *", "2010-11-06T12:00Z", ["2010-11-07T02:30Z", "2010-11-08T03:30Z"],
            "midnight comes twice, for a minute each"),
        Row(
            "Africa/Monrovia", "0 0 * * *", "1972-01-06T12:00Z", ["1972-01-07T00:44:30Z", "1972-01-08T00:00Z"],
            "an offset with seconds: from 00:00:00 to 00:44:30"),
        Row(
            "Africa/Monrovia", "*/15 * * * *", "1972-01-07T00:20Z",
            ["1972-01-07T00:29:30Z", "1972-01-07T00:45Z", "1972-01-07T01:00Z"], "an offset with seconds and a star"),
        Row(
            "Asia/Kathmandu", "10 0 * * *", "1985-12-31T12:00Z", ["1985-12-31T18:30Z", "1986-01-01T18:25Z"],
            "a quarter of an hour at New Year"),
    ]

    private static let midnights = [
        Row(
            "Asia/Beirut", "@daily", "2026-03-28T12:00Z", ["2026-03-28T22:00Z", "2026-03-29T21:00Z"],
            "a day that begins at 01:00"),
        Row(
            "Asia/Beirut", "0 0 * * sun", "2026-03-28T00:00Z", ["2026-03-28T22:00Z", "2026-04-04T21:00Z"],
            "the weekday is that of the time left out"),
        Row(
            "America/Havana", "30 0 8 3 *", "2026-03-01T00:00Z", ["2026-03-08T05:00Z", "2027-03-08T05:30Z"],
            "the day of the month is that of the time left out"),
        Row(
            "America/Havana", "30 0 * * *", "2026-10-31T12:00Z", ["2026-11-01T04:30Z", "2026-11-02T05:30Z"],
            "the first hour of a day comes twice"),
        Row(
            "America/Santiago", "0 0 * * *", "2026-09-05T12:00Z", ["2026-09-06T04:00Z", "2026-09-07T03:00Z"],
            "a rule that says 24 o'clock"),
        Row(
            "America/Santiago", "30 23 * * sat", "2026-04-04T12:00Z", ["2026-04-05T02:30Z", "2026-04-12T03:30Z"],
            "the last hour of a day comes twice"),
        Row(
            "America/Santiago", "0 0 5 4 *", "2026-04-04T12:00Z", ["2026-04-05T04:00Z"],
            "the midnight after it comes once"),
        Row(
            "America/Santiago", "59 * * * *", "2026-04-05T02:30Z",
            ["2026-04-05T02:59Z", "2026-04-05T03:59Z", "2026-04-05T04:59Z"], "23:59 twice, and then a new day"),
        Row(
            "America/Nuuk", "30 23 28 3 *", "2026-03-01T00:00Z", ["2026-03-29T01:00Z", "2027-03-29T00:30Z"],
            "the gap ends on the day after that of the time left out"),
        Row(
            "America/Nuuk", "0 0 * * *", "2026-10-24T12:00Z", ["2026-10-25T02:00Z", "2026-10-26T02:00Z"],
            "back from midnight, which then comes at the second pass only"),
        Row(
            "America/Toronto", "45 23 30 3 *", "1919-03-30T00:00Z", ["1919-03-31T04:30Z"],
            "a gap from 23:30 to 00:30, its first day"),
        Row("America/Toronto", "15 0 31 3 *", "1919-03-30T00:00Z", ["1919-03-31T04:30Z"], "and its second day"),
        Row(
            "Africa/Cairo", "0 0 * * fri", "2026-04-23T00:00Z", ["2026-04-23T22:00Z", "2026-04-30T21:00Z"],
            "a gap on Fridays"),
        Row(
            "Asia/Tehran", "0 0 22 3 *", "2022-03-01T00:00Z", ["2022-03-21T20:30Z", "2023-03-21T20:30Z"],
            "the last summer time of a zone"),
        Row(
            "Asia/Pyongyang", "45 23 * * *", "2018-05-04T00:00Z", ["2018-05-04T15:00Z", "2018-05-05T14:45Z"],
            "half an hour before midnight left out"),
        Row(
            "Asia/Pyongyang", "45 23 * * *", "2015-08-14T00:00Z", ["2015-08-14T14:45Z", "2015-08-15T15:15Z"],
            "half an hour before midnight comes twice"),
    ]

    private static let days = [
        // At 10:00 UTC on December 30, 2011 from 00:00 of that day to 00:00 of the next one.
        Row(
            "Pacific/Apia", "0 9 * * *", "2011-12-29T12:00Z",
            ["2011-12-29T19:00Z", "2011-12-30T10:00Z", "2011-12-30T19:00Z"], "a day that never was: after it"),
        Row(
            "Pacific/Apia", "0 9 30 12 *", "2011-12-01T00:00Z", ["2011-12-30T10:00Z", "2012-12-29T19:00Z"],
            "the day of the month is that of the day that never was"),
        Row(
            "Pacific/Apia", "0 9 * * fri", "2011-12-29T00:00Z", ["2011-12-30T10:00Z", "2012-01-05T19:00Z"],
            "the weekday is that of the day that never was"),
        Row(
            "Pacific/Apia", "0 0,9,18 * * *", "2011-12-30T05:00Z", ["2011-12-30T10:00Z", "2011-12-30T19:00Z"],
            "all of that day and midnight of the next are one firing"),
        Row(
            "Pacific/Apia", "0 * * * *", "2011-12-30T08:30Z",
            ["2011-12-30T09:00Z", "2011-12-30T10:00Z", "2011-12-30T11:00Z"], "hourly goes on hourly"),
        Row(
            "Pacific/Apia", "0 */9 30 12 *", "2011-12-01T00:00Z", ["2012-12-29T10:00Z"],
            "a star in the hour: that day is left out"),
        Row(
            "Pacific/Kwajalein", "0 12 21 8 *", "1993-08-01T00:00Z", ["1993-08-21T12:00Z", "1994-08-21T00:00Z"],
            "another day that never was"),
        Row(
            "Pacific/Kiritimati", "0 0 31 12 *", "1994-12-01T00:00Z", ["1994-12-31T10:00Z", "1995-12-30T10:00Z"],
            "a New Year's Eve that never was"),
        // At 13:00 UTC on September 30, 1969 from 00:00 of the next day to 01:00 of that one.
        Row(
            "Pacific/Kwajalein", "0 12 * * *", "1969-09-29T12:00Z", ["1969-09-30T01:00Z", "1969-10-02T00:00Z"],
            "23 hours that came twice: the first pass"),
        Row(
            "Pacific/Kwajalein", "0 */6 * * *", "1969-09-30T06:00Z",
            ["1969-09-30T07:00Z", "1969-09-30T18:00Z", "1969-10-01T00:00Z", "1969-10-01T06:00Z"],
            "23 hours that came twice: both"),
        Row("UTC", "0 0 29 2 *", "2096-03-01T00:00Z", ["2104-02-29T00:00Z"], "2100 has no February 29"),
        Row(
            "UTC", "0 0 29 2 1", "2028-02-27T00:00Z", ["2028-02-28T00:00Z", "2028-02-29T00:00Z", "2029-02-05T00:00Z"],
            "no star: either the 29th or a Monday"),
        Row(
            "UTC", "0 0 29 2 */7", "2032-01-01T00:00Z",
            ["2032-02-29T00:00Z", "2060-02-29T00:00Z", "2088-02-29T00:00Z", "2128-02-29T00:00Z"],
            "a star: a 29th that is a Sunday; 40 years may pass"),
        Row("UTC", "0 12 */2 2 mon#5", "2026-01-01T00:00Z", ["2044-02-29T12:00Z"], "a February with five Mondays"),
        Row(
            "UTC", "* * * * *", "2026-12-31T23:59:30Z", ["2027-01-01T00:00Z", "2027-01-01T00:01Z"],
            "the next minute, not this one"),
        Row("UTC", "59 23 31 12 *", "9999-01-01T00:00Z", ["9999-12-31T23:59Z"], "after the year 9999 is nothing"),
    ]

    private static let rows = plainGaps + wildcardGaps + wildcardsNearChanges + overlaps + oddChanges + midnights + days

    @Test(arguments: rows.indices)
    func aJobFiresWhenItIsDue(_ index: Int) throws {
        let row = Self.rows[index]
        let zone = try TimeZoneCatalogue().zone(named: row.zone)
        let expression = try CronExpression(row.expression)
        var last = try InstantText.read(row.from, zone: .utc)
        for expected in row.expected {
            let next = try #require(expression.next(after: last, in: zone), "\(row)")
            #expect(InstantText.utc(next) == InstantText.utc(try InstantText.read(expected, zone: .utc)), "\(row)")
            last = next
        }
        if row.expected.isEmpty || row.shows.contains("after the year") {
            #expect(expression.next(after: last, in: zone) == nil, "\(row)")
        }
    }

    /// From every second around a change the same firings are found, whichever way they are come upon.
    @Test(
        arguments: [
            ("Europe/Berlin", "15,30 2 * * *", 1_774_746_000), ("Europe/Berlin", "*/20 2,3 * * *", 1_792_890_000),
            ("Australia/Lord_Howe", "15,45 1,2 * * *", 1_775_314_800), ("Pacific/Apia", "0 0,9 * * *", 1_325_239_200),
        ] as [(String, String, Int64)])
    func theFiringsAreTheSameFromEverywhere(_ name: String, _ text: String, _ change: Int64) throws {
        let zone = try TimeZoneCatalogue().zone(named: name)
        let expression = try CronExpression(text)
        var firings: [Int64] = []
        var last = change - 100_000
        while last < change + 200_000, let next = expression.next(after: last, in: zone) {
            firings.append(next)
            last = next
        }
        #expect(firings == Array(Set(firings)).sorted())
        for after in stride(from: change - 90_000, to: change + 100_000, by: 293) {
            #expect(expression.next(after: after, in: zone) == firings.first { $0 > after })
        }
        for firing in firings {
            #expect(expression.next(after: firing - 1, in: zone) == firing)
        }
    }
}

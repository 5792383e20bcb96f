import Testing

@testable import RunbookSchedule

/// Cron expressions, intervals and one-off times in one.
@Suite struct TriggerTests {
    private let berlin: TimeZoneRules

    init() throws {
        berlin = try TimeZoneCatalogue().zone(named: "Europe/Berlin")
    }

    @Test(arguments: [
        ("*/5 * * * *", "*/5 * * * *"), ("@Daily", "@Daily"), ("  0 0\t1 * mon ", "0 0 1 * mon"),
        ("every 15m", "every 15m"), ("every 90m", "every 1h30m"), ("Every 1h 30m", "every 1h30m"),
        ("every 1w2d3h4m5s", "every 1w2d3h4m5s"), ("every 86400s", "every 1d"), ("every 1D", "every 1d"),
        ("at 2026-12-01T08:00", "at 2026-12-01T07:00:00Z"), ("AT 2026-12-01 08:00:30", "at 2026-12-01T07:00:30Z"),
        ("at 2026-12-01T08:00Z", "at 2026-12-01T08:00:00Z"), ("at 2026-12-01", "at 2026-11-30T23:00:00Z"),
    ])
    func aTriggerIsReadAndCanBeReadAgain(_ text: String, _ expected: String) throws {
        let trigger = try Trigger(text, zone: berlin)
        #expect(trigger.text == expected)
        #expect(trigger.description == expected)
        // In whatever zone.
        #expect(try Trigger(trigger.text, zone: .utc) == trigger)
    }

    @Test(arguments: [
        ("every", "how long is missing"), ("every ", "how long is missing"), ("every 15", "'15' at column 7"),
        ("every m", "'m' at column 7"), ("every 5 minutes", "such as: every 15m"), ("every 5x", "'5x' at column 7"),
        ("every 0s", "no time at all"), ("every 0h0m", "no time at all"), ("every 30m1h", "'1h' at column 10"),
        ("every 1h1h", "each once"), ("every 4000d", "longer than ten years"),
        ("every 99999999999999999999s", "ten years"),
        ("every 999999999w", "ten years"), ("every -5m", "'-' at column 7"), ("every 1.5h", "'1' at column 7"),
        ("at", "the year is a number"), ("at noon", "'noon'"), ("at 2026-02-30", "28 days"), ("15m", "one field only"),
        ("at 2026-12-01T25:00", "the hour is 0 to 23"), ("", "it is empty"), ("hourly", "one field only"),
    ])
    func whatIsNoTriggerIsRefused(_ text: String, _ part: String) {
        let fault = #expect(throws: ScheduleFault.self) { try Trigger(text, zone: .utc) }
        #expect(fault?.message.contains(part) == true, "\(fault?.message ?? "")")
    }

    @Test func anIntervalIsCountedFromItsAnchorInRealTime() throws {
        let trigger = try Trigger("every 12h", zone: berlin)
        let anchor = try InstantText.read("2026-03-28T09:00", zone: berlin)
        #expect(trigger.next(after: anchor - 1, in: berlin, anchor: anchor) == anchor)
        #expect(trigger.next(after: anchor - 1_000_000, in: berlin, anchor: anchor) == anchor)
        #expect(trigger.next(after: anchor, in: berlin, anchor: anchor) == anchor + 43_200)
        #expect(trigger.next(after: anchor + 43_199, in: berlin, anchor: anchor) == anchor + 43_200)
        #expect(trigger.next(after: anchor + 43_200, in: berlin, anchor: anchor) == anchor + 86_400)
        let far = anchor + 43_200 * 100_000
        #expect(trigger.next(after: far + 5, in: berlin, anchor: anchor) == far + 43_200)
        let local = trigger.firings(after: anchor, in: berlin, anchor: anchor, count: 3).map(\.local)
        #expect(local == ["2026-03-28T21:00:00+01:00", "2026-03-29T10:00:00+02:00", "2026-03-29T22:00:00+02:00"])
        // A negative anchor, and times that could overflow.
        #expect(trigger.next(after: 0, in: .utc, anchor: -1) == 43_199)
        #expect(trigger.next(after: .max, in: .utc, anchor: 0) == nil)
        #expect(trigger.next(after: .max - 5, in: .utc, anchor: .min + 5) == nil)
        #expect(trigger.next(after: .min, in: .utc, anchor: 7) == 7)
        #expect(Trigger.every(seconds: 0).next(after: 5, in: .utc, anchor: 0) == nil)
    }

    @Test func aOneOffTimeComesOnce() throws {
        let trigger = try Trigger("at 2026-12-01T08:00+01:00", zone: .utc)
        let instant: Int64 = 1_796_108_400
        #expect(trigger == .once(unixSeconds: instant))
        #expect(trigger.next(after: instant - 1, in: .utc, anchor: 0) == instant)
        #expect(trigger.next(after: instant, in: .utc, anchor: 0) == nil)
        #expect(trigger.firings(after: 0, in: .utc, anchor: 0, count: 5).map(\.unixSeconds) == [instant])
    }

    private struct Notes {
        let trigger: String
        let zone: String
        let from: String
        let expected: [(String, String?)]

        init(_ trigger: String, _ zone: String, _ from: String, _ expected: [(String, String?)]) {
            (self.trigger, self.zone, self.from, self.expected) = (trigger, zone, from, expected)
        }
    }

    private static let notes = [
        Notes(
            "30 2 * * *", "Europe/Berlin", "2026-03-28",
            [
                ("2026-03-28T02:30:00+01:00", nil),
                ("2026-03-29T03:00:00+02:00", "02:30 does not exist on this day: the clocks go from 02:00 to 03:00"),
                ("2026-03-30T02:30:00+02:00", nil),
            ]),
        Notes(
            "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00",
            [
                ("2026-10-25T02:30:00+02:00", "02:30 comes twice on this day: this is the first"),
                ("2026-10-26T02:30:00+01:00", "the clocks change from +02:00 to +01:00 since the last firing"),
                ("2026-10-27T02:30:00+01:00", nil),
            ]),
        Notes(
            "0 9 * * *", "Europe/Berlin", "2026-03-28",
            [
                ("2026-03-28T09:00:00+01:00", nil),
                ("2026-03-29T09:00:00+02:00", "the clocks change from +01:00 to +02:00 since the last firing"),
                ("2026-03-30T09:00:00+02:00", nil),
            ]),
        Notes(
            "*/30 2 * * *", "Europe/Berlin", "2026-10-25T02:00",
            [
                ("2026-10-25T02:30:00+02:00", "02:30 comes twice on this day: this is the first"),
                ("2026-10-25T02:00:00+01:00", "02:00 comes twice on this day: this is the second"),
                ("2026-10-25T02:30:00+01:00", "02:30 comes twice on this day: this is the second"),
            ]),
        Notes(
            "*/30 * * * *", "Europe/Berlin", "2026-03-29T01:00",
            [
                ("2026-03-29T01:30:00+01:00", nil),
                ("2026-03-29T03:00:00+02:00", "the clocks change from +01:00 to +02:00 since the last firing"),
                ("2026-03-29T03:30:00+02:00", nil),
            ]),
        Notes(
            "0,30 2 * * *", "Europe/Berlin", "2026-03-28T12:00",
            [
                (
                    "2026-03-29T03:00:00+02:00",
                    "02:00 and 02:30 do not exist on this day: the clocks go from 02:00 to 03:00"
                )
            ]),
        Notes(
            "0-59 2 * * *", "Europe/Berlin", "2026-03-28T12:00",
            [
                (
                    "2026-03-29T03:00:00+02:00",
                    "02:00 and 59 more times up to 02:59 do not exist on this day: the clocks go from 02:00 to 03:00"
                )
            ]),
        Notes("0 3 * * *", "Europe/Berlin", "2026-03-28T12:00", [("2026-03-29T03:00:00+02:00", nil)]),
        Notes(
            "0 0 * * *", "Asia/Beirut", "2026-03-28T12:00",
            [
                ("2026-03-29T01:00:00+03:00", "00:00 does not exist on this day: the clocks go from 00:00 to 01:00")
            ]),
        Notes(
            "0 9 * * *", "Pacific/Apia", "2011-12-29T12:00",
            [
                (
                    "2011-12-31T00:00:00+14:00",
                    "2011-12-30 09:00 does not exist: the clocks go from 2011-12-30 00:00 to 2011-12-31 00:00"
                ),
                ("2011-12-31T09:00:00+14:00", nil),
            ]),
        Notes(
            "every 1h", "Europe/Berlin", "2026-10-25T01:00",
            [
                ("2026-10-25T02:00:00+02:00", nil),
                ("2026-10-25T02:00:00+01:00", "the clocks change from +02:00 to +01:00 since the last firing"),
                ("2026-10-25T03:00:00+01:00", nil),
            ]),
        Notes(
            "at 2026-10-25T02:30", "Europe/Berlin", "2026-10-01",
            [
                ("2026-10-25T02:30:00+02:00", "02:30 comes twice on this day: this is the first")
            ]),
        Notes(
            "at 2026-10-25T02:30+01:00", "Europe/Berlin", "2026-10-01",
            [
                ("2026-10-25T02:30:00+01:00", "02:30 comes twice on this day: this is the second")
            ]),
        Notes(
            "0 0 * * *", "Africa/Monrovia", "1972-01-06T12:00",
            [
                ("1972-01-07T00:44:30+00:00", "00:00 does not exist on this day: the clocks go from 00:00 to 00:44:30")
            ]),
    ]

    @Test(arguments: notes.indices)
    func aFiringSaysWhatAChangeOfTheClocksDoesToIt(_ index: Int) throws {
        let row = Self.notes[index]
        let zone = try TimeZoneCatalogue().zone(named: row.zone)
        let from = try InstantText.read(row.from, zone: zone)
        let firings = try Trigger(row.trigger, zone: zone)
            .firings(after: from, in: zone, anchor: from, count: row.expected.count)
        #expect(firings.map(\.local) == row.expected.map(\.0))
        #expect(firings.map(\.note) == row.expected.map(\.1))
        for firing in firings {
            #expect(try InstantText.read(firing.utc, zone: zone) == firing.unixSeconds)
            #expect(try InstantText.read(firing.local, zone: .utc) == firing.unixSeconds)
        }
    }

    @Test func noFiringsAreAsNoFirings() throws {
        let trigger = try Trigger("*/30 2 25-31 3 */7", zone: berlin)
        #expect(trigger.firings(after: 1_790_000_000, in: berlin, anchor: 0, count: 3) == [])
        #expect(try Trigger("@daily", zone: berlin).firings(after: 0, in: berlin, anchor: 0, count: 0) == [])
    }
}

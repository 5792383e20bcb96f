import Operations
import RunbookSchedule
import Testing

@testable import runbook

/// How schedules are told in words.
@Suite("The words of schedules")
struct ScheduleTextCommandTests {
    @Test("a trigger is put in words, and in a list only if they are few")
    func words() throws {
        let zone = try SampleSchedules.zones.zone(named: "Europe/Berlin")
        func words(_ text: String) throws -> TriggerWords {
            TriggerWords(trigger: try Trigger(text, zone: zone), zone: zone)
        }
        #expect(try words("30 8 * * 1-5").short == "at 08:30 on Monday to Friday")
        #expect(try words("@daily").full == "at 00:00 every day (@daily)")
        let long = "3,17,29,41 1,2,3,5,7,11 * * *"
        #expect(try words(long).short == long)
        #expect(try words(long).full.hasSuffix(" (\(long))"))
        for text in ["every 15m", "every 1h30m"] {
            #expect(try words(text).short == text && words(text).full == text)
        }
        #expect(try words("at 2026-07-01T08:00").full == "once, at 2026-07-01 08:00 +02:00")
    }

    @Test("moments stand on the clocks of their zone, and as far from now as they are")
    func moments() throws {
        let zone = try SampleSchedules.zones.zone(named: "Europe/Berlin")
        #expect(Moment.local(SampleSchedules.now, in: zone) == "2026-03-27 13:00 +01:00")
        #expect(Moment.local(SampleSchedules.now + 1_999, in: zone, weekday: true) == "Fri 2026-03-27 13:00:01 +01:00")
        #expect(Moment.local(-1, in: .utc, weekday: true) == "Wed 1969-12-31 23:59:59 +00:00")
        let spans: [(Int64, String)] = [
            (0, "now"), (999, "now"), (-999, "now"), (1_000, "in 1 s"), (-59_999, "59 s ago"), (60_000, "in 1 min"),
            (3_599_000, "in 59 min"), (-3_600_000, "1 h ago"), (172_799_000, "in 47 h"), (172_800_000, "in 2 days"),
            (-40 * 86_400_000, "40 days ago"),
        ]
        for (distance, words) in spans { #expect(Moment.relative(5_000_000 + distance, now: 5_000_000) == words) }
    }

    @Test("a hook is shown without what may be a secret")
    func hooks() {
        #expect(HookDestination.shown("https://hooks.example.com:8443/T0K3N?key=x") == "https://hooks.example.com:8443")
        #expect(HookDestination.shown("command:/usr/bin/page --token x") == "command:/usr/bin/page")
        #expect(HookDestination.shown("file:/etc/hook") == "file:/etc/hook")
        #expect(HookDestination.shown("env:HOOK") == "env:HOOK")
        #expect(HookDestination.shown("what is this hunter2") == "what cannot be read")
    }
}

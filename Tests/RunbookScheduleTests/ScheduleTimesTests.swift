import RunbookHost
import Testing

@testable import RunbookSchedule

/// The planned times of a schedule, with its beginning and its end.
struct ScheduleTimesTests {
    private func schedule(_ trigger: String, _ body: (inout Schedule) -> Void = { _ in }) -> Schedule {
        var schedule = Schedule.sample("report", trigger)
        body(&schedule)
        return schedule
    }

    private func minutes(_ schedule: Schedule, after: Int64, count: Int) throws -> [Int64] {
        try ScheduleTimes(of: schedule, zones: sharedZones).firings(after: after, count: count)
            .map { ($0.unixSeconds * 1_000 - noon) / minute }
    }

    @Test func aTimeThatHadItsRunWhileTheClockWasAheadIsNotToldAgain() throws {
        let schedule = schedule("every 1m") { $0.spent = [noon + minute, noon + 3 * minute] }
        #expect(try minutes(schedule, after: noon, count: 3) == [2, 4, 5])
        #expect(try ScheduleTimes(of: schedule, zones: sharedZones).next(after: noon) == noon + minute)
    }

    @Test func timesBeforeTheStartAndAfterTheEndAreNone() throws {
        let schedule = schedule("* * * * *") {
            $0.starting = noon + 2 * minute
            $0.until = noon + 4 * minute
        }
        #expect(try minutes(schedule, after: noon, count: 9) == [2, 3, 4])
        let times = try ScheduleTimes(of: schedule, zones: sharedZones)
        #expect(times.next(after: noon - hour) == noon + 2 * minute)
        #expect(times.next(after: noon + 4 * minute) == nil)
    }

    @Test func aPartOfASecondBeforeATimeIsBeforeItAlsoBefore1970() throws {
        let times = ScheduleTimes(.every(seconds: 1), zone: .utc, anchor: -10_500)
        // Intervals are counted from the second that the anchor is in.
        #expect(times.next(after: -10_600) == -10_000)
        #expect(times.firings(after: -1, count: 2).map(\.unixSeconds) == [0, 1])
    }
}

import RunbookSchedule

/// Moments as people read them.
enum Moment {
    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// As the clocks of a zone show it: `2026-03-29 03:00 +02:00`, with seconds if there are any.
    ///
    /// - Parameter weekday: whether the day is named in front, `Sun 2026-03-29 03:00 +02:00`. Default: `false`.
    static func local(_ unixMilliseconds: Int64, in zone: TimeZoneRules, weekday: Bool = false) -> String {
        let seconds = unixMilliseconds.dividedDown(by: 1_000)
        // 2026-03-29T03:00:00+02:00
        let text = InstantText.local(seconds, in: zone)
        let place = text.firstIndex(of: "T") ?? text.endIndex
        let date = text[..<place]
        let clock = text[place...].dropFirst()
        var time = clock.prefix(8)
        let offset = clock.dropFirst(8)
        if time.hasSuffix(":00") { time = time.dropLast(3) }
        let day = weekday ? name(seconds + Int64(zone.offset(at: seconds))) + " " : ""
        return "\(day)\(date) \(time) \(offset)"
    }

    /// How far it is from now: `in 6 h`, `3 days ago`, `now`.
    static func relative(_ unixMilliseconds: Int64, now: Int64) -> String {
        let distance = unixMilliseconds - now
        guard abs(distance) >= 1_000 else { return "now" }
        return distance > 0 ? "in \(span(distance))" : "\(span(-distance)) ago"
    }

    /// A span in one unit, rounded down: `45 s`, `12 min`, `6 h`, `3 days`.
    static func span(_ milliseconds: Int64) -> String {
        let seconds = milliseconds / 1_000
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3_600: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3_600) h"
        default: return "\(seconds / 86_400) days"
        }
    }

    private static func name(_ local: Int64) -> String {
        weekdays[CivilDate.weekday(days: local.dividedDown(by: 86_400))]
    }
}

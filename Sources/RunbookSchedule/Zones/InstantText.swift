/// Times as people and programs write them (ISO 8601), in whole seconds.
public enum InstantText {
    /// The times that are taken: the years 1 to 9999.
    static let range: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

    /// Reads a time: `2026-12-01T08:00`, `2026-12-01 08:00:30`, `2026-12-01` (its midnight), each also with `Z` or an
    /// offset such as `+01:00` after the time.
    ///
    /// Without `Z` or an offset it is the zone's local time. Where that is left out because the clocks go forward, the
    /// first moment after the gap is meant; where it comes twice, the first pass. An offset says which pass is meant.
    ///
    /// - Parameters:
    ///   - text: the time; blanks around it do not matter.
    ///   - zone: the zone of times without an offset.
    /// - Returns: seconds since 1970.
    /// - Throws: ``ScheduleFault`` that points at the part at fault.
    public static func read(_ text: String, zone: TimeZoneRules) throws(ScheduleFault) -> Int64 {
        var reader = InstantReader(text)
        let (local, offset) = try reader.read()
        let instant = offset.map { local - $0 } ?? zone.firstInstant(reaching: local)
        guard range.contains(instant) else {
            throw ScheduleFault(
                "the time \(ScheduleFault.quoted(text)) is out of range: the years are 1 to 9999, in UTC too")
        }
        return instant
    }

    /// A time in UTC: `2026-03-29T01:00:00Z`.
    ///
    /// - Parameter unixSeconds: seconds since 1970; the years 1 to 9999.
    public static func utc(_ unixSeconds: Int64) -> String {
        clock(unixSeconds) + "Z"
    }

    /// A time as a zone's clocks show it, and how far they are from UTC: `2026-03-29T03:00:00+02:00`. Seconds of the
    /// offset are written if there are any, as in times before there were zones.
    ///
    /// - Parameters:
    ///   - unixSeconds: seconds since 1970; the years 1 to 9999.
    ///   - zone: the zone.
    public static func local(_ unixSeconds: Int64, in zone: TimeZoneRules) -> String {
        let offset = Int64(zone.offset(at: unixSeconds))
        return clock(unixSeconds + offset) + Self.offset(offset)
    }

    /// `2026-03-29T03:00:00`.
    private static func clock(_ local: Int64) -> String {
        let days = local.dividedDown(by: 86_400)
        return date(CivilDate(days: days)) + "T" + time(local, alwaysSeconds: true)
    }

    /// `2026-03-29`.
    static func date(_ date: CivilDate) -> String {
        digits(date.year, 4) + "-" + digits(date.month) + "-" + digits(date.day)
    }

    /// The time of day of a local time: `03:00`, and its seconds if there are any.
    static func time(_ local: Int64, alwaysSeconds: Bool = false) -> String {
        let seconds = Int(local - local.dividedDown(by: 86_400) * 86_400)
        let short = digits(seconds / 3_600) + ":" + digits(seconds / 60 % 60)
        return alwaysSeconds || seconds % 60 != 0 ? short + ":" + digits(seconds % 60) : short
    }

    /// `+02:00`.
    static func offset(_ offset: Int64) -> String {
        (offset < 0 ? "-" : "+") + time(abs(offset))
    }

    private static func digits(_ number: Int, _ count: Int = 2) -> String {
        let text = String(abs(number))
        return (number < 0 ? "-" : "") + String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

/// A time zone: what its clocks show at any time, and when they are changed.
///
/// Read from the system's files by ``TimeZoneCatalogue``, the rules for all years to come included. A copy costs next to
/// nothing: all copies share one table.
public struct TimeZoneRules: Sendable, Hashable, CustomStringConvertible {
    /// The zone's IANA name as it was asked for, such as `Europe/Berlin`.
    public let name: String
    private let table: ZoneTable

    init(name: String, table: ZoneTable) {
        self.name = name
        self.table = table
    }

    /// The rules of another zone under another name.
    init(name: String, sharing other: TimeZoneRules) {
        self.init(name: name, table: other.table)
    }

    /// Coordinated Universal Time. It needs no file.
    public static let utc = TimeZoneRules(named: "UTC", offset: 0, abbreviation: "UTC")

    /// A zone whose clocks are never changed.
    ///
    /// - Parameters:
    ///   - name: what it is called.
    ///   - offset: seconds east of UTC.
    ///   - abbreviation: such as `CET`.
    init(named name: String, offset: Int, abbreviation: String) {
        self.init(
            name: name,
            table: ZoneTable(
                changes: [], kinds: [ZoneKind(offset: Int64(offset), abbreviation: abbreviation)], rule: nil))
    }

    /// Its name.
    public var description: String { name }

    /// How far its clocks are from UTC, in seconds; east of Greenwich is above zero.
    ///
    /// - Parameter unixSeconds: the time in question, in seconds since 1970.
    public func offset(at unixSeconds: Int64) -> Int {
        Int(table.kind(at: Self.clamped(unixSeconds)).offset)
    }

    /// What its time is called, such as `CEST` or `+0330`.
    ///
    /// - Parameter unixSeconds: the time in question, in seconds since 1970.
    public func abbreviation(at unixSeconds: Int64) -> String {
        table.kind(at: Self.clamped(unixSeconds)).abbreviation
    }

    /// Times beyond all calendars, which may not overflow, are taken as the last ones that do not.
    private static func clamped(_ unixSeconds: Int64) -> Int64 {
        min(max(unixSeconds, -(1 << 60)), 1 << 60)
    }

    /// The least and the greatest offset it ever had.
    var offsets: ClosedRange<Int64> { table.offsets }

    /// From when on its changes repeat themselves every 400 years.
    var cycleStart: Int64 { table.cycleStart ?? table.starts.last.map { max($0, 0) } ?? 0 }

    /// The stretch without a change of the clocks that a second is in.
    func segment(at instant: Int64) -> ZoneSegment {
        table.segment(at: instant)
    }

    /// The first second at which its clocks show a local time or, if that is left out, a later one.
    ///
    /// - Parameter local: seconds since 1970-01-01 00:00 on the local clock.
    func firstInstant(reaching local: Int64) -> Int64 {
        // Before this second no offset of the zone is enough.
        var segment = segment(at: local - offsets.upperBound)
        while true {
            let instant = max(segment.start, local - segment.offset)
            if instant < segment.end { return instant }
            segment = self.segment(at: segment.end)
        }
    }

    /// The latest local time its clocks have shown up to a second: not the one they show while an hour comes again.
    ///
    /// - Returns: seconds since 1970-01-01 00:00 on the local clock.
    func latestLocal(upTo instant: Int64) -> Int64 {
        var segment = segment(at: instant)
        var latest = instant + segment.offset
        // Further back no offset of the zone is enough.
        let earliest = instant - (offsets.upperBound - offsets.lowerBound)
        while segment.start > earliest {
            let end = segment.start - 1
            segment = self.segment(at: end)
            latest = max(latest, end + segment.offset)
        }
        return latest
    }

    /// All seconds at which its clocks show a local time: one, none where it is left out, two where it comes twice.
    ///
    /// - Parameter local: seconds since 1970-01-01 00:00 on the local clock.
    func instants(showing local: Int64) -> [Int64] {
        var found: [Int64] = []
        var segment = segment(at: local - offsets.upperBound)
        while true {
            let instant = local - segment.offset
            if segment.start <= instant, instant < segment.end { found.append(instant) }
            guard segment.end <= local - offsets.lowerBound else { return found }
            segment = self.segment(at: segment.end)
        }
    }
}

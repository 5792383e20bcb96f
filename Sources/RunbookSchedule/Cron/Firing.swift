/// A planned time, with what a person is told of it.
public struct Firing: Sendable, Hashable {
    /// Seconds since 1970.
    public let unixSeconds: Int64
    /// The time in UTC: `2026-03-29T01:00:00Z`.
    public let utc: String
    /// The time on the zone's clocks: `2026-03-29T03:00:00+02:00`.
    public let local: String
    /// What a change of the clocks has to do with it, such as `02:30 does not exist on this day: the clocks go from 02:00
    /// to 03:00`; `nil` if nothing.
    public let note: String?

    /// Creates a firing.
    ///
    /// - Parameters:
    ///   - unixSeconds: when it is, in seconds since 1970.
    ///   - zone: whose clocks it is shown on.
    ///   - note: what a change of the clocks has to do with it. Default: nothing.
    public init(unixSeconds: Int64, in zone: TimeZoneRules, note: String? = nil) {
        self.unixSeconds = unixSeconds
        utc = InstantText.utc(unixSeconds)
        local = InstantText.local(unixSeconds, in: zone)
        self.note = note
    }
}

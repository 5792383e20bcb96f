/// What the clocks of a zone show at some time: how far from UTC, and under which name.
struct ZoneKind: Hashable {
    /// Seconds east of UTC.
    let offset: Int64
    /// Such as `CEST`.
    let abbreviation: String
}

/// A stretch of time in which a zone's clocks are not changed.
struct ZoneSegment {
    /// Its first second, since 1970; `Int64.min` if there is none.
    let start: Int64
    /// The first second after it; `Int64.max` if there is none.
    let end: Int64
    /// Seconds east of UTC.
    let offset: Int64
}

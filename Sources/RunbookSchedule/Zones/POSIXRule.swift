/// How a zone's clocks are set in the years to come, as `TZ` strings say it: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// Source: POSIX, "Environment Variables", and RFC 9636 for hours from -167 to 167.
struct POSIXRule: Hashable {
    /// Summer time, or in Ireland's law winter time.
    struct Saving: Hashable {
        let kind: ZoneKind
        /// When it begins, in standard time.
        let start: POSIXRuleDate
        /// When it ends, in its own time.
        let end: POSIXRuleDate
    }

    let standard: ZoneKind
    let saving: Saving?

    /// The two changes of a year, the earlier first; none if there is no saving.
    ///
    /// Each may fall into the last days of the year before or the first ones of the year after.
    func changes(in year: Int) -> [(instant: Int64, isSaving: Bool)] {
        guard let saving else { return [] }
        let start = (instant: saving.start.localSeconds(in: year) - standard.offset, isSaving: true)
        let end = (instant: saving.end.localSeconds(in: year) - saving.kind.offset, isSaving: false)
        return start.instant < end.instant ? [start, end] : [end, start]
    }
}

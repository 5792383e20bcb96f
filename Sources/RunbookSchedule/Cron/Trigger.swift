/// When something happens: at the times of a cron expression, every so often, or once.
public enum Trigger: Sendable, Hashable, CustomStringConvertible {
    /// At the times of an expression.
    case cron(CronExpression)
    /// Every so many seconds of real time, counted from an anchor; at least 1.
    case every(seconds: Int64)
    /// Once, at a time in seconds since 1970.
    case once(unixSeconds: Int64)

    /// Reads a trigger.
    ///
    /// - Parameters:
    ///   - text: a cron expression; `every 15m` (s, m, h, d, w, also several such as `1h30m`; a day is 24 hours of real
    ///     time); or `at` and a time as ``InstantText/read(_:zone:)`` takes it.
    ///   - zone: the zone of one-off times without an offset.
    /// - Throws: ``ScheduleFault`` that points at the part at fault.
    public init(_ text: String, zone: TimeZoneRules) throws(ScheduleFault) {
        let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
        let rest = words.count > 1 ? String(words[1]) : ""
        switch words.first?.lowercased() {
        case "every": self = .every(seconds: try IntervalText.read(rest, of: text))
        case "at": self = .once(unixSeconds: try InstantText.read(rest, zone: zone))
        default: self = .cron(try CronExpression(text))
        }
    }

    /// As it can be read again to the same trigger, in any zone.
    public var text: String {
        switch self {
        case .cron(let expression): expression.text
        case .every(let seconds): "every \(IntervalText.written(seconds))"
        case .once(let unixSeconds): "at \(InstantText.utc(unixSeconds))"
        }
    }

    /// Its text.
    public var description: String { text }

    /// The next firing that is strictly later than a time; `nil` if there is none ever again.
    ///
    /// - Parameters:
    ///   - unixSeconds: the time, in seconds since 1970.
    ///   - zone: whose clocks a cron expression means.
    ///   - anchor: where intervals are counted from, in seconds since 1970; the first firing there may be.
    /// - Returns: seconds since 1970.
    public func next(after unixSeconds: Int64, in zone: TimeZoneRules, anchor: Int64) -> Int64? {
        switch self {
        case .cron(let expression):
            return expression.next(after: unixSeconds, in: zone)
        case .once(let instant):
            return instant > unixSeconds ? instant : nil
        case .every(let seconds):
            guard unixSeconds >= anchor else { return anchor }
            let (passed, overflow) = unixSeconds.subtractingReportingOverflow(anchor)
            guard seconds > 0, !overflow else { return nil }
            let (next, isTooLate) = unixSeconds.addingReportingOverflow(seconds - passed % seconds)
            return isTooLate || next > InstantText.range.upperBound ? nil : next
        }
    }
}

import RunbookHost

/// A moment in UTC, to the millisecond.
struct Timestamp: Sendable, Hashable, CustomStringConvertible {
    /// Milliseconds since 1970.
    let unixMilliseconds: Int64

    /// This moment.
    static var now: Timestamp { Timestamp(unixMilliseconds: SystemClock().unixMilliseconds()) }

    /// `12:30:05`.
    var time: String {
        func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return [secondOfDay / 3_600, secondOfDay / 60 % 60, secondOfDay % 60].map(padded).joined(separator: ":")
    }

    /// `2024-05-01T12:30:05.123Z` (RFC 3339).
    var description: String {
        let fraction = String(1_000 + milliseconds).dropFirst()
        return "\(Day(unixSeconds: seconds))T\(time).\(fraction)Z"
    }

    private var milliseconds: Int64 { (unixMilliseconds % 1_000 + 1_000) % 1_000 }
    private var seconds: Int64 { (unixMilliseconds - milliseconds) / 1_000 }
    private var secondOfDay: Int64 { (seconds % 86_400 + 86_400) % 86_400 }
}

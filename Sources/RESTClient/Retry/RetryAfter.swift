/// The value of a `Retry-After` header (RFC 9110, 10.2.3).
enum RetryAfter {
    /// How long to wait, or `nil` if the value is neither a number of seconds nor an HTTP date.
    ///
    /// A date in the past is no wait at all.
    static func delay(_ value: String, unixMilliseconds now: Int64) -> Duration? {
        let text = value.split(separator: " ").joined(separator: " ")
        if !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x2f && $0 < 0x3a }) {
            // More digits than fit are longer than any cap.
            return .seconds(Int64(text).map { min($0, 1_000_000_000) } ?? 1_000_000_000)
        }
        return unixSeconds(httpDate: text).map { .milliseconds(max(0, $0 * 1000 - now)) }
    }

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that may be sent today.
    static func unixSeconds(httpDate text: String) -> Int64? {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == ":" || $0 == "," })
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard parts.count == 8, parts[7] == "GMT", let day = Int64(parts[1]), (1...31).contains(day),
            let month = months.firstIndex(of: String(parts[2])), let year = Int64(parts[3]),
            (1970...9999).contains(year), let hour = Int64(parts[4]), (0...23).contains(hour),
            let minute = Int64(parts[5]), (0...59).contains(minute), let second = Int64(parts[6]),
            (0...60).contains(second)
        else { return nil }
        return daysSince1970(year: year, month: Int64(month + 1), day: day) * 86400 + hour * 3600 + minute * 60 + second
    }

    /// Days since 1970-01-01 in the Gregorian calendar, counted from March so that the leap day comes last.
    static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468
    }
}

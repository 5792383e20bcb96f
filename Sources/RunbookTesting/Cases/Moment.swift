/// Reads moments as people write them in a test.
enum Moment {
    /// Milliseconds since 1970 of `2026-11-22`, `2026-11-22T10:00:00Z` or `2026-11-22T10:00:00.250Z`; `nil` for
    /// anything else.
    static func unixMilliseconds(_ text: String) -> Int64? {
        let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let day = days(parts[0]) else { return nil }
        guard parts.count == 2 else { return day * 86_400_000 }
        guard parts[1].last == "Z" else { return nil }
        let clock = parts[1].dropLast().split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 2, 0...23), let minute = number(clock[1], 2, 0...59) else {
            return nil
        }
        let seconds = clock[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let second = number(seconds[0], 2, 0...59) else { return nil }
        var milliseconds: Int64 = 0
        if seconds.count == 2 {
            guard let fraction = number(seconds[1], 3, 0...999) else { return nil }
            milliseconds = fraction
        }
        return ((day * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + milliseconds
    }

    private static func number(_ text: Substring, _ digits: Int, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int64(text),
            range.contains(value)
        else { return nil }
        return value
    }

    /// Days since 1970, counting years from March so that the leap day comes last.
    private static func days(_ text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[0], 4, 1970...9999), let month = number(parts[1], 2, 1...12),
            let day = number(parts[2], 2, 1...31)
        else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day <= lengths[Int(month) - 1] else { return nil }
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

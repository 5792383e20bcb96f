import Testing

@testable import RESTClient

@Suite("Retry-After")
struct RetryAfterTests {
    @Test(
        "seconds and dates are waits; anything else is none",
        arguments: [
            ("0", Duration.zero), ("7", .seconds(7)), (" 120 ", .seconds(120)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .milliseconds(37_000)),
            // In the past.
            ("Sun, 06 Nov 1994 08:48:59 GMT", .zero),
            ("99999999999999999999999", .seconds(1_000_000_000)),
            ("", nil), ("-1", nil), ("soon", nil), ("1.5", nil), ("Sun, 06 Nov 1994 08:49:37", nil),
            ("Sun, 32 Nov 1994 08:49:37 GMT", nil), ("Sun, 06 Foo 1994 08:49:37 GMT", nil),
        ] as [(String, Duration?)])
    func reads(value: String, expected: Duration?) {
        // 784111740 is 08:49:00 of that day.
        #expect(RetryAfter.delay(value, unixMilliseconds: 784_111_740_000) == expected)
    }

    @Test(
        "days are counted through leap years",
        arguments: [
            (1970, 1, 1, 0), (1970, 3, 1, 59), (2000, 2, 29, 11016), (2000, 3, 1, 11017), (2024, 12, 31, 20088),
            (2100, 3, 1, 47541),
        ] as [(Int64, Int64, Int64, Int64)])
    func days(year: Int64, month: Int64, day: Int64, expected: Int64) {
        #expect(RetryAfter.daysSince1970(year: year, month: month, day: day) == expected)
    }
}

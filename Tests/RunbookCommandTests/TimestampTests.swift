import Testing

@testable import runbook

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (951_827_696_007, "2000-02-29T12:34:56.007Z"),
        (1_714_521_599_999, "2024-04-30T23:59:59.999Z"), (-1, "1969-12-31T23:59:59.999Z"),
    ])
    func isWrittenInUTC(_ milliseconds: Int64, _ text: String) {
        let moment = Timestamp(unixMilliseconds: milliseconds)
        #expect(moment.description == text)
        #expect(moment.time == String(text.dropFirst(11).prefix(8)))
    }

    @Test func nowIsNow() {
        #expect(Timestamp.now.description >= "2024")
        #expect(Timestamp.now.unixMilliseconds <= Timestamp.now.unixMilliseconds)
    }
}

import Testing

@testable import RunbookTesting

@Suite("Moments in tests")
struct MomentTests {
    @Test(
        arguments: [
            ("1970-01-01", 0), ("2026-01-01T00:00:00Z", 1_767_225_600_000),
            ("2024-02-29T23:59:59.250Z", 1_709_251_199_250),
        ] as [(String, Int64)])
    func areRead(text: String, milliseconds: Int64) {
        #expect(Moment.unixMilliseconds(text) == milliseconds)
    }

    @Test(arguments: [
        "", "2026", "2025-02-29", "2026-01-01T00:00:00", "2026-01-01T24:00:00Z", "2026-13-01", "2026-01-01T0:0:0Z",
    ])
    func othersAreNone(text: String) { #expect(Moment.unixMilliseconds(text) == nil) }
}

import Testing

@testable import RunbookSchedule

@Suite("Clocks that jump, and looks that come late")
struct PulseTests {
    @Test func timeThatPassesAsExpectedIsNothing() {
        var pulse = Pulse()
        for second in 0..<100 as Range<Int64> {
            let reading = pulse.read(calendar: noon + second * 1_000, time: .seconds(second))
            #expect(reading.jump == 0 && reading.absence == 0)
            pulse.expect(in: 1_000)
        }
    }

    @Test(arguments: [-day, -3_000, 3_000, day])
    func aCalendarThatIsSetIsAJump(_ size: Int64) {
        var pulse = Pulse()
        _ = pulse.read(calendar: noon, time: .zero)
        pulse.expect(in: 1_000)
        #expect(pulse.read(calendar: noon + 1_000 + size, time: .seconds(1)).jump == size)
        // And once: afterwards it goes on from there.
        pulse.expect(in: 1_000)
        #expect(pulse.read(calendar: noon + 2_000 + size, time: .seconds(2)).jump == 0)
    }

    @Test(arguments: [-1_500, 1_500] as [Int64])
    func whatASlowMachineDoesIsNoJump(_ size: Int64) {
        var pulse = Pulse()
        _ = pulse.read(calendar: noon, time: .zero)
        #expect(pulse.read(calendar: noon + 1_000 + size, time: .seconds(1)).jump == 0)
    }

    @Test func aLookThatComesMuchLaterThanWantedIsAnAbsence() {
        var pulse = Pulse()
        _ = pulse.read(calendar: noon, time: .zero)
        pulse.expect(in: 60_000)
        #expect(pulse.read(calendar: noon + 69_000, time: .seconds(69)).absence == 0)
        pulse.expect(in: 1_000)
        let reading = pulse.read(calendar: noon + 100_000, time: .seconds(100))
        #expect(reading.absence == 30_000)
        #expect(reading.jump == 0)
    }
}

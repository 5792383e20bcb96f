internal import RunbookHost

/// Tells from two clocks, that of the calendar and that of time itself, whether one of them jumped or nobody looked.
struct Pulse {
    /// So much may be due to slow machines, in milliseconds.
    static let tolerance: Int64 = 2_000
    /// Whoever looks this much later than he wanted to was not there, in milliseconds.
    static let absence: Int64 = 10_000

    /// What became of the time since the last look.
    struct Reading {
        /// How much further the calendar went than time, in milliseconds, if that is much; 0 otherwise.
        var jump: Int64 = 0
        /// How much later than wanted this look is, in milliseconds, if that is much; 0 otherwise.
        var absence: Int64 = 0
    }

    private var calendar: Int64?
    private var time: Duration = .zero
    private var wanted: Duration = .zero

    /// Looks at both clocks.
    mutating func read(calendar now: Int64, time: Duration) -> Reading {
        var reading = Reading()
        if let calendar {
            let passed = (time - self.time).inMilliseconds
            let jump = now - calendar - passed
            if abs(jump) > Self.tolerance { reading.jump = jump }
            let late = (time - wanted).inMilliseconds
            if late > Self.absence { reading.absence = late }
        }
        calendar = now
        self.time = time
        wanted = time
        return reading
    }

    /// Notes that the next look is to be so much later.
    mutating func expect(in milliseconds: Int64) { wanted = time + .milliseconds(milliseconds) }
}

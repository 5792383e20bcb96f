/// How long a host waits for what a worker owes it, and how much it keeps meanwhile.
///
/// Time is counted in looks at the worker and not by the clock, so that a host that was itself held up, or suspended, does
/// not take its own delay for the worker's.
struct WorkerPatience: Sendable {
    /// Between two looks at a worker. Default: 500 ms.
    var interval: Duration = .milliseconds(500)
    /// Looks at which a worker may have not greeted yet. Default: 60, half a minute.
    var greeting = 60
    /// Looks at which a frame may be unfinished. Default: 20, ten seconds.
    var frame = 20
    /// Looks more for each mebibyte of the frame that is there. Default: 2, a second.
    var perMebibyte = 2
    /// How long a worker that closed its socket may live on. Default: 500 ms.
    var afterHangUp: Duration = .milliseconds(500)
    /// How long after the end of a worker its socket may stay open, if another process has got hold of it. Default: 2 s.
    var afterEnd: Duration = .seconds(2)
    /// Bytes of events that wait for the host; while there are more nothing is read, and the worker waits in its turn. What
    /// waits is still dealt with when a run is out of time, so this is also by how much a flood of log lines outlasts it.
    /// Default: 256 KiB.
    var waitingEvents = 256 << 10
    /// Bytes of answers that wait for a worker that does not read them, unless its memory limit is higher. Default: 64 MiB.
    var waitingAnswers = 64 << 20
}

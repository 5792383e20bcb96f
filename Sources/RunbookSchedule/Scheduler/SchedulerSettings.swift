/// How a scheduler goes about its work.
public struct SchedulerSettings: Sendable, Hashable {
    /// How many runs it carries at once. Default: 64.
    public var maximumRuns: Int
    /// How long runs may go on once it is to leave, in milliseconds. Default: 30 s.
    public var drain: Int64
    /// How often it looks for what others have changed, in milliseconds. Default: 1 s.
    public var poll: Int64
    /// How often it shows that it lives, in milliseconds. Default: 5 s.
    public var beat: Int64
    /// How long another must have shown nothing to be given up, in milliseconds: longer than a run's lease and a beat
    /// together, so that one that wakes up knows that it has lost its runs. Default: 40 s.
    public var silence: Int64
    /// How often it reads the time zones again and plans by them what comes next, in milliseconds; also when it begins. `nil`
    /// for only when it is asked to. Default: a day.
    public var replan: Int64?
    /// How many schedules are looked at together. Default: 500.
    public var batch: Int

    /// Settings; see the members for the defaults.
    public init(
        maximumRuns: Int = 64, drain: Int64 = 30_000, poll: Int64 = 1_000, beat: Int64 = 5_000,
        silence: Int64 = 40_000, replan: Int64? = 86_400_000, batch: Int = 500
    ) {
        self.maximumRuns = maximumRuns
        self.drain = drain
        self.poll = poll
        self.beat = beat
        self.silence = silence
        self.replan = replan
        self.batch = batch
    }
}

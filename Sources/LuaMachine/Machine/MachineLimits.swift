/// What one run may use of the machine it runs on.
public struct MachineLimits: Sendable, Hashable {
    /// Bytes that the script holds, with the replies and arguments on their way. Default: 128 MiB, so that runaway recursion
    /// ends as a stack overflow first.
    public var memory: Int
    /// Length of a source text in bytes, of the runbook and of what it passes to `load`. Default: 1 MiB.
    public var source: Int
    /// Bytes of log lines in all. Default: 16 MiB.
    public var log: Int
    /// Bytes of the result as JSON. Default: 16 MiB.
    public var result: Int
    /// Tasks that `parallel` keeps alive at once. Default: 2,000.
    public var tasks: Int

    /// Limits; see the members for the defaults.
    public init(
        memory: Int = 128 << 20, source: Int = 1 << 20, log: Int = 16 << 20, result: Int = 16 << 20,
        tasks: Int = 2_000
    ) {
        self.memory = memory
        self.source = source
        self.log = log
        self.result = result
        self.tasks = tasks
    }
}

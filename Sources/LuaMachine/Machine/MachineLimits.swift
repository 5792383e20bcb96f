/// What one run may use of the machine it runs on.
public struct MachineLimits: Sendable, Hashable {
    /// Lua memory in bytes. Default: 128 MiB, so that runaway recursion ends as a stack overflow first.
    public var memory: Int
    /// Length of a source text in bytes, of the runbook and of what it passes to `load`. Default: 1 MiB.
    public var source: Int
    /// Bytes of arguments, log lines and result put out in all. Default: 64 MiB.
    public var output: Int
    /// Tasks that `parallel` keeps alive at once. Default: 2,000.
    public var tasks: Int

    /// Limits; see the members for the defaults.
    public init(
        memory: Int = 128 << 20, source: Int = 1 << 20, output: Int = 64 << 20, tasks: Int = 2_000
    ) {
        self.memory = memory
        self.source = source
        self.output = output
        self.tasks = tasks
    }
}

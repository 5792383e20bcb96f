internal import Operations

/// What a run has used of its limits.
struct Budget: Sendable {
    var limits: RunLimits
    private(set) var calls = 0
    private(set) var changes = 0
    private(set) var log = 0

    init(_ limits: RunLimits) { self.limits = limits }

    /// Counts a call that is about to be made.
    ///
    /// - Returns: the limit that it would pass, and then nothing is counted.
    mutating func spend(_ effect: EffectClass) -> ExceededLimit? {
        if calls >= limits.calls { return ExceededLimit(name: "calls", allowed: "\(limits.calls) calls") }
        if effect.isChange, changes >= limits.changes {
            return ExceededLimit(
                name: "changes", allowed: limits.changes == 1 ? "1 change" : "\(limits.changes) changes")
        }
        calls += 1
        if effect.isChange { changes += 1 }
        return nil
    }

    /// Counts a log line.
    mutating func spend(logBytes bytes: Int) -> ExceededLimit? {
        log += bytes
        return log > limits.log ? ExceededLimit(name: "log", allowed: "\(limits.log.readableBytes) of log lines") : nil
    }
}

/// A limit that a run has reached.
struct ExceededLimit: Sendable, Hashable {
    let name: String
    let allowed: String
}

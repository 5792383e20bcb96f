internal import Operations

/// What a run has used of its limits.
struct Budget: Sendable {
    var limits: RunLimits
    private(set) var calls = 0
    private(set) var changes = 0
    private var secrets = 0
    /// Changes that are promised to functions under way.
    private(set) var reserved = 0

    init(_ limits: RunLimits) { self.limits = limits }

    /// Counts a call that is about to be made.
    ///
    /// - Returns: the limit that it would pass, and then nothing is counted.
    ///
    /// - Parameter isReserved: whether the change was promised by ``reserve(changes:)``.
    mutating func spend(_ effect: EffectClass, isReserved: Bool = false) -> ReachedLimit.Name? {
        if isReserved, effect.isChange, reserved > 0 {
            reserved -= 1
            changes += 1
            calls += 1
            return nil
        }
        if calls >= limits.calls { return .calls }
        if effect.isChange, changes + reserved >= limits.changes { return .changes }
        calls += 1
        if effect.isChange { changes += 1 }
        return nil
    }

    /// Counts a secret that is about to be made: they are kept to the end of the run, as many as calls may be made.
    mutating func spendSecret() -> ReachedLimit.Name? {
        if secrets >= limits.calls { return .calls }
        secrets += 1
        return nil
    }

    /// Takes back a call that was counted and, since the run has ended, never sent.
    mutating func takeBack(_ effect: EffectClass) {
        calls -= 1
        if effect.isChange { changes -= 1 }
    }

    /// Promises so many changes to a function that needs them all.
    ///
    /// - Returns: the limit that they would pass, and then nothing is promised.
    mutating func reserve(changes more: Int) -> ReachedLimit.Name? {
        guard more <= limits.changes - changes - reserved else { return .changes }
        reserved += more
        return nil
    }

    /// Takes back what was promised and not used.
    mutating func release(changes unused: Int) { reserved = max(0, reserved - unused) }
}

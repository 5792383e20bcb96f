/// What goes wrong, and how often. Each probability is a share of all requests, from 0 to 1; a request has one fault
/// at most. Which requests are hit follows from the simulator's seed and the order in which they arrive.
public struct Faults: Sendable {
    /// See ``Fault/resetBefore``. Default: 0.
    public var resetBefore: Double
    /// See ``Fault/resetAfter``. Default: 0.
    public var resetAfter: Double
    /// See ``Fault/tooMany``. Default: 0.
    public var tooMany: Double
    /// See ``Fault/status(_:)`` with 503. Default: 0.
    public var unavailable: Double
    /// See ``Fault/truncate``. Default: 0.
    public var truncate: Double
    /// See ``Fault/slow``. Default: 0.
    public var slow: Double
    /// What befalls the first requests, one after the other, before the probabilities apply. Default: empty.
    public var script: [Fault]
    /// Seconds in the `Retry-After` of 429 and 503; `nil` leaves the header out. Default: 1.
    public var retryAfter: Int?
    /// How long a slow body takes as a whole. Default: one second.
    public var slowness: Duration
    /// Which requests can be hit, by method and path; others neither are nor use up the script. Default: all.
    public var applies: @Sendable (_ method: String, _ path: String) -> Bool

    /// Faults; without arguments, none.
    public init(
        resetBefore: Double = 0, resetAfter: Double = 0, tooMany: Double = 0, unavailable: Double = 0,
        truncate: Double = 0, slow: Double = 0, script: [Fault] = [], retryAfter: Int? = 1,
        slowness: Duration = .seconds(1),
        applies: @escaping @Sendable (_ method: String, _ path: String) -> Bool = { _, _ in true }
    ) {
        self.resetBefore = resetBefore
        self.resetAfter = resetAfter
        self.tooMany = tooMany
        self.unavailable = unavailable
        self.truncate = truncate
        self.slow = slow
        self.script = script
        self.retryAfter = retryAfter
        self.slowness = slowness
        self.applies = applies
    }

    /// Whether nothing ever goes wrong.
    var areNone: Bool {
        script.isEmpty && [resetBefore, resetAfter, tooMany, unavailable, truncate, slow].allSatisfy { $0 <= 0 }
    }

    /// The fault that a draw from 0 to 1 stands for.
    func fault(for draw: Double) -> Fault {
        var rest = draw
        let shares: [(Double, Fault)] = [
            (resetBefore, .resetBefore), (resetAfter, .resetAfter), (tooMany, .tooMany), (unavailable, .status(503)),
            (truncate, .truncate), (slow, .slow),
        ]
        for (share, fault) in shares {
            rest -= share
            if rest < 0 { return fault }
        }
        return .none
    }
}

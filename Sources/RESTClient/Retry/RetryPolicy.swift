/// How often and after what waits a call is tried again. Whether it may be is up to the operation's effect class.
public struct RetryPolicy: Sendable, Hashable {
    /// Requests in all, the first one included. Default: 4.
    public var maximumAttempts: Int
    /// The longest wait before the second attempt; it doubles with each further one. Default: 200 ms.
    public var baseDelay: Duration
    /// The longest wait that the policy itself chooses. Default: 10 s.
    public var maximumDelay: Duration
    /// The longest wait that a server's `Retry-After` can ask for; if it asks for more the call fails. Default: 60 s.
    public var maximumRetryAfter: Duration
    /// No attempt is begun later than this after the call. Default: 2 min.
    public var deadline: Duration

    /// A policy.
    public init(
        maximumAttempts: Int = 4, baseDelay: Duration = .milliseconds(200), maximumDelay: Duration = .seconds(10),
        maximumRetryAfter: Duration = .seconds(60), deadline: Duration = .seconds(120)
    ) {
        self.maximumAttempts = maximumAttempts
        self.baseDelay = baseDelay
        self.maximumDelay = maximumDelay
        self.maximumRetryAfter = maximumRetryAfter
        self.deadline = deadline
    }

    /// One attempt only.
    public static let never = RetryPolicy(maximumAttempts: 1)
}

extension RetryPolicy {
    /// How long to wait after the attempt that failed, or `nil` for not another one.
    ///
    /// The wait is anything up to a bound that doubles ("full jitter"), so that many calls refused at once do not come
    /// back at once. What the server asked for is the least.
    ///
    /// - Parameters:
    ///   - attempt: the attempt that failed, from 1.
    ///   - elapsed: the time since the call began.
    ///   - random: 64 random bits.
    func delay(afterAttempt attempt: Int, retryAfter: Duration?, elapsed: Duration, random: UInt64) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        if let retryAfter, retryAfter > maximumRetryAfter { return nil }
        let bound = min(maximumDelay, baseDelay * (1 << min(attempt - 1, 20)))
        // 53 bits are what a Double holds exactly.
        let fraction = Double(random >> 11) / Double(1 << 53)
        let delay = retryAfter.map { $0 + min(bound, baseDelay) * fraction } ?? bound * fraction
        return elapsed + delay <= deadline ? delay : nil
    }
}

internal import LuaMachine

/// Time as a run reads it. Tests bring their own.
public protocol RunClock: Sendable {
    /// Milliseconds since 1970, UTC.
    func unixMilliseconds() -> Int64
    /// Time since some fixed moment, never running backwards.
    func monotonic() -> Duration
    /// Waits; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
public struct SystemClock: RunClock {
    private let start = ContinuousClock.now
    private let alarm = AlarmThread()

    /// The machine's clock.
    public init() {}

    /// See ``RunClock/unixMilliseconds()``.
    public func unixMilliseconds() -> Int64 { SystemTime.unixMilliseconds }

    /// See ``RunClock/monotonic()``.
    public func monotonic() -> Duration { ContinuousClock.now - start }

    /// See ``RunClock/sleep(for:)``.
    public func sleep(for duration: Duration) async throws { try await alarm.sleep(for: duration) }
}

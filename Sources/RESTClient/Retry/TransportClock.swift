#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The time as the transport needs it; a test brings its own.
public protocol TransportClock: Sendable {
    /// The time since any fixed moment; it never runs backwards.
    var now: Duration { get }
    /// Milliseconds since 1970 in UTC: for Xpanse's signatures, and `Retry-After` with a date.
    var unixMilliseconds: Int64 { get }
    /// Waits.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's own time.
public struct SystemTransportClock: TransportClock {
    private let start = ContinuousClock.now

    /// The machine's own time.
    public init() {}

    /// The time since this value was made.
    public var now: Duration { ContinuousClock.now - start }

    /// Milliseconds since 1970 in UTC.
    public var unixMilliseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Waits.
    public func sleep(for duration: Duration) async throws { try await ContinuousClock().sleep(for: duration) }
}

internal import CRunbookVM

/// The system's clock. Foundation's would make every program search its protocol conformances at the start.
public enum SystemTime {
    /// Milliseconds since 1970, UTC.
    public static var unixMilliseconds: Int64 { rb_unix_milliseconds() }
    /// Microseconds of the clock that never runs backwards and stands still while the machine is suspended:
    /// `CLOCK_MONOTONIC`.
    public static var monotonicMicroseconds: Int64 { rb_monotonic_microseconds() }
}

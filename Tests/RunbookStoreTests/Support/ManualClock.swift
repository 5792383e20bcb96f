import Synchronization

/// A time that stands still until it is told to go on.
final class ManualClock: Sendable {
    private let time = Atomic<Int64>(1_700_000_000_000)

    /// Milliseconds since 1970.
    var now: Int64 { time.load(ordering: .relaxed) }

    func wait(milliseconds: Int64) { time.wrappingAdd(milliseconds, ordering: .relaxed) }
}

internal import ConsoleModel
internal import FoundationEssentials

/// The time that the simulator writes in its ledger and checks signatures against, and how it waits.
public struct SimulatorClock: Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: @Sendable () -> Int64
    /// Waits; throws when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// A clock of one's own.
    public init(
        milliseconds: @escaping @Sendable () -> Int64, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.milliseconds = milliseconds
        self.sleep = sleep
    }

    /// The system's.
    public static let system = SimulatorClock(
        milliseconds: { Int64(Date().timeIntervalSince1970 * 1000) },
        sleep: { try await Task.sleep(for: $0) })

    var now: Timestamp { Timestamp(milliseconds: milliseconds()) }
}

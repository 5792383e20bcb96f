import RESTClient
import Synchronization

/// A clock that stands still but for the waits it is asked for, which it notes down and ends at once.
final class VirtualClock: TransportClock {
    private struct State {
        var now = Duration.zero
        var waits: [Duration] = []
    }

    private let state = Mutex(State())
    private let epoch: Int64
    private let onSleep: @Sendable (Int) async throws -> Void

    /// A clock.
    ///
    /// - Parameters:
    ///   - epoch: the wall clock at the start, in milliseconds since 1970.
    ///   - onSleep: called during each wait with its number, from 1.
    init(epoch: Int64 = 784_111_740_000, onSleep: @escaping @Sendable (Int) async throws -> Void = { _ in }) {
        self.epoch = epoch
        self.onSleep = onSleep
    }

    var now: Duration { state.withLock { $0.now } }
    var unixMilliseconds: Int64 { epoch + Int64(now / .milliseconds(1)) }
    /// The waits so far.
    var waits: [Duration] { state.withLock { $0.waits } }

    func sleep(for duration: Duration) async throws {
        let number = state.withLock { state in
            state.now += duration
            state.waits.append(duration)
            return state.waits.count
        }
        try await onSleep(number)
    }
}

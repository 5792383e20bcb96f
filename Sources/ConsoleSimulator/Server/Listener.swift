import NIOCore
import NIOPosix
import Synchronization

/// The port on which a simulator accepts connections.
final class Listener: Sendable {
    private enum State {
        case starting
        case listening(any Channel)
        case closing(Task<Void, Never>)
    }

    private let threads: MultiThreadedEventLoopGroup
    private let state = Mutex(State.starting)

    /// - Parameter threads: what the connections live on.
    init(_ threads: MultiThreadedEventLoopGroup) { self.threads = threads }

    /// Whether ``close(andThen:)`` was called.
    var isClosed: Bool {
        state.withLock { state in
            if case .closing = state { true } else { false }
        }
    }

    /// Notes that connections are accepted on `channel`.
    func began(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if case .closing = state { return true }
            state = .listening(channel)
            return false
        }
        if isClosed { channel.close(promise: nil) }
    }

    /// Accepts no more connections, lets the server take those up that were accepted, and then does `work`.
    func close(andThen work: @escaping @Sendable () -> Void) {
        state.withLock { state in
            var channel: (any Channel)?
            if case .listening(let open) = state { channel = open }
            let threads = threads
            state = .closing(
                Task { [channel] in
                    try? await channel?.close()
                    for _ in 1...3 {
                        for loop in threads.makeIterator() { try? await loop.submit {}.get() }
                        await Task.yield()
                    }
                    work()
                })
        }
    }

    /// Waits for that, if it has begun: the threads must not end before.
    func waitUntilClosed() async {
        let closing = state.withLock { state -> Task<Void, Never>? in
            if case .closing(let task) = state { task } else { nil }
        }
        await closing?.value
    }
}

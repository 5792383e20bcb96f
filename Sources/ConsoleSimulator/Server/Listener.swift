import NIOCore
import NIOPosix
import Synchronization

/// The port on which a simulator accepts connections.
final class Listener: Sendable {
    private enum State {
        case starting
        case listening(any Channel)
        case closed
    }

    private let threads: MultiThreadedEventLoopGroup
    private let state = Mutex(State.starting)

    /// - Parameter threads: what the connections live on.
    init(_ threads: MultiThreadedEventLoopGroup) { self.threads = threads }

    /// Whether ``close()`` was called.
    var isClosed: Bool {
        state.withLock { state in
            if case .closed = state { true } else { false }
        }
    }

    /// Notes that connections are accepted on `channel`.
    func began(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if case .closed = state { return true }
            state = .listening(channel)
            return false
        }
        if isClosed { channel.close(promise: nil) }
    }

    /// Accepts no more connections, and lets the server take those up that were accepted.
    func close() async {
        let channel = state.withLock { state -> (any Channel)? in
            defer { state = .closed }
            if case .listening(let channel) = state { return channel }
            return nil
        }
        try? await channel?.close()
        for _ in 1...3 {
            for loop in threads.makeIterator() { try? await loop.submit {}.get() }
            await Task.yield()
        }
    }
}

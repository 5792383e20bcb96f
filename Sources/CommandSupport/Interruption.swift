internal import Dispatch
internal import Glibc
internal import Synchronization

/// Where the handler of signals tells that one came. Signals belong to the process, and so does this.
private let listener = Atomic<Int32>(-1)

/// Turns Ctrl-C and SIGTERM into a call; the second one ends the program at once.
///
/// A program may have one after the other: what a source of libdispatch does is not enough, which takes a signal up only
/// the first time.
package final class Interruption {
    private let source: (any DispatchSourceRead)?
    private let writer: Int32
    /// Who listened before, and what the signals meant then.
    private let earlier: (listener: Int32, actions: [(number: Int32, action: sigaction)])

    /// Listens from now on.
    ///
    /// - Parameter action: called once, for the first signal, on a thread of its own choice.
    package init(_ action: @escaping @Sendable () -> Void) {
        var ends: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else {
            // Without descriptors left the signals keep their meaning: better to end at once than never.
            (source, writer, earlier) = (nil, -1, (-1, []))
            return
        }
        let (reader, writer) = (ends[0], ends[1])
        self.writer = writer
        let source = DispatchSource.makeReadSource(fileDescriptor: reader, queue: .global())
        let wasAsked = Mutex(false)
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 16)
            let count = read(reader, &bytes, bytes.count)
            for _ in 0..<max(0, count) {
                let isFirst = wasAsked.withLock { asked in
                    defer { asked = true }
                    return !asked
                }
                if isFirst { action() } else { _exit(ExitStatus.interrupted.rawValue) }
            }
        }
        source.setCancelHandler { close(reader) }
        source.resume()
        self.source = source
        let before = listener.exchange(writer, ordering: .sequentiallyConsistent)
        var actions: [(number: Int32, action: sigaction)] = []
        for number in [SIGINT, SIGTERM] {
            var new = sigaction(), old = sigaction()
            new.__sigaction_handler.sa_handler = { _ in
                let kept = errno
                var byte: UInt8 = 1
                _ = write(listener.load(ordering: .sequentiallyConsistent), &byte, 1)
                errno = kept
            }
            new.sa_flags = SA_RESTART
            sigaction(number, &new, &old)
            actions.append((number, old))
        }
        earlier = (before, actions)
    }

    /// Gives the signals the meaning again that they had before.
    package func end() {
        guard let source else { return }
        for entry in earlier.actions {
            var action = entry.action
            sigaction(entry.number, &action, nil)
        }
        listener.store(earlier.listener, ordering: .sequentiallyConsistent)
        source.cancel()
        close(writer)
    }
}

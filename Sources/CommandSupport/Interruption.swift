internal import Dispatch
internal import Glibc
internal import Synchronization

/// Turns Ctrl-C and SIGTERM into a call; the second one ends the program at once.
package final class Interruption {
    /// Whether a signal has come already.
    private final class Asked: Sendable {
        private let wasAsked = Mutex(false)

        func isFirst() -> Bool {
            wasAsked.withLock { asked in
                defer { asked = true }
                return !asked
            }
        }
    }

    private let sources: [any DispatchSourceSignal]

    /// Listens from now on.
    ///
    /// - Parameter action: called once, for the first signal, on a thread of its own choice.
    package init(_ action: @escaping @Sendable () -> Void) {
        let asked = Asked()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if asked.isFirst() { action() } else { _exit(ExitStatus.interrupted.rawValue) }
            }
            source.resume()
            return source
        }
    }

    /// Gives the signals their usual meaning again.
    package func end() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}

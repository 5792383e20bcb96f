internal import Synchronization

/// Takes what is told to a line from any thread, and wakes the one that edits it.
final class Mailbox: Sendable {
    private let mail = Mutex<[Mail]>([])
    private let terminal: any Terminal

    init(terminal: any Terminal) { self.terminal = terminal }

    func post(_ item: Mail) {
        mail.withLock { $0.append(item) }
        terminal.wake()
    }

    /// All that was posted since.
    func take() -> [Mail] {
        mail.withLock { mail in
            defer { mail = [] }
            return mail
        }
    }
}

import NIOCore
import Synchronization

/// The requests that were handed to the HTTP client and have not been written to a connection.
///
/// This is how ``APIError/delivery`` is known rather than guessed from an error's name. The HTTP client queues a
/// request, may open a connection for it, and tells nobody when it writes it. So each request carries a ticket in a
/// header that never reaches the wire; ``ExchangeHandler`` claims the ticket at the moment it lets the request through.
/// A ticket can be claimed or withdrawn, not both: one that could be withdrawn was surely not sent, and can no longer
/// be.
final class ExchangeRegistry: Sendable {
    /// The header that carries the ticket from the caller to the connection.
    static let header = "runbook-exchange"

    private struct State {
        var next: UInt64 = 0
        var deadlines: [UInt64: NIODeadline] = [:]
    }

    private let state = Mutex(State())

    /// A ticket for a request that must be answered in full by `deadline`.
    func issue(deadline: NIODeadline) -> UInt64 {
        state.withLock { state in
            state.next &+= 1
            state.deadlines[state.next] = deadline
            return state.next
        }
    }

    /// Takes the ticket for a request about to be written.
    ///
    /// - Returns: its deadline, or `nil` if the ticket was withdrawn: the request must not be written.
    func claim(_ ticket: UInt64) -> NIODeadline? {
        state.withLock { $0.deadlines.removeValue(forKey: ticket) }
    }

    /// Takes the ticket back.
    ///
    /// - Returns: whether it was still there: the request was not written and never will be.
    func withdraw(_ ticket: UInt64) -> Bool { claim(ticket) != nil }
}

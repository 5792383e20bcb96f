import NIOCore
import NIOHTTP1

/// One request on its way to its reply. Only its event loop touches it.
final class Exchange {
    /// A reply as it came, whatever its status.
    struct Reply: Sendable {
        let status: Int
        let headers: HTTPHeaders
        var body: [UInt8]
    }

    /// An exchange that did not end with a reply.
    struct Broken: Error {
        let error: any Error
        /// Whether the request was given to a connection.
        let wasWritten: Bool
        /// What there is of the reply, if it had begun.
        let reply: Reply?
    }

    typealias Outcome = Result<Reply, Broken>

    let id: UInt64
    let head: HTTPRequestHead
    let body: [UInt8]?
    /// From its turn to the last byte of its reply.
    let timeout: TimeAmount
    /// Asked when its turn has come: whether it is to be sent at all.
    let isWanted: @Sendable () -> Bool
    /// Known once its turn has come.
    var deadline = NIODeadline.distantFuture
    private var completion: (@Sendable (Outcome) -> Void)?

    init(
        id: UInt64, head: HTTPRequestHead, body: [UInt8]?, timeout: TimeAmount,
        isWanted: @escaping @Sendable () -> Bool, completion: @escaping @Sendable (Outcome) -> Void
    ) {
        self.id = id
        self.head = head
        self.body = body
        self.timeout = timeout
        self.isWanted = isWanted
        self.completion = completion
    }

    /// Whether its outcome has been told.
    var isOver: Bool { completion == nil }

    /// Tells the outcome; what comes after the first one is dropped.
    func end(_ outcome: Outcome) { completion.take()?(outcome) }

    /// Tells that it failed before any of it was given to a connection.
    func endUnsent(_ error: any Error) { end(.failure(Broken(error: error, wasWritten: false, reply: nil))) }
}

import Operations
import Synchronization

/// A console that a closure pretends to be, and that remembers what it was sent.
final class PretendedTransport: Transport {
    typealias Answer = @Sendable (OperationCall) async throws(APIError) -> JSONValue
    private let answer: Answer
    private let log = Mutex<[String]>([])

    init(_ answer: @escaping Answer = { _ throws(APIError) in [:] }) { self.answer = answer }

    /// The names of the operations, in the order in which they came.
    var sent: [String] { log.withLock { $0 } }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        log.withLock { $0.append(call.operation.name) }
        return OperationReply(body: try await answer(call).bytes(revealingSecrets: true))
    }
}

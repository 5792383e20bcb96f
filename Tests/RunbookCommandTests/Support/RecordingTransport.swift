import Operations
import RESTClient
import Synchronization

/// Sends every call on and remembers it.
final class RecordingTransport: Transport {
    private let next: any Transport
    private let log = Mutex<[OperationCall]>([])

    init(_ next: any Transport) { self.next = next }

    /// The calls so far, in the order they were made.
    var calls: [OperationCall] { log.withLock { $0 } }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        log.withLock { $0.append(call) }
        return try await next.send(call)
    }
}

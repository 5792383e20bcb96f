import FoundationEssentials
import Operations

/// Answers every call at once with the same bytes.
struct InstantTransport: Transport {
    private let body: [UInt8]

    /// - Parameter path: a file that holds the bytes.
    init(replyingWith path: String) throws { body = Array(try Data(contentsOf: URL(filePath: path))) }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply { OperationReply(body: body) }
}

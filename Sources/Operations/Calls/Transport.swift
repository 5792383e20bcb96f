/// What carries a call to where it is carried out: HTTPS, a recording, a test's own answers.
public protocol Transport: Sendable {
    /// What it logs in with: never given to a script, and taken out of whatever is shown or kept.
    ///
    /// Default: nothing. One that wraps another must hand that one's on.
    var secrets: [SecretValue] { get }

    /// Carries out one call, with whatever retries the operation's effect class allows.
    ///
    /// Cancelling the task abandons the call: it throws as soon as it can, with ``APIError/delivery`` telling whether
    /// the request may have reached the server.
    ///
    /// - Returns: the answer of a call that succeeded; its body is JSON or empty.
    /// - Throws: ``APIError`` for everything else.
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply

    /// The same for a call that may lose its reason while it waits for its turn.
    ///
    /// - Parameters:
    ///   - call: the call.
    ///   - isWanted: asked before each attempt, right before anything is sent; after `false` nothing is.
    /// - Throws: ``APIError``; ``APIError/delivery`` is `notSent` if no attempt was made.
    func send(
        _ call: OperationCall, isWanted: @escaping @Sendable () -> Bool
    ) async throws(APIError) -> OperationReply
}

extension Transport {
    /// Nothing.
    public var secrets: [SecretValue] { [] }

    /// For transports that send at once: asks once. One that wraps another must hand the question on to it.
    public func send(
        _ call: OperationCall, isWanted: @escaping @Sendable () -> Bool
    ) async throws(APIError) -> OperationReply {
        guard isWanted() else {
            throw APIError(
                .network, operation: call.operation.name, message: "the run has ended before it; nothing was sent")
        }
        return try await send(call)
    }
}

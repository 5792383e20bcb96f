/// What carries a call to where it is carried out: HTTPS, a recording, a test's own answers.
public protocol Transport: Sendable {
    /// Carries out one call, with whatever retries the operation's effect class allows.
    ///
    /// Cancelling the task abandons the call: it throws as soon as it can, with ``APIError/delivery`` telling whether
    /// the request may have reached the server.
    ///
    /// - Returns: the answer of a call that succeeded; its body is JSON or empty.
    /// - Throws: ``APIError`` for everything else.
    func send(_ call: OperationCall) async throws(APIError) -> OperationReply
}

/// The server's answer to a call that succeeded.
public struct OperationReply: Sendable, Hashable {
    /// The HTTP status, 200 to 299.
    public let status: Int
    /// The body: JSON as the server sent it, or empty. It may hold a secret: never log it.
    public let body: [UInt8]
    /// How many requests it took, from 1.
    public let attempts: Int

    /// An answer.
    ///
    /// - Parameters:
    ///   - status: Default: 200.
    ///   - body: see ``body``.
    ///   - attempts: Default: 1.
    public init(status: Int = 200, body: [UInt8], attempts: Int = 1) {
        self.status = status
        self.body = body
        self.attempts = attempts
    }
}

extension OperationReply: CustomStringConvertible, CustomReflectable {
    /// `status 200, 345 bytes, 1 attempt`: safe to log.
    public var description: String {
        "status \(status), \(body.count) bytes, \(attempts == 1 ? "1 attempt" : "\(attempts) attempts")"
    }

    /// Without the body, so that `dump` and test failures do not show it either.
    public var customMirror: Mirror { Mirror(self, children: ["reply": description]) }
}

/// What the status server answers.
struct StatusReply: Sendable, Hashable {
    /// The status, such as 200.
    var status: Int
    /// The media type of the body.
    var contentType: String
    /// The body.
    var body: String

    /// A reply.
    ///
    /// - Parameters:
    ///   - status: Default: 200.
    ///   - contentType: Default: plain text.
    init(_ body: String, status: Int = 200, contentType: String = "text/plain; charset=utf-8") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

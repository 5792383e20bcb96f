/// A question for candidates.
public struct CompletionRequest: Hashable, Sendable {
    /// The text when it was asked.
    public let text: String
    /// The cursor's offset in the text's UTF-8 when it was asked.
    public let cursor: Int
    /// Tells one state of the text from another: an answer to an older one is dropped.
    let revision: Int

    /// The text before the cursor.
    public var textBeforeCursor: Substring { text.slice(0..<cursor) }
}

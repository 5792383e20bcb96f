/// What a webhook's receiver answered.
package struct WebhookReply: Sendable, Hashable {
    /// The status, such as 204.
    package let status: Int
    /// How long it asks to wait; `nil` if it does not.
    package let retryAfter: Duration?
}

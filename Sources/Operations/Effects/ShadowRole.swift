/// What is known of a role, and whether the plan has changed it.
struct ShadowRole: Sendable {
    /// Where the role exists.
    enum Existence: Sendable, Hashable {
        /// On the server.
        case live
        /// Only in the plan.
        case planned
        /// Not any more.
        case deleted
    }

    var existence = Existence.live
    /// The document as it is after the changes.
    var document: JSONValue?
    /// Whether the document differs from the server's.
    var isChanged = false
    /// Who had the role on the server when it was looked at; `nil` if nobody has looked.
    var liveUsers: Set<Int64>?

    /// The privileges that it grants.
    var privileges: [JSONValue]? { document.map { $0["privileges"]?.arrayValue ?? [] } }
}

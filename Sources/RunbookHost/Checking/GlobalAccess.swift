/// One place in a script where a global, or a member of a global table, is named.
public struct GlobalAccess: Sendable, Hashable {
    /// What the script does there.
    public enum Kind: Sendable, Hashable {
        /// Reads it: `users.get`.
        case read
        /// Calls it with a colon: `users:get(7)`.
        case method
        /// Assigns to it: `users.get = nil`.
        case write
        /// Reads or assigns to a member of it whose name is known only when the script runs: `users[name]`.
        case computed
    }

    /// What the script does there.
    public let kind: Kind
    /// The names from the global on: `["users", "get"]`. `_G.users` and `_ENV.users` are `["users"]`. Empty for a global whose
    /// name is computed: `_G[name]`.
    public let path: [String]
    /// The line, from 1.
    public let line: Int
    /// Whether a member of what was read here was named later. If not, the value went somewhere that was not followed:
    /// `pairs(users)`.
    public internal(set) var isFollowed: Bool

    /// The path as a script writes it: `users.get`.
    public var name: String { path.joined(separator: ".") }
}

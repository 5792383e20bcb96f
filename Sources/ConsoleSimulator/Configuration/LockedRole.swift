/// So many users of one role to be locked, all of them enabled, and the others of that role to be unlocked.
public struct LockedRole: Sendable, Hashable {
    /// The role's id.
    public var role: String
    /// How many.
    public var count: Int

    /// So many of this role.
    public init(role: String, count: Int) {
        self.role = role
        self.count = count
    }
}

/// Something at the target that a person calls by name: a user, a role.
struct TargetName: Sendable, Hashable {
    /// The identifier, as text: `7`, `security-manager`.
    let id: String
    /// A user's login; empty for others.
    let login: String
    /// What people call it; may be empty.
    let name: String

    /// A name. Default: no login, no name.
    init(id: String, login: String = "", name: String = "") {
        self.id = id
        self.login = login
        self.name = name
    }
}

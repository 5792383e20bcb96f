/// Where users' passwords are checked.
struct AuthenticationSource: Sendable, Hashable {
    let id: Int32
    let name: String
    /// `normal`, `admin`, `ldap`, `kerberos`, `saml`; newer consoles may add others.
    let type: String
    let isExternal: Bool

    init(_ id: Int32, _ name: String, _ type: String, isExternal: Bool) {
        self.id = id
        self.name = name
        self.type = type
        self.isExternal = isExternal
    }

    /// Global administrators with a local password.
    static let administrators: Int32 = 1
    /// Everyone else with a local password.
    static let normal: Int32 = 2

    static let all = [
        AuthenticationSource(administrators, "Builtin Administrators", "admin", isExternal: false),
        AuthenticationSource(normal, "Builtin Users", "normal", isExternal: false),
        AuthenticationSource(3, "Corporate Directory", "ldap", isExternal: true),
        AuthenticationSource(4, "Corporate Realm", "kerberos", isExternal: true),
        AuthenticationSource(5, "Single Sign-On", "saml", isExternal: true),
    ]

    /// A type that the specification does not list: clients must not fail on it.
    static let newer = AuthenticationSource(6, "Identity Provider", "oidc", isExternal: true)

    /// Whether HTTP Basic can log in to it: single sign-on has no password to send.
    var acceptsPassword: Bool { type != "saml" && type != "oidc" }
}

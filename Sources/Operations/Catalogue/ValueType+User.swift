extension ValueType {
    /// The specification's `UserEdit`, together with the read-only members of `User`, so that a user that was read can
    /// be changed and written back.
    ///
    /// - Parameter passwordRequired: whether the object is refused without a password. The specification says so for
    ///   both uses; a PUT without one is what the vendor's own tools send.
    static func user(passwordRequired: Bool) -> ValueType {
        .object([
            Field(
                "id", .identifier, isReadOnly: true,
                documentation: "The identifier; the console gives it, and it is not sent."),
            Field("login", .name, isRequired: true, documentation: "The login name."),
            Field("name", .name, isRequired: true, documentation: "The full name."),
            Field(
                "password", .secret, isRequired: passwordRequired,
                documentation: passwordRequired
                    ? "The password of the new account." : "A new password; leave it out to keep the current one."),
            Field(
                "email", .string(minimumLength: 0), documentation: "The email address; left out, there is none."),
            Field(
                "enabled", .boolean, documentation: "Whether the account may log in; left out, it is enabled."),
            Field(
                "locked", .boolean, isReadOnly: true,
                documentation: "Whether the account is locked; not sent: see users.unlock."),
            Field(
                "locale", localePreferences, documentation: "The languages of the console and of reports."),
            Field(
                "passwordResetOnLogin", .boolean,
                documentation: "Whether the password must be changed at the first login. Default: false."),
            Field("authentication", userAuthentication, documentation: "What checks the password."),
            Field("role", userRole, isRequired: true, documentation: "The role and what it reaches."),
            .links,
        ])
    }

    /// The specification's `LocalePreferences`.
    private static let localePreferences = ValueType.object([
        Field("default", .string(minimumLength: 0), documentation: "The language to use, a BCP 47 tag such as en-US."),
        Field("reports", .string(minimumLength: 0), documentation: "The language of reports, a BCP 47 tag."),
        .links,
    ])

    /// The specification's `CreateAuthenticationSource`, with the read-only rest of `AuthenticationSource`.
    private static let userAuthentication = ValueType.object([
        Field(
            "id", .identifier,
            documentation: "The authentication source, which must be of this type; left out, the console picks one."),
        Field(
            "type", .name, isRequired: true,
            documentation: "normal, kerberos, ldap, saml, or admin for a global administrator with a local password."),
        Field("name", .string(minimumLength: 0), isReadOnly: true, documentation: "The source's name; not sent."),
        Field("external", .boolean, isReadOnly: true, documentation: "Whether the source is external; not sent."),
        .links,
    ])

    /// The specification's `UserCreateRole`, with the read-only rest of `UserRole`.
    private static let userRole = ValueType.object([
        Field("id", .name, isRequired: true, documentation: "The identifier of the role, such as security-manager."),
        Field("allSites", .boolean, documentation: "Whether all sites are accessible. Default: false."),
        Field("allAssetGroups", .boolean, documentation: "Whether all asset groups are accessible. Default: false."),
        Field("superuser", .boolean, documentation: "Whether the user is a superuser. Default: false."),
        Field("name", .any, isReadOnly: true, documentation: "The name of the role; not sent."),
        Field(
            "privileges", .array(of: .name, minimumCount: 0), isReadOnly: true,
            documentation: "What the role grants; not sent: see roles.update."),
    ])
}

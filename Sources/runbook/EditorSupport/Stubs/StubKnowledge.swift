/// What is known of the types beyond what the catalogue says: values that servers use, and types that say more than
/// "a string".
enum StubKnowledge {
    /// Another name for a type.
    struct Alias {
        /// The type itself.
        let type: String
        /// Values that an editor offers. The APIs' enumerations are open: others may be there too.
        let values: [String]
        /// What it is.
        let documentation: String
    }

    /// Names for types, with the values that are known.
    static let aliases: [String: Alias] = [
        "RoleId": Alias(
            type: "string", values: ["global-admin", "security-manager", "site-admin", "system-admin", "user"],
            documentation: "The identifier of a role. These are built in; a console may have others."),
        "AuthenticationType": Alias(
            type: "string", values: ["normal", "admin", "kerberos", "ldap", "saml"],
            documentation: """
                What checks a password: normal, kerberos, ldap, saml, or admin for a global administrator with a local \
                password. Newer consoles may have more.
                """),
        "UserSort": Alias(
            type: "string",
            values: ["id", "login", "name", "email"].flatMap { ["\($0),ASC", "\($0),DESC"] },
            documentation: "An order of users: property[,ASC|DESC]."),
        "LogFields": Alias(
            type: "table<string, any>", values: [], documentation: "Facts by name, which programs can search for."),
    ]

    /// Names of classes that would be called by their first use.
    static let classNames: [String: String] = [
        "RoleName": "LocalizedText",
        "RoleUpdate": "Role",
    ]

    /// Types of fields and arguments, as `class.field` or `table.function.argument`.
    static let refinements: [String: String] = [
        "UserCreate.id": "UserId",
        "UserUpdate.id": "UserId",
        "User.id": "UserId",
        "UserRole.id": "RoleId",
        "UserRole.name": "string|LocalizedText",
        "UserRole.privileges": "PrivilegeId[]",
        "UserAuthentication.id": "AuthenticationSourceId",
        "UserAuthentication.type": "AuthenticationType",
        "Role.id": "RoleId",
        "Role.privileges": "PrivilegeId[]",
        "AuthenticationSource.id": "AuthenticationSourceId",
        "UsersPageArguments.sort": "UserSort|UserSort[]",
        "UsersEachFilter.id": "UserId|UserId[]",
        "UsersEachFilter.role": "RoleId|RoleId[]",
        "UsersEachFilter.source": "AuthenticationType|AuthenticationType[]",
        "UsersPatchChanges.role": "RoleId|UsersPatchChangesRole",
        "UsersPatchChangesRole.id": "RoleId",
        "UsersPatchChangesAuthentication.type": "AuthenticationType",
        "UsersPatchChangesAuthentication.id": "AuthenticationSourceId",
        "users.patch.id": "UserId",
        "users.enable.id": "UserId",
        "users.disable.id": "UserId",
        "RunbookManifest.params": "table<string, RunbookParameter>",
        "RunbookManifest.needs": "Capability[]",
        "parallel.items": "T[]|fun(): T?",
        "parallel.work": "fun(item: T, index: integer): R?",
        "parallel.return": "R[]",
        "json.array.list": "T[]",
        "json.array.return": "T[]",
        // The iterator of a loop: what is nil ends it, and is not seen in it.
        "users.each.return": "fun(): User",
        "log.debug.fields": "LogFields",
        "log.info.fields": "LogFields",
        "log.warn.fields": "LogFields",
        "log.error.fields": "LogFields",
        // Clears a field of any type.
        "null.value": "any",
    ]

    /// The types of its own that each call of a function has.
    static let generics: [String: [String]] = ["parallel": ["T", "R"], "json.array": ["T"]]
}

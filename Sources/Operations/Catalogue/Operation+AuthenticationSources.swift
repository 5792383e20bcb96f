extension Operation {
    /// What checks the passwords of the console's users.
    static let authenticationSources: [Operation] = [
        Operation(
            "auth_sources.list", apiName: "get_authentication_sources",
            endpoint: Endpoint(.console, .get, "/api/3/authentication_sources"),
            result: .resources, resultModel: "ResourcesAuthenticationSource", errorStatuses: [401, 404, 500, 503],
            effect: .read, capability: "auth_sources:read",
            summary: "List all authentication sources",
            documentation: """
                The types are normal and admin (local passwords, the latter of Global Administrators), kerberos, ldap \
                and saml; newer consoles may have more.
                """),
        Operation(
            "auth_sources.get", apiName: "get_authentication_source",
            endpoint: Endpoint(.console, .get, "/api/3/authentication_sources/{id}"),
            parameters: [.authenticationSourceID], result: .object, resultModel: "AuthenticationSource",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "auth_sources:read",
            summary: "Read one authentication source",
            documentation: "Its type and id are what users.create takes as authentication."),
        Operation(
            "auth_sources.users", apiName: "get_authentication_source_users",
            endpoint: Endpoint(.console, .get, "/api/3/authentication_sources/{id}/users"),
            parameters: [.authenticationSourceID], result: .resources, resultModel: "ReferencesWithUserIDLink",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "auth_sources:read",
            summary: "List the ids of the users of an authentication source",
            documentation: "Answers all ids at once, without pages. users.get reads the user of an id."),
    ]
}

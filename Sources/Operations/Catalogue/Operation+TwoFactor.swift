extension Operation {
    /// Two-factor authentication of the console's users.
    static let twoFactor: [Operation] = [
        Operation(
            "twofa.key", apiName: "get_two_factor_authentication_key",
            endpoint: Endpoint(.console, .get, "/api/3/users/{id}/2FA"),
            parameters: [.userID], result: .secretMember("key"), resultModel: "TokenResource",
            errorStatuses: [401, 404, 500, 503], effect: .read, capability: "twofa:read",
            summary: "Read a user's two-factor seed",
            documentation: """
                Answers a secret, or nil if none is configured. Who has the seed can make the user's codes. LDAP and \
                Kerberos users cannot use two-factor authentication.
                """),
        Operation(
            "twofa.set", apiName: "set_two_factor_authentication",
            endpoint: Endpoint(.console, .put, "/api/3/users/{id}/2FA", body: .value),
            parameters: [
                .userID,
                Parameter("token", .secret, in: .body, documentation: "The seed to use, best a secret."),
            ],
            result: .nothing, resultModel: "Links", errorStatuses: [400, 401, 404, 500, 503],
            effect: .idempotent, capability: "twofa:write",
            summary: "Set a user's two-factor seed",
            documentation: """
                The user's authenticator must be given the same seed, or the next login fails. The length and alphabet \
                of a seed are documented nowhere (presumably base32): twofa.regenerate lets the console choose. No \
                operation turns two-factor authentication off again.
                """),
        Operation(
            "twofa.regenerate", apiName: "regenerate_two_factor_authentication",
            endpoint: Endpoint(.console, .post, "/api/3/users/{id}/2FA"),
            parameters: [.userID], result: .secretMember("key"), resultModel: "TokenResource",
            errorStatuses: [400, 401, 500, 503], effect: .unsafe, capability: "twofa:write",
            summary: "Make a new two-factor seed for a user and answer it",
            documentation: """
                Answers a secret. The old seed stops working at once, and doing it twice breaks the seed that was \
                handed out in between: it is never repeated once it may have arrived. If the answer is lost, \
                twofa.key reads the seed that holds.
                """),
    ]
}

extension Operation {
    /// The 32 user-administration operations of the InsightVM security console, REST API version 3.
    public static let console: [Operation] = [
        users, userAccess, roles, privileges, twoFactor, authenticationSources,
    ].flatMap { $0 }
}

extension ConsoleState {
    /// Whose credentials these are.
    ///
    /// An account with a second factor must send the six digits of its seed, or `acceptedToken`. Accounts of a
    /// directory have no second factor; those of single sign-on have no password and cannot log in here.
    mutating func authenticate(
        authorization: String?, token: String?, at moment: Timestamp, acceptedToken: String?
    ) throws(ConsoleError) -> User {
        guard let authorization else { throw .unauthorized }
        let user = try self.user(authorization: authorization)
        guard user.isEnabled, !user.isLocked else { throw .badCredentials }
        if let seed = user.seed, source(user.source)?.isExternal == false {
            guard let token, token == acceptedToken || OneTimePassword.accepts(token, seed: seed, at: moment) else {
                throw .tokenRequired
            }
        }
        return user
    }

    private mutating func user(authorization: String) throws(ConsoleError) -> User {
        if let (id, generation) = logins[authorization], let user = user(id), user.generation == generation {
            return user
        }
        let scheme = authorization.utf8.prefix(6)
        guard String(scheme)?.lowercased() == "basic " else { throw .unauthorized }
        guard let pair = Base64.decode(authorization.utf8.dropFirst(6)),
            let colon = pair.firstIndex(of: UInt8(ascii: ":")),
            let login = String(validating: pair[..<colon], as: UTF8.self),
            let password = String(validating: pair[(colon + 1)...], as: UTF8.self),
            let user = user(login: login), source(user.source)?.acceptsPassword == true,
            password == user.password ?? DataSet.password(login: login)
        else { throw .badCredentials }
        logins.remember(authorization, user)
        return user
    }
}

internal import ConsoleModel
internal import Operations

/// Where the simulator listens and how to log in to it.
public struct SimulatorInfo: Sendable, Hashable {
    /// An API key of Xpanse.
    public struct Key: Sendable, Hashable {
        /// For the header `x-xdr-auth-id`.
        public let id: String
        /// The key itself.
        public let key: String
    }

    /// The Xpanse side.
    public struct Xpanse: Sendable, Hashable {
        /// A key that is sent as it is.
        public let standard: Key
        /// A key that is hashed with a nonce and the time.
        public let advanced: Key
        /// A standard key that every call answers with 402.
        public let unlicensed: Key
        /// A standard key that every call answers with 403.
        public let unprivileged: Key
        /// Emails of the users whose role may be set.
        public let users: [String]
        /// Names of the roles that may be given.
        public let roles: [String]
        /// Names of the groups.
        public let groups: [String]
    }

    /// The address of both APIs, without a path: `http://127.0.0.1:41234`.
    public let url: String
    /// The login of a global administrator of the console.
    public let user: String
    /// That administrator's password.
    public let password: String
    /// The Xpanse side.
    public let xpanse: Xpanse
    /// The server's certificate as PEM; `nil` without TLS.
    public let certificate: String?

    init(url: String, simulation: Simulation, certificate: String?) {
        func key(_ kind: XpanseKeys.Kind) -> Key {
            let key = simulation.xpanseKeys[kind]
            return Key(id: key.id, key: key.key)
        }
        self.url = url
        self.certificate = certificate
        user = simulation.administrator.login
        password = simulation.administrator.password
        let administrator = XpanseState.accountAdministrator
        xpanse = Xpanse(
            standard: key(.standard), advanced: key(.advanced), unlicensed: key(.unlicensed),
            unprivileged: key(.unprivileged),
            users: simulation.xpanse.users.filter { $0.role != administrator }.map(\.email),
            roles: XpanseState.roles.map(\.name).filter { $0 != administrator },
            groups: XpanseState.groups.map(\.name))
    }

    /// All of it as one line of JSON, without the line's end.
    public func jsonLine() -> String {
        func json(_ key: Key) -> JSONValue { ["id": .string(key.id), "key": .string(key.key)] }
        func json(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        var members: [String: JSONValue] = [
            "url": .string(url), "user": .string(user), "password": .string(password),
            "xpanse": [
                "standard": json(xpanse.standard), "advanced": json(xpanse.advanced),
                "unlicensed": json(xpanse.unlicensed), "unprivileged": json(xpanse.unprivileged),
                "users": json(xpanse.users), "roles": json(xpanse.roles), "groups": json(xpanse.groups),
            ],
        ]
        if let certificate { members["certificate"] = .string(certificate) }
        return JSONValue.object(members).text
    }
}

public import Operations

/// How to log in to a service.
public enum Credentials: Sendable, Hashable {
    /// The console: a user with a password, and the one-time code of an account with two-factor authentication.
    case basic(user: String, password: SecretValue, token: SecretValue? = nil)
    /// Xpanse: an API key with its id. Its type is fixed when it is made; nothing in the key tells it.
    case xpanse(keyID: String, key: SecretValue, type: XpanseKeyType)
}

/// The two types of Xpanse API keys.
public enum XpanseKeyType: String, Sendable, Hashable, CaseIterable {
    /// The key itself is sent.
    case standard
    /// A hash of the key, a nonce and the time is sent.
    case advanced
}

extension Credentials {
    /// Refuses credentials that no header can carry, or that are the other service's.
    func check(for service: Service) throws(TargetError) {
        let variables = service == .xpanse ? "RUNBOOK_XPANSE" : "RUNBOOK_CONSOLE"
        func checkHeader(_ value: String, _ what: String, _ variable: String) throws(TargetError) {
            guard !value.isEmpty else { throw TargetError("\(what) of \(service) is empty: set \(variable)") }
            // A line end is the usual trace of a file read whole, and would split the header.
            guard !value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
                throw TargetError(
                    "\(what) of \(service) holds a line end or another control character: check \(variable)")
            }
        }
        switch self {
        case .basic(let user, let password, let token):
            guard service != .xpanse else {
                throw TargetError("xpanse needs an API key with its id, not a user and a password")
            }
            try checkHeader(user, "the user", "\(variables)_USER")
            guard !user.contains(":") else {
                throw TargetError("the user of \(service) contains a colon, which Basic authentication cannot carry")
            }
            try checkHeader(password.reveal(), "the password", "\(variables)_PASSWORD")
            if let token { try checkHeader(token.reveal(), "the two-factor token", "\(variables)_TOKEN") }
        case .xpanse(let keyID, let key, _):
            guard service != .console else {
                throw TargetError("the console needs a user and a password, not an API key")
            }
            try checkHeader(keyID, "the key's id", "\(variables)_KEY_ID")
            try checkHeader(key.reveal(), "the key", "\(variables)_KEY")
        }
    }

    /// Who logs in, as people are told.
    var account: ReplyFailure.Account {
        switch self {
        case .basic(let user, _, let token): .user(user, hasToken: token != nil)
        case .xpanse(let keyID, _, let type):
            .key(
                id: keyID, type: type.rawValue,
                otherType: (type == .standard ? XpanseKeyType.advanced : .standard).rawValue)
        }
    }

    /// Every text that no message may contain.
    var secrets: [String] {
        switch self {
        case .basic(let user, let password, let token):
            let pair = base64(Array("\(user):\(password.reveal())".utf8))
            return [pair, password.reveal()] + (token.map { [$0.reveal()] } ?? [])
        case .xpanse(_, let key, _): return [key.reveal()]
        }
    }
}

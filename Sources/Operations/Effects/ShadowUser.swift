/// What is known of a user, and what of it the plan has changed.
struct ShadowUser: Sendable {
    /// Where the user exists.
    enum Existence: Sendable, Hashable {
        /// On the server.
        case live
        /// Only in the plan.
        case planned
        /// Not any more.
        case deleted
    }

    /// The single sites or asset groups, after a change.
    enum Access: Sendable, Hashable {
        /// These, in ascending order.
        case these([Int64])
        /// All that there are, which the plan made so.
        case everything
    }

    /// The two-factor seed, after a change.
    enum Seed: Sendable, Hashable {
        /// The one that the script has set.
        case set(SecretValue)
        /// One that the console is still to make: a text in its place.
        case unknown(SecretValue)

        var secret: SecretValue {
            switch self {
            case .set(let secret), .unknown(let secret): secret
            }
        }
    }

    var existence = Existence.live
    /// The essence as the server has told it.
    var base: JSONValue?
    /// The members of the document that the plan has replaced; `null` where it has removed one. `role` lacks what only
    /// the role's own document says.
    var members: [String: JSONValue] = [:]
    /// Access as the server has told it.
    var liveAccess: [AccessKind: [Int64]] = [:]
    /// Access that the plan has changed.
    var access: [AccessKind: Access] = [:]
    /// The seed that the plan has changed.
    var seed: Seed?

    /// Whether an answer about the user differs from the server's.
    var isChanged: Bool { existence != .live || !members.isEmpty }
    /// Whether the server knows the user.
    var wasLive = true

    /// The login after the changes; `nil` if it is not known.
    var login: String? { (members["login"] ?? base?["login"])?.stringValue }
    /// The role, if the plan has given one.
    var givenRole: String? { members["role"]?["id"]?.stringValue }
    /// The authentication source, if the plan has given one.
    var givenSource: Int64? { members["authentication"]?["id"]?.integerValue }

    /// The document with what the plan has replaced in it.
    func applied(to document: JSONValue) -> JSONValue {
        guard !members.isEmpty, var all = document.objectValue else { return document }
        for (name, value) in members {
            if value.isNull { all.removeValue(forKey: name) } else { all[name] = value }
        }
        return .object(all)
    }

    /// The essence after the changes; `nil` if the server has not told it.
    var essence: JSONValue? { base.map { UserDocument.essence(of: applied(to: $0)) } }

    /// Access after the changes, if it is known one by one.
    func knownAccess(_ kind: AccessKind) -> [Int64]? {
        switch access[kind] {
        case .these(let ids)?: ids
        case .everything?: nil
        case nil: liveAccess[kind]
        }
    }
}

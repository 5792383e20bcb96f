/// What a path of the console names.
enum ConsoleResource: Sendable, Hashable {
    case ledger
    case users
    case user(Int32)
    case lock(Int32)
    case password(Int32)
    case twoFactor(Int32)
    case userPrivileges(Int32)
    case access(AccessKind, Int32)
    case accessMember(AccessKind, Int32, Int32)
    case roles
    case role(String)
    case roleUsers(String)
    case privileges
    case privilege(String)
    case privilegeUsers(String)
    case sources
    case source(Int32)
    case sourceUsers(Int32)

    /// Reads a percent-encoded path. One slash at the end does not matter.
    init(path: String) throws(ConsoleError) {
        if path == Simulation.ledgerPath {
            self = .ledger
            return
        }
        var segments = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
        if segments.last?.isEmpty == true { segments.removeLast() }
        guard segments.count >= 3, segments.removeFirst().elementsEqual("api".utf8),
            segments.removeFirst().elementsEqual("3".utf8)
        else { throw .notFound }
        let rest = Array(segments)
        switch String(rest[0]) {
        case "users": self = try Self.users(rest)
        case "roles": self = try Self.named(rest, .roles, Self.role, Self.roleUsers)
        case "privileges": self = try Self.named(rest, .privileges, Self.privilege, Self.privilegeUsers)
        case "authentication_sources":
            switch rest.count {
            case 1: self = .sources
            case 2: self = .source(try Self.identifier(rest[1]))
            case 3 where rest[2].elementsEqual("users".utf8): self = .sourceUsers(try Self.identifier(rest[1]))
            default: throw .notFound
            }
        default: throw .notFound
        }
    }

    private static func users(_ rest: [Substring.UTF8View]) throws(ConsoleError) -> ConsoleResource {
        guard rest.count > 1 else { return .users }
        let id = try identifier(rest[1])
        guard rest.count > 2 else { return .user(id) }
        let name = String(rest[2])
        let kind: AccessKind? = name == "sites" ? .sites : name == "asset_groups" ? .assetGroups : nil
        switch (rest.count, name, kind) {
        case (3, "lock", _): return .lock(id)
        case (3, "password", _): return .password(id)
        case (3, "2FA", _): return .twoFactor(id)
        case (3, "privileges", _): return .userPrivileges(id)
        case (3, _, let kind?): return .access(kind, id)
        case (4, _, let kind?): return .accessMember(kind, id, try identifier(rest[3]))
        default: throw .notFound
        }
    }

    private static func named(
        _ rest: [Substring.UTF8View], _ list: ConsoleResource, _ one: (String) -> ConsoleResource,
        _ users: (String) -> ConsoleResource
    ) throws(ConsoleError) -> ConsoleResource {
        guard rest.count > 1 else { return list }
        guard let id = PercentEncoding.decode(rest[1]) else { throw .badRequest("The path is not valid.") }
        switch rest.count {
        case 2: return one(id)
        case 3 where rest[2].elementsEqual("users".utf8): return users(id)
        default: throw .notFound
        }
    }

    private static func identifier(_ segment: Substring.UTF8View) throws(ConsoleError) -> Int32 {
        guard let text = PercentEncoding.decode(segment), let id = Int32(text) else {
            throw .badRequest("The identifier in the path must be a 32-bit integer.")
        }
        return id
    }

    /// The methods it answers.
    var methods: [String] {
        switch self {
        case .users: ["GET", "POST"]
        case .user, .role: ["GET", "PUT", "DELETE"]
        case .lock: ["DELETE"]
        case .password: ["PUT"]
        case .twoFactor: ["GET", "POST", "PUT"]
        case .access: ["GET", "PUT", "DELETE"]
        case .accessMember: ["PUT", "DELETE"]
        case .ledger, .userPrivileges, .roles, .roleUsers, .privileges, .privilege, .privilegeUsers, .sources,
            .source, .sourceUsers:
            ["GET"]
        }
    }

    /// Whether an account that is no global administrator may do this: read itself and what is the same for all,
    /// and change its own password.
    func isOpen(to caller: Int32, method: String) -> Bool {
        switch self {
        case .user(let id), .twoFactor(let id), .userPrivileges(let id), .access(_, let id):
            id == caller && method == "GET"
        // For others' passwords the state says no: not even a global administrator may.
        case .password: true
        case .roles, .role, .privileges, .privilege, .sources, .source: method == "GET"
        default: false
        }
    }
}

/// What a reading operation reads, apart from how it is called.
enum ReadSubject: Sendable, Hashable {
    case page
    case user(Int64)
    case userPrivileges(Int64)
    case access(AccessKind, Int64)
    case seed(Int64)
    case roles
    case role(String)
    case roleUsers(String)
    case privileges
    case privilegeUsers(String)
    case sources
    case sourceUsers(Int64)
    case xpanseUsers
    case xpanseRoles([String])

    /// What `call` reads; `nil` for changes and for what no change that is known here can alter.
    init?(_ call: OperationCall) {
        let arguments = call.arguments
        let number = arguments["id"]?.integerValue
        let text = arguments["id"]?.stringValue
        switch (call.operation.name, number, text) {
        case ("users.page", _, _): self = .page
        case ("users.get", let id?, _): self = .user(id)
        case ("users.privileges", let id?, _): self = .userPrivileges(id)
        case ("users.sites", let id?, _): self = .access(.sites, id)
        case ("users.asset_groups", let id?, _): self = .access(.assetGroups, id)
        case ("twofa.key", let id?, _): self = .seed(id)
        case ("roles.list", _, _): self = .roles
        case ("roles.get", _, let id?): self = .role(id)
        case ("roles.users", _, let id?): self = .roleUsers(id)
        case ("privileges.list", _, _): self = .privileges
        case ("privileges.users", _, let id?): self = .privilegeUsers(id)
        case ("auth_sources.list", _, _): self = .sources
        case ("auth_sources.users", let id?, _): self = .sourceUsers(id)
        case ("xpanse.users", _, _): self = .xpanseUsers
        case ("xpanse.roles", _, _):
            self = .xpanseRoles((arguments["names"]?.arrayValue ?? []).compactMap(\.stringValue))
        default: return nil
        }
    }

    /// The call that reads it; `nil` if the catalogue has no such operation.
    func call(in catalogue: Catalogue) -> OperationCall? {
        let (name, arguments) = operation
        guard let operation = catalogue[name], operation.name == name else { return nil }
        return OperationCall(checked: operation, arguments: arguments)
    }

    private var operation: (String, [String: JSONValue]) {
        switch self {
        case .page: ("users.page", [:])
        case .user(let id): ("users.get", ["id": .integer(id)])
        case .userPrivileges(let id): ("users.privileges", ["id": .integer(id)])
        case .access(let kind, let id): ("users.\(kind.rawValue)", ["id": .integer(id)])
        case .seed(let id): ("twofa.key", ["id": .integer(id)])
        case .roles: ("roles.list", [:])
        case .role(let id): ("roles.get", ["id": .string(id)])
        case .roleUsers(let id): ("roles.users", ["id": .string(id)])
        case .privileges: ("privileges.list", [:])
        case .privilegeUsers(let id): ("privileges.users", ["id": .string(id)])
        case .sources: ("auth_sources.list", [:])
        case .sourceUsers(let id): ("auth_sources.users", ["id": .integer(id)])
        case .xpanseUsers: ("xpanse.users", [:])
        case .xpanseRoles(let names): ("xpanse.roles", ["names": .array(names.map { .string($0) })])
        }
    }
}

import Operations
import RunbookHost

/// What completion offers of the target: read beside the statements, only what the operator allows, and never so that a
/// password manager would ask something.
struct ReplNames: Sendable {
    let session: Session

    /// The names, kept for a while.
    func cache() -> TargetNames {
        TargetNames(clock: SystemClock()) { await load($0) }
    }

    private var mayAsk: Bool {
        session.transport.isMade || session.configuration.targetName == TargetSettings.environmentName
    }

    private func load(_ kind: TargetNames.Kind) async -> [TargetName]? {
        guard mayAsk else { return nil }
        switch kind {
        case .users: return await users()
        case .roles: return await list("roles.list")
        case .privileges: return await list("privileges.list")
        case .authenticationSources: return await list("auth_sources.list")
        }
    }

    private func users() async -> [TargetName]? {
        var names: [TargetName] = []
        for page in Int64(0)... {
            guard
                let (found, pages) = await read(
                    "users.page", ["page": .integer(page), "size": 500, "sort": ["id,ASC"]])
            else { return nil }
            names += found
            if found.isEmpty || page + 1 >= pages || names.count > TargetNames.limit { break }
        }
        return names
    }

    private func list(_ operation: String) async -> [TargetName]? { await read(operation, [:])?.names }

    private func read(_ name: String, _ arguments: [String: JSONValue]) async -> (names: [TargetName], pages: Int64)? {
        guard let operation = session.host.catalogue[name] else { return nil }
        if let allowed = session.host.policy.capabilities, !allowed.contains(operation.capability) { return nil }
        guard let reply = try? await session.transport.send(OperationCall(checked: operation, arguments: arguments)),
            let body = try? JSONValue(parsing: reply.body)
        else { return nil }
        let names = (body["resources"]?.arrayValue ?? []).compactMap { resource -> TargetName? in
            // Privileges are named alone.
            if let name = resource.stringValue { return TargetName(id: name) }
            guard let id = resource["id"] else { return nil }
            return TargetName(
                id: id.stringValue ?? id.text, login: resource["login"]?.stringValue ?? "",
                name: resource["name"]?.stringValue ?? "")
        }
        return (names, body["page"]?["totalPages"]?.integerValue ?? 1)
    }
}

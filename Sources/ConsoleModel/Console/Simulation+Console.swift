internal import Operations

/// A change that was carried out: what to note in the ledger and what to answer.
private struct Change {
    let operation: String
    var status = 200
    let body: [UInt8]
}

extension Simulation {
    /// Answers a request to the console, or for the ledger.
    mutating func answerConsole(_ request: SimulatedRequest, at moment: Timestamp) -> SimulatedReply {
        let renderer = ConsoleRenderer(
            origin: origin, writesRoleTextAsObjects: settings.writesRoleTextAsObjects)
        do throws(ConsoleError) {
            let caller = try console.authenticate(
                authorization: request.authorization, token: request.token, at: moment,
                acceptedToken: settings.acceptedToken)
            let resource = try ConsoleResource(path: request.path)
            guard resource.methods.contains(request.method) else {
                let error = ConsoleError(405, "The method \(request.method) is not allowed here.")
                return SimulatedReply(
                    status: 405, allow: resource.methods.joined(separator: ", "),
                    body: renderer.error(error, path: request.path))
            }
            guard caller.isGlobalAdministrator || resource.isOpen(to: caller.id, method: request.method) else {
                throw ConsoleError.forbidden
            }
            if request.method == "GET" {
                return SimulatedReply(status: 200, body: try read(resource, request, renderer))
            }
            let change = try carryOut(resource, request, renderer, caller: caller.id)
            record(request, change.operation, status: change.status, at: moment)
            return SimulatedReply(status: change.status, body: change.body)
        } catch {
            return SimulatedReply(
                status: error.status, challenge: error.status == 401 ? "Basic realm=\"Security Console\"" : nil,
                body: renderer.error(error, path: request.path))
        }
    }

    // MARK: Reads

    private mutating func read(
        _ resource: ConsoleResource, _ request: SimulatedRequest, _ renderer: ConsoleRenderer
    ) throws(ConsoleError) -> [UInt8] {
        let path = request.path
        switch resource {
        case .ledger: return renderedLedger()
        case .users:
            let query = try UserQuery(parsing: request.query)
            let ids = console.page(query.page, size: query.size, sort: query.sort)
            return renderer.page(ids, query, in: console)
        case .user(let id):
            let user = try console.existing(id)
            var out = ByteWriter(capacity: 2048)
            renderer.user(user, role: console.roles[user.role], source: console.source(user.source), &out)
            return out.bytes
        case .twoFactor(let id): return renderer.seed(try console.existing(id).seed, path: path)
        case .userPrivileges(let id):
            let role = console.roles[try console.existing(id).role]
            return renderer.privileges(role?.privileges ?? [], path: path)
        case .access(let kind, let id):
            return renderer.references(console.access(kind, of: try console.existing(id)), path: path)
        case .roles:
            let roles = console.roleIDs.compactMap { console.roles[$0] }
            return renderer.resources(roles, path: path) { role, out in renderer.role(role, &out) }
        case .role(let id):
            var out = ByteWriter(capacity: 2048)
            renderer.role(try console.existingRole(id), &out)
            return out.bytes
        case .roleUsers(let id):
            return renderer.references(console.userIDs(role: try console.existingRole(id).id), path: path)
        case .privileges: return renderer.privileges(Privilege.all, path: path)
        case .privilege(let name):
            guard Privilege.all.contains(name) else { throw .notFound }
            return renderer.links(path)
        case .privilegeUsers(let name):
            guard Privilege.all.contains(name) else { throw .notFound }
            return renderer.references(console.userIDs(privilege: name), path: path)
        case .sources:
            return renderer.resources(console.sources, path: path) { source, out in renderer.source(source, &out) }
        case .source(let id):
            guard let source = console.source(id) else { throw .notFound }
            var out = ByteWriter(capacity: 256)
            renderer.source(source, &out)
            return out.bytes
        case .sourceUsers(let id):
            guard console.source(id) != nil else { throw .notFound }
            return renderer.references(console.userIDs(source: id), path: path)
        case .lock, .password, .accessMember: throw .notFound
        }
    }

    // MARK: Changes

    private mutating func carryOut(
        _ resource: ConsoleResource, _ request: SimulatedRequest, _ renderer: ConsoleRenderer, caller: Int32
    ) throws(ConsoleError) -> Change {
        let links = renderer.links(request.path)
        switch (resource, request.method) {
        case (.users, _):
            let id = try console.create(UserEdit(Self.json(request)))
            return Change(operation: "users.create", status: 201, body: renderer.created(id))
        case (.user(let id), "PUT"):
            _ = try console.existing(id)
            try console.update(id, UserEdit(Self.json(request)))
            return Change(operation: "users.update", body: links)
        case (.user(let id), _):
            try console.delete(id, by: caller)
            return Change(operation: "users.delete", body: links)
        case (.lock(let id), _):
            try console.unlock(id)
            return Change(operation: "users.unlock", body: links)
        case (.password(let id), _):
            try console.changePassword(id, Self.text(request, or: "password"), by: caller)
            return Change(operation: "users.reset_password", body: links)
        case (.twoFactor(let id), "PUT"):
            try console.setSeed(id, Self.text(request, or: nil))
            return Change(operation: "twofa.set", body: links)
        case (.twoFactor(let id), _):
            let seed = random.text(32, of: Alphabet.base32)
            try console.setSeed(id, seed)
            return Change(operation: "twofa.regenerate", body: renderer.seed(seed, path: request.path))
        case (.access(let kind, let id), "PUT"):
            _ = try console.existing(id)
            try console.setAccess(kind, of: id, Self.identifiers(request))
            return Change(operation: "users.set_\(kind.segment)", body: links)
        case (.access(let kind, let id), _):
            try console.setAccess(kind, of: id, [])
            return Change(operation: "users.remove_all_\(kind.segment)", body: links)
        case (.accessMember(let kind, let id, let member), "PUT"):
            try console.changeAccess(kind, of: id, member, granted: true)
            return Change(operation: "users.add_\(kind.segment.dropLast())", body: links)
        case (.accessMember(let kind, let id, let member), _):
            try console.changeAccess(kind, of: id, member, granted: false)
            return Change(operation: "users.remove_\(kind.segment.dropLast())", body: links)
        case (.role(let id), "PUT"):
            try console.updateRole(id, RoleEdit(Self.json(request)))
            return Change(operation: "roles.update", body: links)
        case (.role(let id), _):
            try console.deleteRole(id)
            return Change(operation: "roles.delete", body: links)
        default: throw .notFound
        }
    }

    private static func json(_ request: SimulatedRequest) throws(ConsoleError) -> JSONValue {
        guard !request.body.isEmpty else { throw .badRequest("The request needs a body.") }
        do {
            return try JSONValue(parsing: request.body)
        } catch {
            throw .badRequest("The body is not valid JSON.")
        }
    }

    /// The body as a JSON string, or the member `key` of an object, as newer consoles have it.
    private static func text(_ request: SimulatedRequest, or key: String?) throws(ConsoleError) -> String {
        let value = try json(request)
        if let text = value.stringValue { return text }
        if let key, let text = value[key]?.stringValue { return text }
        throw .badRequest("The body must be a JSON string.")
    }

    private static func identifiers(_ request: SimulatedRequest) throws(ConsoleError) -> [Int32] {
        guard let elements = try json(request).arrayValue else { throw .badRequest("The body must be a JSON array.") }
        var ids: [Int32] = []
        for element in elements {
            guard let id = element.integerValue.flatMap({ Int32(exactly: $0) }) else {
                throw .badRequest("The body must be an array of 32-bit integers.")
            }
            ids.append(id)
        }
        return ids
    }
}

extension Shadow {
    /// The answer to a read that cannot be sent, because it is about something that exists only in the plan or was
    /// deleted in it; `nil`: ask the server, then ``overlay(_:_:)``.
    ///
    /// - Returns: the answer, and whether it holds what only the server can say, such as an identifier.
    public func answer(to call: OperationCall) -> (answer: Result<OperationReply, APIError>, isGuess: Bool)? {
        guard let subject = ReadSubject(call) else { return nil }
        if var refusal = missing(subject) {
            refusal.operation = call.operation.name
            return (.failure(refusal), false)
        }
        guard let document = plannedDocument(subject) else { return nil }
        let laid = lay(over: document, subject) ?? (document, false)
        var isGuess = laid.isGuess
        if case .user = subject { isGuess = true }
        return (.success(OperationReply(body: laid.body.bytes(revealingSecrets: true))), isGuess)
    }

    /// What the plan's changes are laid over if the server has nothing to say; `nil` if it has.
    private func plannedDocument(_ subject: ReadSubject) -> JSONValue? {
        let (isPlanned, document): (Bool, JSONValue?)
        switch subject {
        case .user(let id): (isPlanned, document) = (users[id]?.existence == .planned, users[id]?.base?.withLinks)
        case .seed(let id): (isPlanned, document) = (users[id]?.existence == .planned, ["links": []])
        case .userPrivileges(let id), .access(_, let id):
            (isPlanned, document) = (users[id]?.existence == .planned, ["links": [], "resources": []])
        case .role(let id): (isPlanned, document) = (roles[id]?.existence == .planned, roles[id]?.document)
        case .roleUsers(let id):
            (isPlanned, document) = (roles[id]?.existence == .planned, ["links": [], "resources": []])
        default: return nil
        }
        return isPlanned ? document : nil
    }

    /// The server's answer as it would be after the changes so far.
    ///
    /// The same bytes if nothing in the plan concerns it. A page of users keeps the server's boundaries: who was deleted
    /// is missing from it, and who was created stands at the end of the last page, whatever the sort order.
    ///
    /// - Returns: the answer, and whether it holds what only the server can say, such as an identifier.
    public func overlay(_ call: OperationCall, _ reply: OperationReply) -> (reply: OperationReply, isGuess: Bool) {
        guard let subject = ReadSubject(call), concerns(subject), let body = try? JSONValue(parsing: reply.body),
            let laid = lay(over: body, subject)
        else { return (reply, false) }
        if laid.body == body { return (reply, laid.isGuess) }
        let bytes = laid.body.bytes(revealingSecrets: true)
        return (OperationReply(status: reply.status, body: bytes, attempts: reply.attempts), laid.isGuess)
    }

    /// Whether an answer about this may differ at all: only then is it worth reading.
    private func concerns(_ subject: ReadSubject) -> Bool {
        switch subject {
        case .page, .privilegeUsers: users.values.contains { $0.isChanged } || roles.values.contains { $0.isChanged }
        case .user(let id), .userPrivileges(let id):
            users[id]?.isChanged == true || roles.values.contains { $0.isChanged }
        case .access(let kind, let id): users[id]?.access[kind] != nil
        case .seed(let id): users[id]?.seed != nil
        case .roles: roles.values.contains { $0.isChanged || $0.existence != .live }
        case .role(let id): roles[id]?.isChanged == true
        case .roleUsers, .sourceUsers: users.values.contains { $0.isChanged }
        case .xpanseUsers, .xpanseRoles: !xpanse.given.isEmpty
        case .privileges, .sources: false
        }
    }

    /// The body after the changes; `nil` if there is nothing to lay over it.
    private func lay(over body: JSONValue, _ subject: ReadSubject) -> (body: JSONValue, isGuess: Bool)? {
        switch subject {
        case .user: return layUser(over: body)
        case .page: return layPage(over: body)
        case .userPrivileges(let id):
            guard let role = changedRole(of: id) else { return nil }
            guard let privileges = roles[role]?.privileges else { return (body, true) }
            return (body.replacing("resources", .array(privileges)), false)
        case .access(let kind, let id):
            switch users[id]?.access[kind] {
            case .these(let ids)?: return (body.replacing("resources", .array(ids.map { .integer($0) })), false)
            case .everything?:
                guard let all = everything[kind] else { return (body, true) }
                return (body.replacing("resources", .array(all.map { .integer($0) })), false)
            case nil: return nil
            }
        case .seed(let id):
            guard let seed = users[id]?.seed else { return nil }
            let isGuess = if case .unknown = seed { true } else { false }
            return (body.replacing("key", .secret(seed.secret)), isGuess)
        case .roles: return layRoles(over: body)
        case .role(let id):
            guard let role = roles[id], role.isChanged, let document = role.document else { return nil }
            return (document.replacing("links", body["links"]), false)
        case .roleUsers(let id): return layIDs(over: body) { inRole(id, $0) }
        case .sourceUsers(let id):
            return layIDs(over: body) { live in change(live) { user in user.givenSource.map { $0 == id } } }
        case .privilegeUsers(let name): return layIDs(over: body) { live in withPrivilege(name, live) }
        case .xpanseUsers: return (layXpanse(over: body) { layXpanseUser(over: $0) }, false)
        case .xpanseRoles: return (layXpanse(over: body) { layXpanseRole(over: $0) }, false)
        case .privileges, .sources: return nil
        }
    }
}

extension JSONValue {
    /// This object with another value for `key`, or without it.
    func replacing(_ key: String, _ value: JSONValue?) -> JSONValue {
        guard var members = objectValue else { return self }
        members[key] = value
        return .object(members)
    }

    /// This object with an empty list of links.
    var withLinks: JSONValue { replacing("links", []) }
}

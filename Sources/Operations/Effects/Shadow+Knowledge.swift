extension Shadow {
    /// Whether the shadow can answer this by itself.
    func isKnown(_ subject: ReadSubject) -> Bool {
        switch subject {
        case .sources: sources != nil
        case .privileges: privileges != nil
        case .xpanseUsers: xpanse.live != nil
        case .xpanseRoles(let names): names.allSatisfy(xpanse.knownRoles.contains)
        case .roleUsers(let id): roles[id].map { $0.existence != .live || $0.liveUsers != nil } ?? false
        case .role(let id): roles[id].map { $0.existence == .deleted || $0.document != nil } ?? false
        case .user(let id): users[id].map { $0.existence != .live || $0.base != nil } ?? false
        case .access(let kind, let id):
            users[id].map { $0.existence != .live || $0.access[kind] != nil || $0.liveAccess[kind] != nil } ?? false
        case .page, .userPrivileges, .seed, .roles, .privilegeUsers, .sourceUsers: false
        }
    }

    /// Remembers what the answers say.
    ///
    /// - Returns: what could not be read, and why.
    mutating func learn(
        _ reads: [OperationCall], _ answers: [Result<OperationReply, APIError>]
    ) -> [ReadSubject: APIError] {
        var failures: [ReadSubject: APIError] = [:]
        for (read, answer) in zip(reads, answers) {
            guard let subject = ReadSubject(read) else { continue }
            switch answer {
            case .failure(let error): failures[subject] = error
            case .success(let reply):
                guard let body = try? JSONValue(parsing: reply.body) else { continue }
                learn(subject, body)
            }
        }
        return failures
    }

    private mutating func learn(_ subject: ReadSubject, _ body: JSONValue) {
        guard !isKnown(subject) else { return }
        let resources = body["resources"]?.arrayValue ?? []
        switch subject {
        case .user(let id):
            var user = users[id] ?? ShadowUser()
            user.base = UserDocument.essence(of: body)
            keep(user, id)
        case .access(let kind, let id):
            let ids = resources.compactMap(\.integerValue).sorted()
            users[id, default: ShadowUser()].liveAccess[kind] = ids
            if UserDocument.hasAll(kind, users[id]?.base) == true { everything[kind] = ids }
        case .role(let id): roles[id, default: ShadowRole()].document = body
        case .roleUsers(let id): roles[id, default: ShadowRole()].liveUsers = Set(resources.compactMap(\.integerValue))
        case .sources: sources = resources
        case .privileges: privileges = Set(resources.compactMap(\.stringValue))
        case .xpanseUsers: xpanse.learn(Self.xpanseElements(body))
        case .xpanseRoles(let names): xpanse.knownRoles.formUnion(names)
        case .page, .userPrivileges, .seed, .roles, .privilegeUsers, .sourceUsers: break
        }
    }

    /// The elements of a reply of Xpanse, in one list.
    static func xpanseElements(_ body: JSONValue) -> [JSONValue] {
        (body["reply"]?.arrayValue ?? []).flatMap { $0.arrayValue ?? [$0] }
    }

    /// What the shadow knows of something, as it is after the changes so far: for users the essence, else the elements
    /// or the document; the failure if it could not be read; `nil` if nothing is known.
    func own(_ subject: ReadSubject, _ failures: [ReadSubject: APIError]) -> Result<JSONValue, APIError>? {
        if let answer = missing(subject) { return .failure(answer) }
        switch subject {
        case .user(let id): if let user = users[id]?.essence { return .success(user) }
        case .access(let kind, let id):
            if let ids = users[id]?.knownAccess(kind) { return .success(.array(ids.map { .integer($0) })) }
        case .role(let id): if let role = roles[id]?.document { return .success(role) }
        case .xpanseUsers:
            if xpanse.live != nil { return .success(xpanse.rolesByAddress) }
        default: break
        }
        return failures[subject].map { .failure($0) }
    }

    /// The refusal of a read about something that the plan has deleted.
    func missing(_ subject: ReadSubject) -> APIError? {
        let isMissing: Bool
        switch subject {
        case .user(let id), .userPrivileges(let id), .access(_, let id), .seed(let id):
            isMissing = users[id]?.existence == .deleted
        case .role(let id), .roleUsers(let id): isMissing = roles[id]?.existence == .deleted
        default: isMissing = false
        }
        return isMissing ? Self.notFound("") : nil
    }

    /// The console's words for what is not there.
    static func notFound(_ operation: String) -> APIError {
        APIError(
            .notFound, status: 404, operation: operation,
            message: "The resource does not exist or access is prohibited.", delivery: .answered)
    }
}

extension JSONValue {
    /// The text, or `null`.
    init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}

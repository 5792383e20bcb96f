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
        let document: JSONValue
        switch subject {
        case .user(let id), .userPrivileges(let id), .access(_, let id), .seed(let id):
            guard let user = users[id], user.existence == .planned, let base = user.base else { return nil }
            if case .user = subject { document = base.withLinks } else { document = ["links": [], "resources": []] }
        case .role(let id):
            guard let role = roles[id], role.existence == .planned, let known = role.document else { return nil }
            document = known
        case .roleUsers(let id):
            guard let role = roles[id], role.existence == .planned else { return nil }
            document = ["links": [], "resources": []]
        default: return nil
        }
        let laid = lay(over: document, subject)
        return (.success(OperationReply(body: (laid?.body ?? document).bytes(revealingSecrets: true))), true)
    }

    /// The server's answer as it would be after the changes so far.
    ///
    /// The same bytes if nothing in the plan concerns it. A page of users keeps the server's boundaries: who was deleted
    /// is missing from it, and who was created stands at the end of the last page, whatever the sort order.
    ///
    /// - Returns: the answer, and whether it holds what only the server can say, such as an identifier.
    public func overlay(_ call: OperationCall, _ reply: OperationReply) -> (reply: OperationReply, isGuess: Bool) {
        guard let subject = ReadSubject(call), concerns(subject), let body = try? JSONValue(parsing: reply.body),
            let laid = lay(over: body, subject, call)
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
    private func lay(
        over body: JSONValue, _ subject: ReadSubject, _ call: OperationCall? = nil
    ) -> (body: JSONValue, isGuess: Bool)? {
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
            guard let seed = users[id]?.seed else { return (body.replacing("resources", nil), false) }
            let isGuess = if case .unknown = seed { true } else { false }
            return (body.replacing("resources", nil).replacing("key", .secret(seed.secret)), isGuess)
        case .roles: return layRoles(over: body)
        case .role(let id):
            guard let role = roles[id], role.isChanged, let document = role.document else { return nil }
            return (document.replacing("links", body["links"]), false)
        case .roleUsers(let id): return layIDs(over: body) { inRole(id, $0) }
        case .sourceUsers(let id):
            return layIDs(over: body) { live in
                change(live) { _, user in user.givenSource.map { $0 == id } }
            }
        case .privilegeUsers(let name): return layIDs(over: body) { live in withPrivilege(name, live) }
        case .xpanseUsers: return (layXpanse(over: body) { layXpanseUser(over: $0) }, false)
        case .xpanseRoles: return (layXpanse(over: body) { layXpanseRole(over: $0) }, false)
        case .privileges, .sources: return nil
        }
    }

    // MARK: Users

    private func layUser(over element: JSONValue) -> (body: JSONValue, isGuess: Bool) {
        guard let id = element["id"]?.integerValue else { return (element, false) }
        let user = users[id]
        let laid = user?.applied(to: element) ?? element
        var isGuess = user?.existence == .planned
        guard let given = laid["role"]?.objectValue, let roleID = given["id"]?.stringValue,
            user?.givenRole != nil || roles[roleID]?.isChanged == true
        else { return (laid, isGuess) }
        var role = given
        if let document = roles[roleID]?.document {
            role["name"] = JSONValue(LocalizedText.plain(document["name"]))
            role["privileges"] = document["privileges"] ?? []
        } else if let former = element["role"], former["id"]?.stringValue == roleID {
            for key in ["name", "privileges"] { role[key] = former[key] }
        } else {
            isGuess = true
        }
        return (laid.replacing("role", .object(role)), isGuess)
    }

    private func layPage(over body: JSONValue) -> (body: JSONValue, isGuess: Bool) {
        guard let live = body["resources"]?.arrayValue else { return (body, false) }
        var isGuess = false
        var resources: [JSONValue] = []
        for element in live {
            if let id = element["id"]?.integerValue, users[id]?.existence == .deleted { continue }
            let laid = layUser(over: element)
            resources.append(laid.body)
            isGuess = isGuess || laid.isGuess
        }
        var page = body["page"]?.objectValue ?? [:]
        let planned = users.filter { $0.value.existence == .planned }.keys.sorted()
        let number = page["number"]?.integerValue ?? 0
        let pages = page["totalPages"]?.integerValue
        let isLast = pages.map { number == Swift.max(0, $0 - 1) } ?? live.isEmpty
        if isLast, !planned.isEmpty {
            for id in planned {
                guard let base = users[id]?.base else { continue }
                resources.append(layUser(over: base.withLinks).body)
            }
            isGuess = true
        }
        if let total = page["totalResources"]?.integerValue {
            let deleted = users.values.count { $0.existence == .deleted && $0.wasLive }
            page["totalResources"] = .integer(Swift.max(0, total - Int64(deleted)) + Int64(planned.count))
            if !planned.isEmpty, let pages { page["totalPages"] = .integer(Swift.max(1, pages)) }
        }
        return (body.replacing("resources", .array(resources)).replacing("page", .object(page)), isGuess)
    }

    // MARK: Lists of identifiers

    private func layIDs(over body: JSONValue, _ change: (Set<Int64>) -> Set<Int64>) -> (body: JSONValue, isGuess: Bool)?
    {
        let live = (body["resources"]?.arrayValue ?? []).compactMap(\.integerValue)
        let before = Set(live)
        let after = change(before)
        guard before != after else { return nil }
        let kept = live.filter(after.contains)
        let added = after.subtracting(before).sorted()
        // The server's order stays; it is mostly the ascending one.
        let isAscending = zip(kept, kept.dropFirst()).allSatisfy { $0 < $1 }
        let ids = isAscending ? (kept + added).sorted() : kept + added
        return (
            body.replacing("resources", .array(ids.map { .integer($0) })), added.contains { placeholder($0) != nil }
        )
    }

    /// `live` without whom the plan has deleted, and with or without those of whom `belongs` says so.
    private func change(_ live: Set<Int64>, _ belongs: (Int64, ShadowUser) -> Bool?) -> Set<Int64> {
        var found = live
        for (id, user) in users {
            if user.existence == .deleted {
                found.remove(id)
            } else if let isIn = belongs(id, user) {
                if isIn { found.insert(id) } else { found.remove(id) }
            }
        }
        return found
    }

    private func withPrivilege(_ name: String, _ live: Set<Int64>) -> Set<Int64> {
        func grants(_ role: String) -> Bool? { roles[role]?.privileges.map { $0.contains(.string(name)) } }
        var found = live
        // First whose role has changed, then whom the plan has given another.
        for (id, role) in roles where role.isChanged {
            guard let granted = grants(id), let holders = role.liveUsers else { continue }
            if granted { found.formUnion(holders) } else { found.subtract(holders) }
        }
        return change(found) { _, user in user.givenRole.flatMap(grants) }
    }

    /// The role of this user, if the user or the role has been changed.
    private func changedRole(of id: Int64) -> String? {
        if let given = users[id]?.givenRole { return given }
        return roles.first { $0.value.isChanged && $0.value.liveUsers?.contains(id) == true }?.key
    }

    // MARK: Roles

    private func layRoles(over body: JSONValue) -> (body: JSONValue, isGuess: Bool) {
        var seen: Set<String> = []
        var resources: [JSONValue] = []
        for element in body["resources"]?.arrayValue ?? [] {
            guard let id = element["id"]?.stringValue, let role = roles[id] else {
                resources.append(element)
                continue
            }
            seen.insert(id)
            if role.existence == .deleted { continue }
            if role.isChanged, let document = role.document {
                resources.append(document.replacing("links", element["links"]))
            } else {
                resources.append(element)
            }
        }
        resources += plannedRoles.filter { !seen.contains($0) }.compactMap { roles[$0]?.document }
        return (body.replacing("resources", .array(resources)), false)
    }

    // MARK: Xpanse

    private func layXpanse(over body: JSONValue, _ lay: (JSONValue) -> JSONValue) -> JSONValue {
        guard let elements = body["reply"]?.arrayValue else { return body }
        let laid = elements.map { element in
            element.arrayValue.map { .array($0.map(lay)) } ?? lay(element)
        }
        return body.replacing("reply", .array(laid))
    }

    private func layXpanseUser(over user: JSONValue) -> JSONValue {
        guard let email = user["user_email"]?.stringValue, let role = xpanse.givenRole(email) else { return user }
        return user.replacing("role_name", JSONValue(role))
    }

    private func layXpanseRole(over role: JSONValue) -> JSONValue {
        guard let name = role["pretty_name"]?.stringValue, let listed = role["users"]?.arrayValue else { return role }
        var emails = listed.filter { email in
            email.stringValue.flatMap { xpanse.givenRole($0) }.map { $0 == name } ?? true
        }
        let present = Set(emails.compactMap { $0.stringValue?.lowercased() })
        let added = xpanse.given.filter { $0.value == name && !present.contains($0.key) }.keys.sorted()
        emails += added.map { .string(xpanse.spelling(of: $0)) }
        return role.replacing("users", .array(emails))
    }
}

extension JSONValue {
    /// This object with another value for `key`, or without it.
    fileprivate func replacing(_ key: String, _ value: JSONValue?) -> JSONValue {
        guard var members = objectValue else { return self }
        members[key] = value
        return .object(members)
    }

    /// This object with an empty list of links.
    fileprivate var withLinks: JSONValue { replacing("links", []) }
}

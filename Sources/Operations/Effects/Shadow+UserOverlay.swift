extension Shadow {
    /// A user after the changes, alone or on a page.
    func layUser(over element: JSONValue) -> (body: JSONValue, isGuess: Bool) {
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

    /// A page of users after the changes.
    func layPage(over body: JSONValue) -> (body: JSONValue, isGuess: Bool) {
        guard let live = body["resources"]?.arrayValue else { return (body, false) }
        var isGuess = false
        var resources: [JSONValue] = []
        for element in live {
            if let id = element["id"]?.integerValue, users[id]?.existence == .deleted { continue }
            let laid = layUser(over: element)
            resources.append(laid.body)
            isGuess = isGuess || laid.isGuess
        }
        guard var page = body["page"]?.objectValue else {
            return (body.replacing("resources", .array(resources)), isGuess)
        }
        let planned = users.filter { $0.value.existence == .planned }.keys.sorted()
        let number = page["number"]?.integerValue ?? 0
        let pages = page["totalPages"]?.integerValue
        // A console that does not tell how many pages there are: rather nobody is added than somebody twice.
        let isShort = Int64(live.count) < page["size"]?.integerValue ?? 0 && (!live.isEmpty || number == 0)
        let isLast = pages.map { number == Swift.max(0, $0 - 1) } ?? isShort
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

    /// A list of identifiers after `change`; `nil` if it stays as it is.
    func layIDs(over body: JSONValue, _ change: (Set<Int64>) -> Set<Int64>) -> (body: JSONValue, isGuess: Bool)? {
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
    func change(_ live: Set<Int64>, _ belongs: (ShadowUser) -> Bool?) -> Set<Int64> {
        var found = live
        for (id, user) in users {
            if user.existence == .deleted {
                found.remove(id)
            } else if let isIn = belongs(user) {
                if isIn { found.insert(id) } else { found.remove(id) }
            }
        }
        return found
    }

    /// Those of `live` whose role still grants the privilege, and those whose role does now.
    func withPrivilege(_ name: String, _ live: Set<Int64>) -> Set<Int64> {
        func grants(_ role: String) -> Bool? { roles[role]?.privileges.map { $0.contains(.string(name)) } }
        var found = live
        // First whose role has changed, then whom the plan has given another.
        for (id, role) in roles where role.isChanged {
            guard let granted = grants(id), let holders = role.liveUsers else { continue }
            if granted { found.formUnion(holders) } else { found.subtract(holders) }
        }
        return change(found) { user in user.givenRole.flatMap(grants) }
    }

    /// The role of this user, if the user or the role has been changed.
    func changedRole(of id: Int64) -> String? {
        if let given = users[id]?.givenRole { return given }
        return roles.first { $0.value.isChanged && $0.value.liveUsers?.contains(id) == true }?.key
    }
}

/// Writes what the console answers, in the shapes of its specification.
struct ConsoleRenderer: Sendable {
    /// What links start with.
    let origin: String
    let writesRoleTextAsObjects: Bool

    private func link(_ rel: StaticString, _ path: String, _ out: inout ByteWriter) {
        out.raw("{\"href\":\"")
        out.raw(origin)
        out.raw(path)
        out.raw("\",\"rel\":\"")
        out.raw(rel)
        out.raw("\"}")
    }

    private func selfLink(_ path: String, _ out: inout ByteWriter) {
        out.raw("\"links\":[")
        link("self", path, &out)
        out.raw("]")
    }

    /// `{"links":[…]}`: the answer to most changes.
    func links(_ path: String) -> [UInt8] {
        var out = ByteWriter(capacity: 128)
        out.raw("{")
        selfLink(path, &out)
        out.raw("}")
        return out.bytes
    }

    /// `{"id":7,"links":[…]}`: the answer to a creation.
    func created(_ id: Int32) -> [UInt8] {
        var out = ByteWriter(capacity: 128)
        out.raw("{\"id\":")
        out.integer(id)
        out.raw(",")
        selfLink("/api/3/users/\(id)", &out)
        out.raw("}")
        return out.bytes
    }

    /// The body of every refusal; `status` is a number, whatever the specification says.
    func error(_ error: ConsoleError, path: String) -> [UInt8] {
        var out = ByteWriter(capacity: 256)
        out.raw("{\"status\":")
        out.integer(error.status)
        out.raw(",\"message\":")
        out.string(error.message)
        out.raw(",\"links\":[{\"href\":")
        out.string(origin + path)
        out.raw(",\"rel\":\"self\"}]}")
        return out.bytes
    }

    /// `{"key":"…","links":[…]}`, without a key if there is none.
    func seed(_ seed: String?, path: String) -> [UInt8] {
        var out = ByteWriter(capacity: 192)
        out.raw("{")
        if let seed {
            out.raw("\"key\":")
            out.string(seed)
            out.raw(",")
        }
        selfLink(path, &out)
        out.raw("}")
        return out.bytes
    }

    /// Bare ids.
    func references(_ ids: some Sequence<Int32>, path: String) -> [UInt8] {
        var out = ByteWriter(capacity: 256)
        out.raw("{")
        selfLink(path, &out)
        out.raw(",\"resources\":")
        out.array(ids) { out, id in out.integer(id) }
        out.raw("}")
        return out.bytes
    }

    /// Names of privileges.
    func privileges(_ names: [String], path: String) -> [UInt8] {
        var out = ByteWriter(capacity: 1024)
        out.raw("{")
        selfLink(path, &out)
        out.raw(",\"resources\":")
        out.array(names) { out, name in out.string(name) }
        out.raw("}")
        return out.bytes
    }

    /// The list of all resources of a kind.
    func resources<Elements: Sequence>(
        _ elements: Elements, path: String, _ write: (Elements.Element, inout ByteWriter) -> Void
    ) -> [UInt8] {
        var out = ByteWriter(capacity: 4096)
        out.raw("{")
        selfLink(path, &out)
        out.raw(",\"resources\":")
        out.array(elements) { out, element in write(element, &out) }
        out.raw("}")
        return out.bytes
    }

    func role(_ role: Role, _ out: inout ByteWriter) {
        let path = "/api/3/roles/\(PercentEncoding.encode(role.id))"
        out.raw("{\"description\":")
        roleText(role.summary, key: "role.description", &out)
        out.raw(",\"id\":")
        out.string(role.id)
        out.raw(",\"links\":[")
        link("self", path, &out)
        out.raw(",")
        link("Users", path + "/users", &out)
        out.raw("],\"name\":")
        roleText(role.name, key: "role.name", &out)
        out.raw(",\"privileges\":")
        out.array(role.privileges) { out, name in out.string(name) }
        out.raw("}")
    }

    private func roleText(_ text: String, key: String, _ out: inout ByteWriter) {
        guard writesRoleTextAsObjects else { return out.string(text) }
        out.raw("{\"key\":")
        out.string(key)
        out.raw(",\"defaultValue\":")
        out.string(text)
        out.raw(",\"arguments\":[]}")
    }

    func source(_ source: AuthenticationSource, _ out: inout ByteWriter) {
        out.raw("{\"external\":")
        out.boolean(source.isExternal)
        out.raw(",\"id\":")
        out.integer(source.id)
        out.raw(",")
        selfLink("/api/3/authentication_sources/\(source.id)", &out)
        out.raw(",\"name\":")
        out.string(source.name)
        out.raw(",\"type\":")
        out.string(source.type)
        out.raw("}")
    }

    /// One user. The hottest path of all: nothing is built that is not written.
    func user(_ user: User, role: Role?, source: AuthenticationSource?, _ out: inout ByteWriter) {
        out.raw("{\"authentication\":")
        if let source { self.source(source, &out) } else { out.raw("null") }
        if user.email != nil || user.flags.contains(.writesNull) {
            out.raw(",\"email\":")
            out.string(user.email)
        }
        out.raw(",\"enabled\":")
        out.boolean(user.isEnabled)
        out.raw(",\"id\":")
        out.integer(user.id)
        out.raw(",\"links\":[")
        userLink("self", user.id, "", &out)
        out.raw(",")
        userLink("Asset Groups", user.id, "/asset_groups", &out)
        out.raw(",")
        userLink("Sites", user.id, "/sites", &out)
        out.raw("]")
        if let locale = user.locale {
            out.raw(",\"locale\":{\"default\":")
            out.string(locale.language)
            out.raw(",\"reports\":")
            out.string(locale.reports)
            out.raw("}")
        } else if user.flags.contains(.writesNull) {
            out.raw(",\"locale\":null")
        }
        out.raw(",\"locked\":")
        out.boolean(user.isLocked)
        out.raw(",\"login\":")
        out.string(user.login)
        out.raw(",\"name\":")
        out.string(user.name)
        out.raw(",\"role\":{\"allAssetGroups\":")
        out.boolean(user.flags.contains(.allAssetGroups))
        out.raw(",\"allSites\":")
        out.boolean(user.flags.contains(.allSites))
        out.raw(",\"id\":")
        out.string(user.role)
        out.raw(",\"name\":")
        out.string(role?.name)
        out.raw(",\"privileges\":")
        out.array(role?.privileges ?? []) { out, name in out.string(name) }
        out.raw(",\"superuser\":")
        out.boolean(user.flags.contains(.superuser))
        out.raw("}}")
    }

    private func userLink(_ rel: StaticString, _ id: Int32, _ rest: StaticString, _ out: inout ByteWriter) {
        out.raw("{\"href\":\"")
        out.raw(origin)
        out.raw("/api/3/users/")
        out.integer(id)
        out.raw(rest)
        out.raw("\",\"rel\":\"")
        out.raw(rel)
        out.raw("\"}")
    }

    /// A page of users with the links to its neighbours.
    func page(_ ids: ArraySlice<Int32>, _ query: UserQuery, in state: ConsoleState) -> [UInt8] {
        let total = state.ids.count
        let pages = (total + query.size - 1) / query.size
        var out = ByteWriter(capacity: 512 + ids.count * 1024)
        out.raw("{\"links\":[")
        link("first", "/api/3/users?\(query.text(page: 0))", &out)
        if query.page > 0 {
            out.raw(",")
            link("prev", "/api/3/users?\(query.text(page: query.page - 1))", &out)
        }
        out.raw(",")
        link("self", "/api/3/users?\(query.text(page: query.page))", &out)
        if query.page + 1 < pages {
            out.raw(",")
            link("next", "/api/3/users?\(query.text(page: query.page + 1))", &out)
        }
        out.raw(",")
        link("last", "/api/3/users?\(query.text(page: Swift.max(0, pages - 1)))", &out)
        out.raw("],\"page\":{\"number\":")
        out.integer(query.page)
        out.raw(",\"size\":")
        out.integer(query.size)
        out.raw(",\"totalPages\":")
        out.integer(pages)
        out.raw(",\"totalResources\":")
        out.integer(total)
        out.raw("},\"resources\":")
        out.array(ids) { out, id in
            guard let user = state.user(id) else { return }
            self.user(user, role: state.roles[user.role], source: state.source(user.source), &out)
        }
        out.raw("}")
        return out.bytes
    }
}

import ConsoleSimulator
import Operations
import RunbookHost
import Testing

/// Every operation of the catalogue, called from Lua in a confined worker, over HTTP, against the simulator.
@Suite("Every operation, from Lua over HTTP")
struct EveryOperationTests {
    private static let password = "Fresh-Password-1!"
    private static let seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

    /// What the scripts below check with: results are compared by their JSON text, so that arrays stay arrays.
    private static let checks = """
        local function same(what, got, wanted)
          local left, right = json.encode(got), json.encode(wanted)
          if left ~= right then error(what .. ": " .. left .. " instead of " .. right, 2) end
        end
        local function nothing(what, ...)
          if select("#", ...) ~= 0 then error(what .. " answers " .. json.encode((...)), 2) end
        end
        local function has(list, value)
          for _, element in ipairs(list) do if element == value then return true end end
          return false
        end
        local function refused(what, kind, status, work, ...)
          local ok, failure = pcall(work, ...)
          if ok then error(what .. " was not refused", 2) end
          same(what, { failure.kind, failure.status }, { kind, status })
        end

        """

    /// The console's operations but the one of the own password; ends with the ids it used.
    private static let console = """
        runbook {
          title = "Every operation of the console",
          params = {
            password = { type = "secret", required = true }, seed = { type = "secret", required = true },
            locked = { type = "integer", required = true },
          },
          needs = {
            "users:read", "users:create", "users:update", "users:delete", "users:unlock", "users:access",
            "roles:read", "roles:update", "roles:delete", "privileges:read", "auth_sources:read", "twofa:read",
            "twofa:write", "secrets:reveal",
          },
        }

        """ + checks + """
            -- users
            local list, page = users.page { page = 1, size = 3, sort = { "id,DESC" } }
            assert(#list == 3 and list[1].id > list[2].id and list[2].id > list[3].id)
            assert(list[1].links == nil and list[1].authentication.links == nil)
            same("page", page, { number = 1, size = 3, totalPages = 14, totalResources = 41 })
            assert(#users.page {} == 10)

            local id = users.create {
              login = "ada", name = "Ada Lovelace", email = "ada@example.com", password = params.password,
              authentication = { type = "normal" }, role = { id = "user" },
            }
            assert(math.type(id) == "integer" and id == 42)
            local user = users.get(id)
            same("user", { user.id, user.login, user.name, user.email, user.enabled, user.locked, user.role.id },
              { id, "ada", "Ada Lovelace", "ada@example.com", true, false, "user" })
            same("authentication", user.authentication, { external = false, id = 2, name = "Builtin Users", type = "normal" })
            assert(user.links == nil and user.password == nil)
            refused("a second ada", "bad_request", 400, users.create, {
              login = "ada", name = "Another", password = params.password, role = { id = "user" },
            })

            user.name = "Ada King"
            nothing("users.update", users.update(id, user))
            same("new name", users.get(id).name, "Ada King")
            same("privileges", users.privileges(id), roles.get("user").privileges)

            assert(users.get(params.locked).locked)
            nothing("users.unlock", users.unlock(params.locked))
            same("locked", users.get(params.locked).locked, false)

            -- access
            for _, kind in ipairs { "site", "asset_group" } do
              local read, set = users[kind .. "s"], users["set_" .. kind .. "s"]
              same(kind, read(id), json.array {})
              nothing("set", set(id, { 3, 1, 2 }))
              same(kind, read(id), { 1, 2, 3 })
              nothing("add", users["add_" .. kind](id, 5))
              nothing("remove", users["remove_" .. kind](id, 2))
              same(kind, read(id), { 1, 3, 5 })
              nothing("remove all", users["remove_all_" .. kind .. "s"](id))
              same(kind, read(id), json.array {})
              refused("no such " .. kind, "not_found", 404, users["add_" .. kind], id, 77)
            end

            -- two factors
            assert(twofa.key(id) == nil)
            nothing("twofa.set", twofa.set(id, params.seed))
            local key = twofa.key(id)
            assert(tostring(key) == "‹secret›")
            same("seed", secrets.reveal(key), secrets.reveal(params.seed))
            local fresh = twofa.regenerate(id)
            assert(tostring(fresh) == "‹secret›" and secrets.reveal(fresh) ~= secrets.reveal(params.seed))
            same("new seed", secrets.reveal(twofa.key(id)), secrets.reveal(fresh))

            -- roles
            local found = {}
            for _, role in ipairs(roles.list()) do found[role.id] = role end
            assert(found["user"] and found["global-admin"] and found["Site Admin Custom"].links == nil)
            local name = "Night / Wächter 1%"
            nothing("roles.update", roles.update(name, {
              id = name, name = "Night", description = "Looks on at night", privileges = { "create-reports" },
            }))
            same("role", roles.get(name),
              { id = name, name = "Night", description = "Looks on at night", privileges = { "create-reports" } })
            same("users of the role", roles.users(name), json.array {})
            assert(has(roles.users("user"), id))
            refused("a role in use", "bad_request", 400, roles.delete, "user")
            nothing("roles.delete", roles.delete(name))
            refused("a role deleted", "not_found", 404, roles.get, name)

            -- privileges and authentication sources
            assert(has(privileges.list(), "manage-sites"))
            same("privilege", next(privileges.get("manage-sites")), nil)
            assert(has(privileges.users("create-reports"), id))
            refused("no such privilege", "not_found", 404, privileges.get, "fly")
            local sources = auth_sources.list()
            assert(#sources >= 5 and sources[1].links == nil)
            same("source", auth_sources.get(2), { external = false, id = 2, name = "Builtin Users", type = "normal" })
            assert(has(auth_sources.users(2), id) and not has(auth_sources.users(1), id))

            nothing("users.delete", users.delete(id))
            refused("a user deleted", "not_found", 404, users.get, id)
            return id
            """

    /// The own password of an account that another run has made.
    private static let ownPassword = """
        runbook {
          title = "The own password",
          params = { id = { type = "integer", required = true }, password = { type = "secret", required = true } },
          needs = { "users:read", "users:password" },
        }

        """ + checks + """
            refused("another's password", "unauthorized", 401, users.reset_password, 1, params.password)
            nothing("users.reset_password", users.reset_password(params.id, params.password))
            -- The password that this very target logs in with is the old one now.
            refused("the old password", "unauthorized", 401, users.get, params.id)
            """

    private static let xpanse = """
        runbook {
          title = "Every operation of Xpanse",
          params = { emails = { type = "array", required = true } },
          needs = { "xpanse:read", "xpanse:role" },
        }

        """ + checks + """
            local function role_of(email)
              for _, user in ipairs(xpanse.users()) do
                if user.user_email == email then return user.role_name end
              end
              error("no such user " .. email)
            end
            local first, second = params.emails[1], params.emails[2]
            xpanse.remove_role(params.emails)
            same("both", xpanse.set_role(params.emails, "Investigator"), 2)
            assert(math.type(xpanse.set_role({ first }, "Viewer")) == "integer")
            same("again", xpanse.set_role({ first }, "Viewer"), 0)
            same("roles", { role_of(first), role_of(second) }, { "Viewer", "Investigator" })
            same("removed", xpanse.remove_role({ first }), 1)
            same("no role", role_of(first), nil)
            local list = xpanse.roles { "Viewer", "Investigator" }
            same("roles read", { list[1].pretty_name, list[2].pretty_name }, { "Viewer", "Investigator" })
            local holds = false
            for _, email in ipairs(list[2].users) do holds = holds or email == second end
            assert(holds)
            local groups = xpanse.groups { "Night Shift" }
            same("groups", { #groups, groups[1].group_name }, { 1, "Night Shift" })
            refused("an unknown role", "unavailable", 500, xpanse.set_role, { first }, "Pilot")
            """

    private func expectSuccess(_ outcome: RunOutcome, _ place: SourceLocation = #_sourceLocation) {
        #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")", sourceLocation: place)
        #expect(outcome.isConfined, sourceLocation: place)
    }

    @Test("is called, answers what it should, and is a request of the specification")
    func all() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 40, lockedFraction: 0.2)) { console in
            var calls: [OperationCall] = []

            let locked = try #require(try await console.users().first { $0.isLocked && $0.isEnabled }).id
            let outcome = try await console.run(
                Self.console,
                [
                    "password": .string(Self.password), "seed": .string(Self.seed), "locked": .integer(locked),
                ])
            expectSuccess(outcome)
            #expect(outcome.result == 42)
            #expect(try await console.ledger() == Self.consoleLedger(locked: locked))
            calls += console.recorder.calls

            calls += try await changeOwnPassword(console)
            for login in [SimulatedConsole.XpanseLogin.standard, .advanced] {
                calls += try await callXpanse(console, login)
            }

            let called = Set(calls.map(\.operation.name))
            #expect(Set(Catalogue.standard.operations.map(\.name)).subtracting(called).sorted() == [])
            try expectSpecified(calls)
        }
    }

    /// The changes that the console's script makes, in order; refused ones leave no trace.
    private static func consoleLedger(locked: Int64) -> [SimulatedConsole.Change] {
        let user = "/api/3/users/42", role = "/api/3/roles/Night%20%2F%20W%C3%A4chter%201%25"
        let access = [("site", "sites"), ("asset_group", "asset_groups")].flatMap { one, many in
            [
                ("users.set_\(many)", "PUT", "\(user)/\(many)"), ("users.add_\(one)", "PUT", "\(user)/\(many)/5"),
                ("users.remove_\(one)", "DELETE", "\(user)/\(many)/2"),
                ("users.remove_all_\(many)", "DELETE", "\(user)/\(many)"),
            ]
        }
        let changes =
            [
                ("users.create", "POST", "/api/3/users"), ("users.update", "PUT", user),
                ("users.unlock", "DELETE", "/api/3/users/\(locked)/lock"),
            ] + access + [
                ("twofa.set", "PUT", "\(user)/2FA"), ("twofa.regenerate", "POST", "\(user)/2FA"),
                ("roles.update", "PUT", role), ("roles.delete", "DELETE", role), ("users.delete", "DELETE", user),
            ]
        return changes.map { SimulatedConsole.Change(operation: $0.0, method: $0.1, path: $0.2) }
    }

    /// Makes an account, changes its password as that account, and logs in with the new one.
    private func changeOwnPassword(_ console: SimulatedConsole) async throws -> [OperationCall] {
        let made = try await console.run(
            """
            runbook { params = { password = { type = "secret", required = true } }, needs = { "users:create" } }
            return users.create { login = "grace", name = "Grace", password = params.password, role = { id = "user" } }
            """, ["password": .string(Self.password)])
        let id = try #require(made.result.integerValue)
        let new = "Another-Password-2!"
        let before = try await console.ledger().count

        let grace = try SimulatedConsole(console.info, login: ("grace", Self.password))
        let calls = try await grace.use { grace in
            expectSuccess(try await grace.run(Self.ownPassword, ["id": .integer(id), "password": .string(new)]))
            return grace.recorder.calls
        }
        let login = try await SimulatedConsole(console.info, login: ("grace", new)).use { grace in
            try await grace.user(id).login
        }
        #expect(login == "grace")
        let changes = try await console.ledger().dropFirst(before)
        #expect(
            Array(changes) == [
                .init(operation: "users.reset_password", method: "PUT", path: "/api/3/users/\(id)/password")
            ])
        return calls
    }

    private func callXpanse(
        _ console: SimulatedConsole, _ login: SimulatedConsole.XpanseLogin
    ) async throws -> [OperationCall] {
        let before = try await console.ledger().count
        let calls = try await SimulatedConsole(console.info, xpanse: login).use { xpanse in
            let emails = console.info.xpanse.users.prefix(2).map { JSONValue.string($0) }
            expectSuccess(try await xpanse.run(Self.xpanse, ["emails": .array(Array(emails))]))
            return xpanse.recorder.calls
        }
        let changes = try await console.ledger().dropFirst(before)
        #expect(
            changes.map(\.operation) == [
                "xpanse.remove_role", "xpanse.set_role", "xpanse.set_role", "xpanse.set_role", "xpanse.remove_role",
            ])
        #expect(changes.allSatisfy { $0.method == "POST" && $0.path == "/public_api/v1/rbac/set_user_role/" })
        return calls
    }

    /// Each request to the console is exactly one of the specification's, with a body where that has one.
    private func expectSpecified(_ calls: [OperationCall]) throws {
        let specification = try SpecificationPaths()
        var met: Set<String> = []
        for call in calls {
            let request = try #require(OperationRequest(call))
            guard request.service == .console else {
                #expect(request.method == .post && request.body != nil)
                continue
            }
            let entries = specification.entries(for: request)
            let entry = try #require(entries.first, "\(request) is not in the specification")
            #expect(entries.count == 1, "\(request)")
            #expect((request.body != nil) == entry.hasBody, "\(request)")
            #expect(SpecificationPaths.query(of: request).isSubset(of: entry.query), "\(request)")
            if let body = request.body { _ = try JSONValue(parsing: body) }
            met.insert("\(entry.method) /\(entry.template.joined(separator: "/"))")
        }
        #expect(met.count == 32)
        #expect(met.count == specification.entries.count)
    }
}

import ConsoleSimulator
import FoundationEssentials
import Operations
import RunbookHost
import Testing

/// Plans, what is made of them, and what takes it back, through the command.
@Suite("The command: plan, apply, undo")
struct PlanTests {
    /// Changes of every kind that have an inverse, in parallel and one after the other.
    private static let everything = """
        runbook { title = "everything", params = { password = { type = "secret" } },
            needs = { "users:read", "users:create", "users:update", "users:access", "roles:read", "roles:update" } }
        parallel(users.each { enabled = true, source = "normal" }, 4, function(user)
            if user.id % 3 == 0 then users.disable(user.id) end
        end)
        local id = users.create { login = "new.one", name = "New One", password = params.password, role = { id = "user" } }
        users.set_sites(id, { 1, 2 })
        users.patch(4, { name = "Renamed", email = "renamed@example.com" })
        users.set_asset_groups(5, { 1 })
        roles.update("night-shift", { id = "night-shift", name = "Night shift", description = "At night", privileges = { "view-site-asset-data" } })
        users.patch(8, { role = { id = "night-shift" } })
        return { id = id, role = users.get(8).role.id, sites = users.sites(id) }
        """

    private static let configuration = SimulatorConfiguration(users: 20, lockedFraction: 0.3, seed: 3)

    private func with(
        _ source: String, _ body: (CommandHarness, SimulatorInfo, String) async throws -> Void
    ) async throws {
        try await CommandHarness.with(Self.configuration) { command, info in
            var command = command
            command.environment["NEW_PASSWORD"] = "Correct-Horse-7"
            try await body(command, info, try command.write(source))
        }
    }

    /// All that a console knows of its users and roles.
    private func state(_ info: SimulatorInfo) async throws -> String {
        try await SimulatedConsole(info).use { console in
            let outcome = try await console.run(
                """
                runbook { needs = { "users:read", "roles:read" } }
                local all = {}
                for user in users.each() do
                    all[#all + 1] = { user = user, sites = users.sites(user.id), groups = users.asset_groups(user.id) }
                end
                return { users = all, roles = roles.list() }
                """)
            return outcome.result.text
        }
    }

    @Test("a plan changes nothing, and its changes are those of its apply")
    func planEqualsApply() async throws {
        try await with(Self.everything) { command, info, file in
            let before = try await state(info)
            let planned = try await command.run(
                "plan", file, "--param", "password=env:NEW_PASSWORD", "-o", "p.plan", "--json")
            #expect(planned.status == 0, "\(planned.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
            #expect(try await state(info) == before)
            let plan = try JSONValue(parsing: planned.output)
            let listed = (plan["changes"]?.arrayValue ?? []).compactMap { $0["operation"]?.stringValue }
            #expect(listed.count > 8)

            let applied = try await command.run("apply", "p.plan", "--json")
            #expect(applied.status == 0, "\(applied.errors)")
            let ledger = try await CommandHarness.ledger(info)
            #expect(ledger.map(\.operation).sorted() == listed.sorted())
            #expect(!applied.errors.contains("not made"))

            let again = try await command.run("apply", "p.plan")
            #expect(again.status == 4)
            #expect(again.errors.contains("was applied before"), "\(again.errors)")
            #expect(try await CommandHarness.ledger(info) == ledger)
        }
    }

    @Test("an apply followed by its undo leaves the console as it was")
    func undo() async throws {
        try await with(Self.everything) { command, info, file in
            let before = try await state(info)
            _ = try await command.run("plan", file, "--param", "password=env:NEW_PASSWORD", "-o", "p.plan")
            let applied = try await command.run("apply", "p.plan")
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(try await state(info) != before)
            let undo = try await command.run("undo", "last", "-o", "u.plan")
            #expect(undo.status == 0, "\(undo.errors)")
            #expect(undo.output.contains("delete user new.one"), "\(undo.output)")
            let undone = try await command.run("apply", "u.plan")
            #expect(undone.status == 0, "\(undone.errors)")
            #expect(try await state(info) == before)
        }
    }

    @Test("undo names what it cannot take back")
    func losses() async throws {
        let source = """
            runbook { needs = { "users:read", "users:unlock", "users:delete", "twofa:write" } }
            users.unlock(users.find { locked = true, enabled = true }.id)
            twofa.regenerate(2)
            users.delete(19)
            """
        try await with(source) { command, _, file in
            let run = try await command.run("run", file)
            #expect(run.status == 0, "\(run.errors)")
            let undo = try await command.run("undo", "last", "-o", "u.plan")
            #expect(undo.status == 0, "\(undo.errors)")
            for operation in ["users.unlock", "twofa.regenerate", "users.delete"] {
                #expect(undo.errors.contains("cannot be taken back: \(operation)"), "\(undo.errors)")
            }
            #expect(undo.output.contains("no changes"))
        }
    }

    @Test("on a console that has changed, apply stops before the first wrong change")
    func changedConsole() async throws {
        let source = """
            runbook { needs = { "users:read", "users:unlock", "users:update", "users:access" } }
            users.patch(4, { name = "One" })
            users.patch(5, { name = "Two" })
            users.patch(6, { name = "Three" })
            """
        try await with(source) { command, info, file in
            _ = try await command.run("plan", file, "-o", "p.plan")
            // Somebody else renames the second user meanwhile.
            let other = try command.write(
                #"runbook { needs = { "users:read", "users:update", "users:access" } } users.patch(5, { name = "Else" })"#,
                to: "o.lua")
            #expect(try await command.run("run", other).status == 0)
            let before = try await CommandHarness.ledger(info)
            let applied = try await command.run("apply", "p.plan")
            #expect(applied.status == 4, "\(applied.errors)")
            #expect(applied.errors.contains("name was"), "\(applied.errors)")
            let made = try await CommandHarness.ledger(info).dropFirst(before.count)
            #expect(Set(made.map(\.path)).allSatisfy { $0.contains("/users/4") }, "\(made)")
            #expect(!made.isEmpty)
        }
    }

    @Test("a change that the plan does not list is not sent")
    func unlisted() async throws {
        let source = """
            runbook { needs = { "users:read", "users:unlock" } }
            local count = 0
            for user in users.each { locked = true, enabled = true } do
                count = count + 1
                if count <= 2 then users.unlock(user.id) end
            end
            """
        try await with(source) { command, info, file in
            _ = try await command.run("plan", file, "-o", "p.plan")
            let other = try command.write(
                #"runbook { needs = { "users:read", "users:unlock" } } users.unlock(users.find { locked = true, enabled = true }.id)"#,
                to: "o.lua")
            #expect(try await command.run("run", other).status == 0)
            let before = try await CommandHarness.ledger(info)
            let applied = try await command.run("apply", "p.plan")
            #expect(applied.status == 4)
            #expect(applied.errors.contains("is not in the plan"), "\(applied.errors)")
            #expect(try await CommandHarness.ledger(info).count == before.count + 1)
        }
    }

    @Test("a plan that was altered, has expired, or is for another target is refused")
    func refused() async throws {
        let source =
            #"runbook { needs = { "users:read", "users:update", "users:access" } } users.patch(4, { name = "One" })"#
        try await with(source) { command, info, file in
            _ = try await command.run("plan", file, "-o", "p.plan")
            let path = command.directory + "/p.plan"
            let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            let altered = text.replacing("\"One\"", with: "\"Two\"")
            #expect(altered != text)
            try Data(altered.utf8).write(to: URL(filePath: path))
            let first = try await command.run("apply", "p.plan")
            #expect(first.status == 4)
            #expect(first.errors.contains("was altered"), "\(first.errors)")

            _ = try await command.run("plan", file, "-o", "short.plan", "--expires", "1ms")
            let second = try await command.run("apply", "short.plan")
            #expect(second.status == 4)
            #expect(second.errors.contains("has expired"), "\(second.errors)")

            _ = try await command.run("plan", file, "-o", "other.plan")
            var elsewhere = command
            elsewhere.environment["RUNBOOK_CONSOLE_URL"] = info.url.replacing("127.0.0.1", with: "localhost")
            let third = try await elsewhere.run("apply", "other.plan")
            #expect(third.status == 4)
            #expect(third.errors.contains("was made for"), "\(third.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test("the exit code tells of changes only if that is asked for")
    func exitCodes() async throws {
        let source =
            #"runbook { needs = { "users:read", "users:update", "users:access" } } users.patch(4, { name = "One" })"#
        try await with(source) { command, _, file in
            #expect(try await command.run("plan", file).status == 0)
            #expect(try await command.run("plan", file, "--detailed-exit-code").status == 3)
            let nothing = try command.write(
                #"runbook { needs = { "users:read" } } return users.get(4).id"#, to: "n.lua")
            let outcome = try await command.run("plan", nothing, "--detailed-exit-code")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("Plan: no changes."))
        }
    }

    @Test("later reads of a plan see its changes, and what depends on a guess is marked")
    func shadow() async throws {
        let source = """
            runbook { needs = { "users:read", "users:unlock", "users:create", "users:access", "roles:read", "users:update" } }
            local locked = users.find { locked = true, enabled = true }
            users.unlock(locked.id)
            assert(users.get(locked.id).locked == false, "still locked")
            local id = users.create { login = "new.one", name = "New", password = "Correct-Horse-7", role = { id = "user" } }
            assert(users.find { login = "new.one" }.id == id, "not found")
            users.set_sites(id, { 3 })
            assert(users.sites(id)[1] == 3, "no site")
            users.patch(4, { role = { id = "site-admin" } })
            local found = false
            for _, user in ipairs(roles.users("site-admin")) do found = found or user == 4 end
            assert(found, "not in the role")
            """
        try await with(source) { command, info, file in
            let planned = try await command.run("plan", file)
            #expect(planned.status == 0, "\(planned.errors)")
            #expect(
                planned.output.contains("new.one (new) have site 3 and no others (conditional)"), "\(planned.output)")
            #expect(planned.output.contains("locked: true → false"))
            #expect(try await CommandHarness.ledger(info).isEmpty)
        }
    }

    @Test("--plan-first makes the planned changes, and --no-input fails instead of asking")
    func planFirst() async throws {
        let source =
            #"runbook { needs = { "users:read", "users:update", "users:access" } } users.patch(4, { name = "One" })"#
        try await with(source) { command, info, file in
            let refused = try await command.run("run", file, "--plan-first", "--no-input")
            #expect(refused.status == 64)
            #expect(refused.errors.contains("--yes"), "\(refused.errors)")
            #expect(try await CommandHarness.ledger(info).isEmpty)
            let made = try await command.run("run", file, "--plan-first", "--yes")
            #expect(made.status == 0, "\(made.errors)")
            #expect(made.errors.contains("name: "), "\(made.errors)")
            #expect(!(try await CommandHarness.ledger(info)).isEmpty)
        }
    }
}

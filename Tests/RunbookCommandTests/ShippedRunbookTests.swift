import ConsoleSimulator
import LuaMachine
import Logging
import Operations
import RunbookHost
import Testing

@Suite("The runbooks that ship with the product")
struct ShippedRunbookTests {
    static let names = [
        "access-review", "locked-users-report", "offboard-leaver", "rotate-twofa", "unlock-locked-users",
    ]

    @Test("have nothing to complain about", arguments: names)
    func checked(name: String) async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 1)) { console in
            let host = RunbookHost(
                transport: console.recorder, machines: .confined(try SimulatedConsole.supervisor.get()))
            #expect(await host.check(try SimulatedConsole.shipped(name)).map(\.description) == [])
            #expect(console.recorder.calls.isEmpty)
        }
    }

    // MARK: locked-users-report

    @Test("report the locked users of all roles or of one, and change nothing")
    func lockedUsers() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 700, lockedFraction: 0.2)) { console in
            let locked = try await console.users().filter(\.isLocked)
            let all = try await console.run(shipped: "locked-users-report")
            #expect(all.status == .succeeded)
            #expect(all.result["total"] == .integer(Int64(locked.count)))
            #expect(all.result["users"]?.arrayValue?.map(\.id) == locked.map(\.id))
            #expect(all.result["users"]?.arrayValue?.map(\.isEnabled) == locked.map(\.isEnabled))
            let counts = Dictionary(grouping: locked, by: \.role).mapValues { JSONValue.integer(Int64($0.count)) }
            #expect(all.result["by_role"] == .object(counts))

            let some = try await console.run(shipped: "locked-users-report", ["role": "user"])
            #expect(some.result["users"]?.arrayValue?.map(\.id) == locked.filter { $0.role == "user" }.map(\.id))
            let none = try await console.run(shipped: "locked-users-report", ["role": "no-such-role"])
            #expect(none.result == ["total": 0, "users": []])
            #expect(try await console.ledger().isEmpty)
        }
    }

    // MARK: offboard-leaver

    /// A leaver with a role, access, a seed of the second factor, and an account in Xpanse.
    private func leaver(_ console: SimulatedConsole) async throws -> JSONValue {
        let xpanse = try await console.xpanseRoles()
        for user in try await console.users() where user.isEnabled && user.role != "user" && user.id != 1 {
            guard let email = user["email"]?.stringValue, xpanse[email]?.isEmpty == false,
                user["role"]?["allSites"] == false, user["role"]?["allAssetGroups"] == false
            else { continue }
            let sites = try await console.references("users.sites", user.id)
            let groups = try await console.references("users.asset_groups", user.id)
            let seed = try await console.read("twofa.key", ["id": .integer(user.id)])["key"]
            if !sites.isEmpty, !groups.isEmpty, seed != nil { return user }
        }
        throw NotFound()
    }

    private struct NotFound: Error {}

    @Test("offboard a leaver on both systems, whatever the case of the address")
    func offboard() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 600)) { console in
            let user = try await leaver(console)
            let email = try #require(user["email"]?.stringValue)
            let seed = try await console.read("twofa.key", ["id": .integer(user.id)])["key"]
            let rolesBefore = try await console.xpanseRoles()
            let outcome = try await console.run(shipped: "offboard-leaver", ["email": .string(email.uppercased())])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            #expect(outcome.result["console_user"] == .integer(user.id))
            #expect(outcome.result["done"]?.arrayValue?.count == 6)
            #expect(
                try await console.ledger().map(\.operation) == [
                    "users.remove_all_sites", "users.remove_all_asset_groups", "users.update", "twofa.regenerate",
                    "xpanse.remove_role",
                ])

            let after = try await console.user(user.id)
            #expect(!after.isEnabled)
            #expect(after.role == "user")
            #expect(after["role"]?["superuser"] == false)
            for kept in ["login", "name", "email", "authentication", "locale"] { #expect(after[kept] == user[kept]) }
            #expect(try await console.references("users.sites", user.id) == [])
            #expect(try await console.references("users.asset_groups", user.id) == [])
            let newSeed = try await console.read("twofa.key", ["id": .integer(user.id)])["key"]
            #expect(newSeed != nil && newSeed != seed)
            var expected = rolesBefore
            expected[email] = ""
            #expect(try await console.xpanseRoles() == expected)
            #expect(!outcome.result.text.contains(newSeed?.stringValue ?? "?"))
        }
    }

    @Test("offboard on the console although Xpanse refuses, and say what is not done")
    func offboardWithoutXpanse() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 600)) { console in
            let user = try await leaver(console)
            let email = try #require(user["email"]?.stringValue)
            let other = try SimulatedConsole(console.info, xpanse: .unprivileged)
            let outcome = try await other.use {
                try await $0.run(shipped: "offboard-leaver", ["email": .string(email)])
            }
            #expect(outcome.status == .failed)
            #expect(outcome.error?.message.contains("not done for \(email): xpanse: remove role") == true)
            #expect(try await console.user(user.id).isEnabled == false)
            #expect(outcome.changes(.done).count == 4)
        }
    }

    @Test("offboard whom only Xpanse knows")
    func offboardFromXpanseOnly() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 20)) { console in
            let email = "kim@partner.example"
            let was = try #require(try await console.xpanseRoles()[email])
            let outcome = try await console.run(shipped: "offboard-leaver", ["email": .string(email)])
            #expect(outcome.status == .succeeded)
            #expect(outcome.result["console_user"] == nil)
            #expect(try await console.xpanseRoles()[email] == "")
            #expect(try await console.ledger().map(\.operation) == ["xpanse.remove_role"])
            let result = outcome.result["done"]?.arrayValue?.first?["result"]
            #expect(result?["removed"] == .integer(was.isEmpty ? 0 : 1))
        }
    }

    @Test("offboard nobody when two have the address")
    func offboardAmbiguous() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 20)) { console in
            let made = try await console.run(
                """
                runbook { params = { password = { type = "secret", required = true } }, needs = { "users:create" } }
                for _, login in ipairs { "twin1", "twin2" } do
                  users.create {
                    login = login, name = login, email = "Twin@example.com", password = params.password,
                    role = { id = "user" },
                  }
                end
                """, ["password": "Fresh-Password-1!"])
            #expect(made.status == .succeeded)
            let before = try await console.ledger()
            let outcome = try await console.run(shipped: "offboard-leaver", ["email": "twin@example.com"])
            #expect(outcome.status == .failed)
            #expect(outcome.error?.message.contains("two console users have the address") == true)
            #expect(try await console.ledger() == before)
        }
    }

    @Test("refuse to offboard what is no address")
    func offboardNobody() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 20)) { console in
            let outcome = try await console.run(shipped: "offboard-leaver", ["email": "ada"])
            #expect(outcome.status == .failed)
            #expect(outcome.error?.kind == "parameters")
            #expect(console.recorder.calls.isEmpty)
        }
    }

    // MARK: access-review

    @Test("review the access of all users, joined with Xpanse", arguments: [false, true])
    func accessReview(writesRoleTextAsObjects: Bool) async throws {
        let configuration = SimulatorConfiguration(users: 300, writesRoleTextAsObjects: writesRoleTextAsObjects)
        try await SimulatedConsole.with(configuration) { console in
            let users = try await console.users()
            let xpanse = try await console.xpanseRoles()
            let outcome = try await console.run(shipped: "access-review", ["xpanse": true])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            let entries = try #require(outcome.result["users"]?.arrayValue)
            #expect(entries.map(\.id) == users.map(\.id))
            for (entry, user) in zip(entries, users) {
                #expect(entry.login == user.login)
                #expect(entry["role"]?.stringValue == user.role)
                #expect(entry.isEnabled == user.isEnabled)
                #expect(entry.isLocked == user.isLocked)
                #expect(entry["source"] == user["authentication"]?["type"])
                let email = user["email"]?.stringValue
                #expect(entry["xpanse_role"]?.stringValue == email.flatMap { xpanse[$0] })
                if user["role"]?["allSites"] == true {
                    #expect(entry["sites"] == "all")
                } else {
                    #expect(entry["sites"]?.arrayValue != nil)
                }
            }
            let single = try #require(users.first { $0["role"]?["allSites"] == false })
            let sites = try await console.references("users.sites", single.id)
            #expect(entries.first { $0.id == single.id }?["sites"] == .array(sites.map { .integer($0) }))
            let admins = users.filter { $0.role == "global-admin" }
            #expect(
                outcome.result["totals"] == [
                    "users": .integer(Int64(users.count)), "global_administrators": .integer(Int64(admins.count)),
                    "disabled_administrators": .integer(Int64(admins.count { !$0.isEnabled })),
                ])
            #expect(entries.first { $0["role"] == "security-manager" }?["role_name"] == "Security Manager")
            #expect(try await console.ledger().isEmpty)

            let some = try await console.run(shipped: "access-review", ["role": "site-admin"])
            let siteAdmins = users.filter { $0.role == "site-admin" }
            #expect(some.result["users"]?.arrayValue?.map(\.id) == siteAdmins.map(\.id))
            #expect(some.result["users"]?.arrayValue?.allSatisfy { $0["xpanse_role"] == nil } == true)
        }
    }

    // MARK: rotate-twofa

    @Test("give one user a new second factor, and reveal it only if asked", arguments: [false, true])
    func rotateOne(reveal: Bool) async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 30)) { console in
            let user = try #require(try await console.users().last)
            let outcome = try await console.run(
                shipped: "rotate-twofa", ["login": .string(user.login), "reveal": .bool(reveal)])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            #expect(
                try await console.ledger() == [
                    .init(operation: "twofa.regenerate", method: "POST", path: "/api/3/users/\(user.id)/2FA")
                ])
            let seed = try #require(try await console.read("twofa.key", ["id": .integer(user.id)])["key"])
            let entry = try #require(outcome.result["rotated"]?.arrayValue?.first)
            #expect(entry["id"] == .integer(user.id))
            #expect(entry["seed"] == (reveal ? .some(seed) : .none))
        }
    }

    @Test("give every enabled user of a role who has a seed a new one")
    func rotateRole() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 300)) { console in
            var seeds: [Int64: JSONValue] = [:]
            for user in try await console.users() where user.role == "user" {
                seeds[user.id] = try await console.read("twofa.key", ["id": .integer(user.id)])["key"]
            }
            let enabled = Set(try await console.users().filter(\.isEnabled).map(\.id))
            let expected = Set(seeds.keys).intersection(enabled)
            #expect(expected.count > 3)
            let outcome = try await console.run(shipped: "rotate-twofa", ["role": "user"])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            let rotated = try #require(outcome.result["rotated"]?.arrayValue)
            #expect(rotated.map(\.id) == expected.sorted())
            #expect(rotated.allSatisfy { $0["seed"] == nil })
            let ledger = try await console.ledger()
            #expect(ledger.count == expected.count)
            #expect(Set(ledger.map(\.path)) == Set(expected.map { "/api/3/users/\($0)/2FA" }))
            for (id, old) in seeds {
                let new = try await console.read("twofa.key", ["id": .integer(id)])["key"]
                #expect((new != old) == expected.contains(id))
            }
        }
    }

    @Test("rotate nothing for nobody, for both kinds at once, or for an unknown login")
    func rotateWrong() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 10)) { console in
            for parameters: [String: JSONValue] in [[:], ["login": "admin", "role": "user"], ["login": "nobody"]] {
                let outcome = try await console.run(shipped: "rotate-twofa", parameters)
                #expect(outcome.status == .failed)
            }
            #expect(try await console.ledger().isEmpty)
        }
    }
}

import ConsoleSimulator
import FoundationEssentials
import Logging
import LuaMachine
import Operations
import RunbookHost
import Testing

/// What the tests in Lua beside the runbooks cannot say: thousands of users over HTTP, and an operator's policy.
@Suite("The runbooks that ship with the product")
struct ShippedRunbookTests {
    /// The names of the Lua files in their folder, without the ending.
    private static let files: [String] = {
        let folder = SimulatedConsole.repository + "/scripts/runbooks"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".lua") }.map { String($0.dropLast(4)) }.sorted()
    }()
    static let names = files.filter { !$0.hasSuffix("_test") }

    @Test("have nothing to complain about, and a test beside them", arguments: names)
    func checked(name: String) async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 1)) { console in
            let host = RunbookHost(
                transport: console.recorder, machines: .confined(try SimulatedConsole.supervisor.get()))
            #expect(await host.check(try SimulatedConsole.shipped(name)).map(\.description) == [])
            #expect(console.recorder.calls.isEmpty)
        }
        #expect(Self.files.contains("\(name)_test"))
    }

    @Test("are found, and no test among them is left over")
    func found() {
        #expect(Self.names.contains("unlock-locked-users"))
        let tested = Self.files.filter { $0.hasSuffix("_test") }.map { String($0.dropLast(5)) }
        #expect(Set(tested).subtracting(Self.names).isEmpty)
    }

    // MARK: What an operator withholds

    /// Runs a runbook for an operator who allows no more than this.
    private func run(
        _ name: String, _ parameters: [String: JSONValue], allowing capabilities: Set<Capability>,
        on console: SimulatedConsole
    ) async throws -> RunOutcome {
        let host = RunbookHost(
            transport: console.recorder, machines: .confined(try SimulatedConsole.supervisor.get()),
            policy: Policy(capabilities: capabilities), logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let options = RunOptions(parameters: parameters.mapValues { .value($0) })
        return await host.start(try SimulatedConsole.shipped(name), options: options).outcome
    }

    @Test("do without the capabilities that their parameters switch off")
    func narrowed() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 60, lockedFraction: 0.3)) { console in
            let narrow: [(name: String, parameters: [String: JSONValue], capabilities: Set<Capability>)] = [
                ("lock-triage", [:], ["users:read"]),
                ("twofa-gaps", [:], ["users:read", "roles:read", "twofa:read"]),
                ("rotate-twofa", ["role": "user"], ["users:read", "twofa:read", "twofa:write"]),
            ]
            for (name, parameters, capabilities) in narrow {
                let outcome = try await run(name, parameters, allowing: capabilities, on: console)
                #expect(outcome.status == .succeeded, "\(name): \(outcome.error?.message ?? "")")
            }
        }
    }

    @Test("change nothing that the operator has not allowed, and say what is missing")
    func denied() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 60, lockedFraction: 0.3)) { console in
            let locked = try #require(try await console.users().first { $0.isLocked && $0.isEnabled })
            let outcome = try await run(
                "lock-triage", ["unlock": .string(locked.login)], allowing: ["users:read"], on: console)
            #expect(outcome.status == .stopped)
            #expect(outcome.error?.kind == "denied")
            #expect(outcome.error?.message.contains("users:unlock") == true)
            #expect(try await console.ledger().isEmpty)
        }
    }

    // MARK: Thousands of users

    @Test("review the access of thousands of users", arguments: [false, true])
    func accessReview(writesRoleTextAsObjects: Bool) async throws {
        let configuration = SimulatorConfiguration(users: 1_200, writesRoleTextAsObjects: writesRoleTextAsObjects)
        try await SimulatedConsole.with(configuration) { console in
            let users = try await console.users()
            let outcome = try await console.run(shipped: "access-review")
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            let entries = try #require(outcome.result["users"]?.arrayValue)
            #expect(entries.map(\.id) == users.map(\.id))
            for (entry, user) in zip(entries, users) {
                #expect(entry.login == user.login)
                #expect(entry["role"]?.stringValue == user.role)
                #expect(entry.isEnabled == user.isEnabled)
                #expect(entry.isLocked == user.isLocked)
                #expect(entry["source"] == user["authentication"]?["type"])
                if user["role"]?["allSites"] == true {
                    #expect(entry["sites"] == "all")
                } else {
                    #expect(entry["sites"]?.arrayValue != nil)
                }
            }
            let single = try #require(users.last { $0["role"]?["allSites"] == false })
            let sites = try await console.references("users.sites", single.id)
            #expect(entries.first { $0.id == single.id }?["sites"] == .array(sites.map { .integer($0) }))
            let administrators = users.filter { $0.role == "global-admin" }
            #expect(
                outcome.result["totals"] == [
                    "users": .integer(Int64(users.count)),
                    "enabled": .integer(Int64(users.count(where: \.isEnabled))),
                    "locked": .integer(Int64(users.count(where: \.isLocked))),
                    "global_administrators": .integer(Int64(administrators.count)),
                    "disabled_administrators": .integer(Int64(administrators.count { !$0.isEnabled })),
                ])
            #expect(entries.first { $0["role"] == "security-manager" }?["role_name"] == "Security Manager")

            let table = try await console.run(shipped: "access-review", ["format": "csv"])
            let lines = try #require(table.result.stringValue).split(separator: "\n")
            #expect(lines.count == users.count + 1)
            #expect(lines.first?.hasPrefix("id,login,name,email,enabled,locked,source,role,") == true)
            #expect(try await console.ledger().isEmpty)
        }
    }

    @Test("report every locked one of thousands of users, and unlock the one who is chosen")
    func lockTriage() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 1_200, lockedFraction: 0.1)) { console in
            let locked = try await console.users().filter(\.isLocked)
            let chosen = try #require(locked.last { $0.isEnabled })
            let outcome = try await console.run(shipped: "lock-triage", ["unlock": .string(chosen.login)])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            #expect(outcome.result["users"]?.arrayValue?.map(\.id) == locked.map(\.id))
            #expect(outcome.result["users"]?.arrayValue?.map(\.isEnabled) == locked.map(\.isEnabled))
            let byRole = Dictionary(grouping: locked, by: \.role).sorted { $0.key < $1.key }
            let counts = byRole.map { role, users -> JSONValue in
                ["role": .string(role), "locked": .integer(Int64(users.count))]
            }
            #expect(outcome.result["totals"]?["by_role"] == .array(counts))
            #expect(outcome.result["unlocked"] == [["id": .integer(chosen.id), "login": .string(chosen.login)]])
            #expect(
                try await console.ledger() == [
                    .init(operation: "users.unlock", method: "DELETE", path: "/api/3/users/\(chosen.id)/lock")
                ])
        }
    }

    @Test("give every enabled user of a role who has a seed a new one, and show them only if asked")
    func rotate() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 1_200)) { console in
            func seeds() async throws -> [Int64: JSONValue] {
                var seeds: [Int64: JSONValue] = [:]
                for user in try await console.users() where user.role == "site-admin" {
                    seeds[user.id] = try await console.read("twofa.key", ["id": .integer(user.id)])["key"]
                }
                return seeds
            }
            let before = try await seeds()
            let enabled = Set(try await console.users().filter(\.isEnabled).map(\.id))
            let expected = Set(before.keys).intersection(enabled)
            #expect(expected.count > 3)
            let outcome = try await console.run(shipped: "rotate-twofa", ["role": "site-admin"])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            let rotated = try #require(outcome.result["rotated"]?.arrayValue)
            #expect(Set(rotated.map(\.id)) == expected)
            #expect(rotated.allSatisfy { $0["seed"] == nil })
            #expect(Set(try await console.ledger().map(\.path)) == Set(expected.map { "/api/3/users/\($0)/2FA" }))
            let after = try await seeds()
            for (id, old) in before { #expect((after[id] != old) == expected.contains(id)) }

            let chosen = try #require(rotated.first)
            let again = try await console.run(
                shipped: "rotate-twofa", ["login": .string(chosen.login), "reveal": true])
            let seed = try #require(try await console.read("twofa.key", ["id": .integer(chosen.id)])["key"])
            #expect(seed != after[chosen.id])
            #expect(again.result["rotated"]?.arrayValue?.map { $0["seed"] } == [seed])
            #expect(try await console.ledger().count == expected.count + 1)
        }
    }
}

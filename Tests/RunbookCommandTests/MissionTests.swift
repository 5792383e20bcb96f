import ConsoleSimulator
import Operations
import RESTClient
import RunbookHost
import Testing

@Suite("The mission: unlock every locked user of a role")
struct MissionTests {
    private static let role = "tier-1-support"

    private func configuration(
        faults: Faults = Faults(), users: Int = 2_000, locked: Int = 200
    ) -> SimulatorConfiguration {
        SimulatorConfiguration(
            users: users, lockedInRole: LockedRole(role: Self.role, count: locked), seed: 7, faults: faults)
    }

    private func lockedInRole(_ users: [JSONValue]) -> [JSONValue] {
        users.filter { $0.isLocked && $0.role == Self.role }
    }

    /// How the runbook lists people: by login, each with what else is said of them all.
    private func entries(_ users: [JSONValue], _ more: [String: JSONValue] = [:]) -> JSONValue {
        let sorted = users.sorted { $0.login < $1.login }
        return .array(
            sorted.map { user in
                let entry: [String: JSONValue] = ["id": .integer(user.id), "login": .string(user.login)]
                return .object(entry.merging(more) { own, _ in own })
            })
    }

    @Test("unlocks exactly the 200 of 2,000 users, and the second run changes nothing")
    func exactly() async throws {
        try await SimulatedConsole.with(configuration()) { console in
            let before = try await console.users()
            #expect(before.count == 2_001)
            let locked = lockedInRole(before)
            #expect(locked.count == 200)
            let lockedElsewhere = before.filter { $0.isLocked && $0.role != Self.role }
            #expect(!lockedElsewhere.isEmpty)

            let outcome = try await console.run(shipped: "unlock-locked-users", ["role": .string(Self.role)])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            #expect(outcome.isConfined)
            #expect(outcome.changes(.done).count == 200)
            #expect(outcome.changes.count == 200)
            #expect(outcome.result["unlocked"] == entries(locked))
            #expect(outcome.result["skipped"] == [])

            let ledger = try await console.ledger()
            #expect(ledger.count == 200)
            #expect(
                Set(ledger)
                    == Set(
                        locked.map {
                            SimulatedConsole.Change(
                                operation: "users.unlock", method: "DELETE", path: "/api/3/users/\($0.id)/lock")
                        }))

            let after = try await console.users()
            #expect(after.filter(\.isLocked) == lockedElsewhere)
            let ids = Set(locked.map(\.id))
            #expect(after.filter { !ids.contains($0.id) } == before.filter { !ids.contains($0.id) })

            let second = try await console.run(shipped: "unlock-locked-users", ["role": .string(Self.role)])
            #expect(second.status == .succeeded)
            #expect(second.result == ["unlocked": [], "skipped": [], "totals": ["unlocked": 0, "skipped": 0]])
            #expect(second.changes.isEmpty)
            #expect(try await console.ledger() == ledger)
        }
    }

    @Test("unlocks every one through resets, refusals and replies cut short, and counts each user once")
    func throughFaults() async throws {
        let faults = Faults(
            resetBefore: 0.03, resetAfter: 0.03, tooMany: 0.03, unavailable: 0.03, truncate: 0.03, retryAfter: nil)
        try await SimulatedConsole.with(configuration(faults: faults, users: 600, locked: 200)) { console in
            let locked = lockedInRole(try await console.users())
            #expect(locked.count == 200)
            let outcome = try await console.run(shipped: "unlock-locked-users", ["role": .string(Self.role)])
            #expect(outcome.status == .succeeded, "\(outcome.error?.message ?? "")")
            #expect(outcome.changes.count == 200)
            #expect(outcome.changes(.done).count == 200)
            #expect(outcome.result["unlocked"] == entries(locked))
            #expect(lockedInRole(try await console.users()).isEmpty)
            // An answer that was lost makes the change twice; never one that nobody asked for.
            let ledger = try await console.ledger()
            #expect(ledger.count > 200)
            #expect(Set(ledger.map(\.path)) == Set(locked.map { "/api/3/users/\($0.id)/lock" }))
        }
    }

    @Test("tells which changes are done and which nobody knows of, when it may not try again")
    func truth() async throws {
        let faults = Faults(
            resetBefore: 0.05, resetAfter: 0.05, unavailable: 0.05, retryAfter: nil,
            applies: { method, _ in method == "DELETE" })
        try await SimulatedConsole.with(configuration(faults: faults, users: 600), retry: .never) { console in
            let outcome = try await console.run(shipped: "unlock-locked-users", ["role": .string(Self.role)])
            #expect(outcome.status == .failed)
            #expect(outcome.error?.value["operation"] == "users.unlock")
            func paths(_ changes: [ChangeRecord]) -> Set<String> {
                Set(changes.compactMap { $0.arguments["id"]?.integerValue }.map { "/api/3/users/\($0)/lock" })
            }
            let carriedOut = Set(try await console.ledger().map(\.path))
            let done = paths(outcome.changes(.done)), unknown = paths(outcome.changes(.unknown))
            let failed = paths(outcome.changes(.failed))
            #expect(outcome.changes(.pending).isEmpty)
            #expect(!done.isEmpty)
            #expect(done.isSubset(of: carriedOut))
            #expect(failed.isDisjoint(with: carriedOut))
            #expect(carriedOut.isSubset(of: done.union(unknown)))
        }
    }

    @Test("leaves the disabled ones alone and names them")
    func disabled() async throws {
        try await SimulatedConsole.with(SimulatorConfiguration(users: 300, lockedFraction: 0.4)) { console in
            let before = try await console.users()
            let locked = before.filter { $0.isLocked && $0.role == "user" }
            let enabled = locked.filter(\.isEnabled), disabled = locked.filter { !$0.isEnabled }
            #expect(!enabled.isEmpty)
            #expect(!disabled.isEmpty)
            let outcome = try await console.run(shipped: "unlock-locked-users", ["role": "user"])
            #expect(outcome.status == .succeeded)
            #expect(
                outcome.result == [
                    "unlocked": entries(enabled),
                    "skipped": entries(disabled, ["reason": "disabled"]),
                    "totals": [
                        "unlocked": .integer(Int64(enabled.count)), "skipped": .integer(Int64(disabled.count)),
                    ],
                ])
            #expect(Set(try await console.ledger().map(\.path)) == Set(enabled.map { "/api/3/users/\($0.id)/lock" }))
        }
    }
}

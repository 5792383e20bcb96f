import LuaMachine
import Operations
import RunbookHost
import Testing

/// Many confined runs of one host at the same time.
@Suite("A crowd of runs")
struct CrowdTests {
    /// One run of the crowd.
    private enum Member {
        case honest(first: Int64, Run)
        case hostile(HostileScript, RunLimits, Run)
    }

    private static let half = 100
    private static let usersEach: Int64 = 10

    private static let honest = Runbook(
        name: "honest.lua",
        source: """
            runbook {
              needs = { "users:read", "users:unlock" },
              params = { first = { type = "integer", required = true } },
            }
            local logins = {}
            for id = params.first, params.first + \(usersEach - 1) do
              logins[#logins + 1] = users.get(id).login
              users.unlock(id)
            end
            return logins
            """)

    /// Scripts of all kinds of attack that need no more memory than everybody has here.
    private static var attackers: [HostileScript] {
        let scripts = HostileScript.all.filter { $0.limits.memory <= 16 << 20 }
        return (0..<half).map { scripts[$0 * scripts.count / half % scripts.count] }
    }

    @Test("ends: two hundred at once, half of them hostile, every honest one right", .timeLimit(.minutes(5)))
    func crowd() async throws {
        try #require(HostileScript.all.count >= Self.half)
        let harness = HostHarness(.confined) { PretendedConsole.answer($0) }
        let host = try harness.host()
        var members: [Member] = []
        for (index, script) in Self.attackers.enumerated() {
            var hostile = RunOptions()
            hostile.limits = script.limits
            // Who is to be stopped is stopped by time at the latest; who is not, may take its time among so many.
            if script.expectation.isLimit { hostile.limits.time = .seconds(2) }
            members.append(.hostile(script, hostile.limits, host.start(script.runbook, options: hostile)))

            let first = 1_000_000 + Int64(index) * Self.usersEach
            let options = RunOptions(parameters: ["first": .text("\(first)")])
            members.append(.honest(first: first, host.start(Self.honest, options: options)))
        }

        for member in members {
            switch member {
            case .honest(let first, let run):
                let outcome = await run.outcome
                #expect(outcome.status == .succeeded, "\(outcome.json)")
                #expect(outcome.result == .array((first..<first + Self.usersEach).map { .string("user\($0)") }))
                #expect(outcome.calls == 2 * Int(Self.usersEach))
                #expect(outcome.changes(.done).count == Int(Self.usersEach))
            case .hostile(let script, let limits, let run):
                let outcome = await run.outcome
                #expect(outcome.status == script.expectation.status, "\(script.name): \(outcome.json)")
                // The limit holds to a tenth of a second on a machine that has the time; this one is full.
                #expect(outcome.duration < limits.time + .seconds(20), "\(script.name)")
            }
        }
        var calls: [String: Int] = [:]
        for call in harness.transport.sent {
            guard let id = call.arguments["id"]?.integerValue, id >= 1_000_000 else { continue }
            calls["\(call.operation.name) \(id)", default: 0] += 1
        }
        #expect(calls.count == Self.half * 2 * Int(Self.usersEach), "each call of the honest was made")
        #expect(calls.values.allSatisfy { $0 == 1 }, "and none was made twice")
    }
}

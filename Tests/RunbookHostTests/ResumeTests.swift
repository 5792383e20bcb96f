import Operations
import RunbookHost
import Synchronization
import Testing

/// Runs that are cut short at any moment and taken up again.
@Suite struct ResumeTests {
    static let script = """
        runbook { title = "everything", needs = { "users:read", "users:unlock", "users:create", "users:update",
            "users:access", "twofa:write" } }
        local seeds = {}
        parallel(users.each { locked = true }, 3, function(user)
            users.unlock(user.id)
            if user.id % 2 == 0 then users.set_sites(user.id, { 7, user.id }) end
        end)
        local id = users.create { login = "new", name = "New", password = secrets.generate(), role = { id = "user" } }
        users.set_sites(id, { 1, 2 })
        users.patch(3, { name = "Three " .. os.time() })
        log.info("half", { at = os.time(), dice = math.random(1000) })
        for i = 1, 2 do seeds[i] = tostring(twofa.regenerate(i)) end
        return { id = id, seeds = seeds, locked = users.get(5).locked }
        """

    private static let runbook = Runbook(name: "test.lua", source: script)

    private func undisturbed() async throws -> (world: MortalWorld, outcome: RunOutcome) {
        let world = MortalWorld()
        world.live()
        let outcome = await try world.host().start(Self.runbook).outcome
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        return (world, outcome)
    }

    @Test func aRunLeavesItsJournalItsRecordAndItsAuditLines() async throws {
        let (world, outcome) = try await undisturbed()
        let record = try await world.memory.run(outcome.id)
        #expect(record.status == .succeeded)
        #expect(record.title == "everything")
        #expect(record.changes == ["done": outcome.changes.count])
        let rows = try await world.memory.journal(of: outcome.id, after: 0, limit: 10_000)
        #expect(rows.count { $0.kind == .change } == outcome.changes.count)
        #expect(rows.count { $0.kind == .intent } == rows.count { $0.kind == .outcome })
        #expect(rows.count { $0.kind == .log } == 1)
        let lines = try await world.memory.auditLines(after: 0, limit: 10_000)
        #expect(lines.count == outcome.calls + outcome.changes.count + 2)
    }

    @Test func everyChangeStandsInTheJournalBeforeItIsSent() async throws {
        let (world, outcome) = try await undisturbed()
        let rows = try await world.memory.journal(of: outcome.id, after: 0, limit: 10_000)
        for row in rows where row.kind == .outcome {
            let isChange = rows.contains { $0.kind == .change && $0.call == row.call }
            guard isChange else { continue }
            let change = try #require(rows.first { $0.kind == .change && $0.call == row.call })
            #expect(change.sequence < row.sequence)
        }
        #expect(Set(world.ledger).count == world.ledger.count)
    }

    /// What is left after a life that ended at a boundary and as many more as it takes.
    private func ledger(after boundary: MortalWorld.Boundary, _ kind: MachineKind) async throws -> (
        world: MortalWorld, outcome: RunOutcome?, decisions: Int
    ) {
        let world = MortalWorld()
        world.live(until: boundary)
        let first = await try world.host(kind).start(Self.runbook, options: RunOptions()).outcome
        guard world.wasKilled else { return (world, nil, 0) }
        var decisions = 0
        for _ in 0..<5 {
            world.live()
            let host = try world.host(kind)
            let resumed: Result<Run, ResumeError>
            do throws(ResumeError) { resumed = .success(try await host.resume(first.id)) } catch {
                resumed = .failure(error)
            }
            switch resumed {
            case .success(let run):
                let outcome = await run.outcome
                if outcome.status != .needsDecision { return (world, outcome, decisions) }
            case .failure(.undecided):
                decisions += 1
                try await decide(host, world, first.id)
            case .failure(.store(.unknown)):
                // It died before anything of it was recorded: it is started anew.
                return (world, await host.start(Self.runbook).outcome, decisions)
            case .failure(.refused):
                // It died after its end was recorded, and nobody had heard of it.
                let record = try await world.memory.run(first.id)
                #expect(record.status == .succeeded)
                return (world, nil, decisions)
            case .failure(let error): throw error
            }
        }
        return (world, nil, decisions)
    }

    /// Looks at the console, as a person would, and says what became of the calls in question.
    private func decide(_ host: RunbookHost, _ world: MortalWorld, _ run: String) async throws {
        let rows = try await world.memory.journal(of: run, after: 0, limit: 10_000)
        for row in rows where row.kind == .change && row.name == "twofa.regenerate" {
            guard !rows.contains(where: { [.outcome, .decision].contains($0.kind) && $0.call == row.call }) else {
                continue
            }
            let intent = try #require(rows.first { $0.kind == .intent && $0.call == row.call })
            let user = try #require(try JSONValue(parsing: intent.content)["id"]?.integerValue)
            let seed = world.state.withLock { $0.seeds[user] }
            try await host.decide(
                run: run, call: row.call, wasSent: seed != nil, value: seed.map { .secret(SecretValue($0)) } ?? .null,
                actor: "test")
        }
    }

    @Test(arguments: MachineKind.allCases)
    func killedAnywhereAndResumedItDoesEverythingOnce(kind: MachineKind) async throws {
        let (calm, expected) = try await undisturbed()
        let (commits, requests) = calm.counts
        var boundaries: [MortalWorld.Boundary] = []
        for number in 1...commits { boundaries += [.beforeCommit(number), .afterCommit(number)] }
        for number in 1...requests { boundaries += [.beforeRequest(number), .afterRequest(number)] }
        var kills = 0, decisions = 0
        for boundary in boundaries {
            let (world, outcome, decided) = try await ledger(after: boundary, kind)
            // How many commits are shared varies: a life may end before the boundary.
            guard let outcome else { continue }
            kills += 1
            decisions += decided
            #expect(outcome.status == .succeeded, "\(boundary): \(String(describing: outcome.error))")
            let unsafe = world.ledger.filter { $0.hasPrefix("twofa") || $0.hasPrefix("users.create") }
            #expect(unsafe.count == 3 && Set(unsafe).count == 3, "\(boundary): \(world.ledger)")
            #expect(Set(world.ledger) == Set(calm.ledger), "\(boundary)")
            #expect(outcome.result["id"] == expected.result["id"], "\(boundary)")
            #expect(world.state.withLock(\.sites) == calm.state.withLock(\.sites), "\(boundary)")
        }
        #expect(kills > requests, "\(kills) of \(boundaries.count)")
        #expect(decisions >= 2)
    }
}

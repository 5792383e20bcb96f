import Operations
import RunbookHost
import Synchronization
import Testing

/// What a session plans, sends and applies.
@Suite(.timeLimit(.minutes(2))) struct SessionPlanTests {
    @Test func inPlanModeNothingIsSentAndLaterReadsAnswerAsIfItWere() async throws {
        try await SessionHarness.with { harness in
            let outcome = await harness.must("users.unlock(3)")
            #expect(outcome.planned.map(\.operation) == ["users.unlock"])
            #expect(
                await harness.must("return users.get(3).locked, users.get(4).locked").values == [
                    .bool(false), .bool(true),
                ])
            #expect(harness.world.ledger.isEmpty)
            await harness.must("users.unlock(4)")
            #expect(await harness.session.planned.map(\.number) == [1, 2])
        }
    }

    @Test func whatAFailedStatementPlannedIsDropped() async throws {
        try await SessionHarness.with { harness in
            await harness.must("users.unlock(1)")
            let failed = await harness.type("users.unlock(2) users.unlock(3) error('no')")
            #expect(failed.planned.isEmpty)
            #expect(failed.dropped == 2)
            #expect(await harness.session.planned.count == 1)
            #expect(await harness.must("return users.get(2).locked").values == [.bool(true)])
        }
    }

    @Test func applyingSendsWhatIsPlannedInItsOrderAndNothingElse() async throws {
        try await SessionHarness.with { harness in
            await harness.must("users.unlock(3)")
            await harness.must("for id = 5, 6 do users.unlock(id) end users.set_sites(2, { 7, 8 })")
            let applied = try await harness.apply()
            #expect(applied.status == .succeeded, "\(applied.error?.message ?? "")")
            #expect(
                harness.world.ledger == ["users.unlock 3", "users.unlock 5", "users.unlock 6", "users.set_sites 2"])
            #expect(await harness.session.planned.isEmpty)
            #expect(await harness.session.script == nil)
            #expect(await harness.must("return users.get(3).locked").values == [.bool(false)])
        }
    }

    @Test func whatThePlanItselfCreatesIsKnownByTheIDThatItGets() async throws {
        try await SessionHarness.with { harness in
            await harness.must(
                "id = users.create { login = 'new', name = 'New \"one\"\\n', password = secrets.generate(), role = { id = 'user' } }"
            )
            await harness.must("users.set_sites(id, { 1 })")
            let script = try #require(await harness.session.script)
            let source = String(decoding: script.runbook.source, as: UTF8.self)
            #expect(source.contains("created[1] = users.create"))
            #expect(source.contains("users.set_sites(created[1], { 1 })"))
            #expect(source.contains("params.secret_1"))
            #expect(script.parameters.keys.sorted() == ["secret_1"])
            let applied = try await harness.apply()
            #expect(applied.status == .succeeded, "\(applied.error?.message ?? "")")
            #expect(harness.world.ledger == ["users.create new", "users.set_sites 101"])
        }
    }

    @Test func aPatchIsAppliedAsTheChangesThatItWasPlannedAs() async throws {
        try await SessionHarness.with { harness in
            await harness.must("users.patch(3, { name = 'Three' })")
            let applied = try await harness.apply()
            #expect(applied.status == .succeeded, "\(applied.error?.message ?? "")")
            #expect(harness.world.ledger == ["users.update user3", "users.set_sites 3"])
            #expect(harness.world.state.withLock { $0.sites[3] } == [3])
        }
    }

    @Test func whatCouldNotBeMadeStaysPlanned() async throws {
        try await SessionHarness.with(transport: { SessionTransport(world: $0, refused: 5) }) { harness in
            await harness.must("for id = 4, 6 do users.unlock(id) end")
            let applied = try await harness.apply()
            #expect(applied.status == .failed)
            #expect(harness.world.ledger == ["users.unlock 4"])
            #expect(await harness.session.planned.map { $0.arguments["id"] } == [5, 6])
            #expect(await harness.must("return users.get(6).locked").values == [.bool(false)])
        }
    }

    @Test func inLiveModeChangesAreSentAtOnceAndCountAgainstTheSession() async throws {
        var limits = RunLimits()
        limits.changes = 3
        try await SessionHarness.with(limits: limits, mode: .run) { harness in
            await harness.must("users.unlock(1)")
            #expect(harness.world.ledger == ["users.unlock 1"])
            #expect(await harness.session.changesLeft == 2)
            let stopped = await harness.type("for id = 2, 5 do users.unlock(id) end")
            #expect(stopped.run.status == .stopped)
            #expect(harness.world.ledger.count == 3)
            #expect(await harness.session.changesLeft == 0)
            #expect(await harness.must("return 1").values == [.integer(1)])
        }
    }

    @Test func whatTheServerWillRefuseIsRaisedAndNotPlanned() async throws {
        try await SessionHarness.with { harness in
            let refused = await harness.must("return (pcall(users.unlock, 99999))")
            #expect(refused.values == [.bool(false)] && refused.planned.isEmpty)
            #expect(await harness.session.planned.isEmpty)
            await harness.must("users.unlock(1)")
            #expect(await harness.session.planned.map(\.number) == [1])
        }
    }

    @Test func aLiveStatementCanBeUndone() async throws {
        try await SessionHarness.with(mode: .run) { harness in
            let outcome = await harness.must("users.set_sites(2, { 7 })")
            let undo = try await harness.host.undo(outcome.run.id)
            #expect(undo.steps == 1)
            #expect(undo.losses.isEmpty)
        }
    }

    @Test func goingOverToLiveModeKeepsWhatIsPlanned() async throws {
        try await SessionHarness.with { harness in
            await harness.must("users.unlock(1)")
            await harness.session.setMode(.run)
            await harness.must("users.unlock(2)")
            #expect(harness.world.ledger == ["users.unlock 2"])
            #expect(await harness.session.planned.count == 1)
            await harness.session.clearPlan()
            #expect(await harness.session.script == nil)
        }
    }

    @Test func aRefusalThatIsForeseenIsRaisedAndNotPlanned() async throws {
        try await SessionHarness.with { harness in
            let failed = await harness.type("users.unlock(99)")
            #expect(failed.run.status == .failed)
            #expect(await harness.session.planned.isEmpty)
            await harness.must("pcall(users.unlock, 99) users.unlock(1)")
            let applied = try await harness.apply()
            #expect(applied.status == .succeeded, "\(applied.error?.message ?? "")")
            #expect(harness.world.ledger == ["users.unlock 1"])
        }
    }
}

import LuaMachine
import Operations
import RunbookHost
import Synchronization
import Testing

/// Every way to a run, where runbooks must be signed.
@Suite struct SignatureEnforcementTests {
    private let unsigned = Runbook(name: "unlock.lua", source: SigningHarness.source)

    private func lines(_ world: MortalWorld) async throws -> [JSONValue] {
        try await world.memory.auditLines(after: 0, limit: 1_000).map { try JSONValue(parsing: $0.text) }
    }

    /// Runs a runbook that must be refused, and looks at all that may tell of it.
    private func expectRefusal(
        _ runbook: Runbook, _ requirement: SignatureRequirement = .all, _ options: RunOptions = RunOptions(),
        saying reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let world = MortalWorld()
        world.live()
        let host = try SigningHarness.host(world, requirement)
        #expect(host.refusal(of: runbook, options: options)?.kind == "denied", sourceLocation: sourceLocation)
        let outcome = await host.start(runbook, options: options).outcome
        #expect(outcome.status == .stopped && outcome.error?.kind == "denied", sourceLocation: sourceLocation)
        #expect(outcome.error?.message.contains(reason) == true, "\(outcome)", sourceLocation: sourceLocation)
        #expect(outcome.peakMemory == 0 && outcome.calls == 0 && !outcome.isResumable, sourceLocation: sourceLocation)
        #expect(world.counts.requests == 0 && world.ledger.isEmpty, sourceLocation: sourceLocation)
        let record = try await world.memory.run(outcome.id)
        #expect(record.status == .stopped && record.error["kind"] == "denied", sourceLocation: sourceLocation)
        #expect(record.signedBy.isEmpty, sourceLocation: sourceLocation)
        let lines = try await lines(world)
        #expect(lines.map { $0["event"] } == ["run.began", "run.ended"], sourceLocation: sourceLocation)
        #expect(lines.last?["outcome"] == "stopped", sourceLocation: sourceLocation)
        #expect(lines.last?["error"]?["kind"] == "denied", sourceLocation: sourceLocation)
    }

    @Test func whatIsNotSignedAsDemandedStartsNoMachineAndIsRecorded() async throws {
        try await expectRefusal(unsigned, saying: "there is no signature beside it (unlock.lua.sig)")
        try await expectRefusal(
            try SigningHarness.signed(with: SigningHarness.foreign), saying: "with a key that is not listed here")
        let signature = try SigningHarness.signed().signature
        try await expectRefusal(
            Runbook(name: "unlock.lua", source: SigningHarness.source + " ", signature: signature),
            saying: "its source was changed after it was signed")
        try await expectRefusal(
            Runbook(name: "other.lua", source: SigningHarness.source, signature: signature),
            saying: "its signature is for unlock.lua")
        try await expectRefusal(
            Runbook(name: "unlock.lua", source: SigningHarness.source, signature: [1, 2]), saying: "is no signature")
    }

    @Test func whatIsNoLuaIsNotEvenLookedAt() async throws {
        try await expectRefusal(Runbook(name: "x.lua", source: "this is no Lua"), saying: "no signature beside it")
    }

    @Test(arguments: [RunMode.run, .plan])
    func aSignedRunbookRunsAndItsRecordSaysByWhichKey(_ mode: RunMode) async throws {
        let world = MortalWorld()
        world.live()
        var options = RunOptions()
        options.mode = mode
        let outcome = await try SigningHarness.host(world, .all)
            .start(try SigningHarness.signed(), options: options).outcome
        #expect(outcome.status == .succeeded && outcome.result == false, "\(outcome)")
        let record = try await world.memory.run(outcome.id)
        #expect(record.signedBy == SigningHarness.listed.key.fingerprint)
        let lines = try await lines(world)
        #expect(lines.allSatisfy { $0["signed_by"] == .string(SigningHarness.listed.key.fingerprint) })
    }

    @Test func whereOnlySchedulesMustBeSignedAPersonRunsAnything() async throws {
        let world = MortalWorld()
        world.live()
        let outcome = await try SigningHarness.host(world, .scheduled).start(unsigned).outcome
        #expect(outcome.status == .succeeded)
        var options = RunOptions()
        options.origin = "schedule:nightly"
        try await expectRefusal(unsigned, .scheduled, options, saying: "lets only scheduled runbooks run")
        options.mode = .plan
        try await expectRefusal(unsigned, .scheduled, options, saying: "signatures.require: scheduled")
        options.origin = "schedules"
        #expect(try SigningHarness.host(world, .scheduled).refusal(of: unsigned, options: options) == nil)
    }

    @Test func withoutAListedKeyNothingIsSigned() async throws {
        let world = MortalWorld()
        world.live()
        var host = try world.host()
        host.policy.signatures = SignaturePolicy(requirement: .all)
        let outcome = await host.start(try SigningHarness.signed()).outcome
        #expect(outcome.error?.message.contains("No key is listed") == true)
    }

    // MARK: Plans

    @Test func aPlanKeepsItsSignatureAndIsRefusedOnceTheKeyIsGone() async throws {
        let world = MortalWorld()
        world.live()
        let host = try SigningHarness.host(world, .all), sealer = try #require(MortalWorld.sealer)
        var options = RunOptions()
        options.mode = .plan
        let made = try #require(await host.start(try SigningHarness.signed(), options: options).outcome.plan)
        let plan = try PlanDocument.read(PlanDocument.write(made, sealer: sealer), sealer: sealer)
        #expect(plan == made && plan.runbook.signature == made.runbook.signature)
        options.mode = .apply
        options.plan = plan
        var other = host
        other.policy.signatures.keys = [ListedKey(SigningHarness.foreign.publicKey)]
        let refused = await other.start(plan.runbook, options: options).outcome
        #expect(refused.error?.kind == "denied" && world.ledger.isEmpty)
        let applied = await host.start(plan.runbook, options: options).outcome
        #expect(applied.status == .succeeded && world.ledger == ["users.unlock 5"])
    }

    @Test func aPlanOfARunbookThatWasNotSignedIsNotApplied() async throws {
        let world = MortalWorld()
        world.live()
        var host = try world.host()
        var options = RunOptions()
        options.mode = .plan
        let plan = try #require(await host.start(unsigned, options: options).outcome.plan)
        #expect(plan.runbook.signature == nil)
        host.policy.signatures = SigningHarness.policy(.all)
        options.mode = .apply
        options.plan = plan
        let refused = await host.start(plan.runbook, options: options).outcome
        #expect(refused.error?.kind == "denied" && world.ledger.isEmpty)
        #expect(refused.error?.message.contains("if the file was changed since, make a new plan then") == true)
        // The same source, signed since, is what the plan was made of.
        let applied = await host.start(try SigningHarness.signed(), options: options).outcome
        #expect(applied.status == .succeeded && world.ledger == ["users.unlock 5"], "\(applied)")
    }

    // MARK: Resuming

    /// A run that was killed at its first request.
    private func killed(_ runbook: Runbook, origin: String = "") async throws -> (MortalWorld, String) {
        let world = MortalWorld()
        world.live(until: .beforeRequest(1))
        var options = RunOptions()
        options.origin = origin
        let outcome = await try world.host().start(runbook, options: options).outcome
        #expect(world.wasKilled)
        world.live()
        return (world, outcome.id)
    }

    @Test func aRunIsNotTakenUpUnsignedAndNothingOfItIsLost() async throws {
        let (world, id) = try await killed(unsigned)
        let before = try await world.memory.run(id)
        let host = try SigningHarness.host(world, .all)
        let error = await #expect(throws: ResumeError.self) { _ = try await host.resume(id) }
        guard case .denied(let refusal) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.kind == "denied" && refusal.message.contains("no signature beside it"))
        #expect(try await world.memory.run(id) == before)
        let line = try #require(try await lines(world).last)
        #expect(line["event"] == "run.refused" && line["run"] == .string(id) && line["error"]?["kind"] == "denied")
        #expect(line["sha256"] == .string(unsigned.sha256) && line["signed_by"] == nil)
        // Somebody signs it, and it goes on with what was signed.
        let resumed = await try host.resume(id, source: try SigningHarness.signed()).outcome
        #expect(resumed.status == .succeeded && world.ledger == ["users.unlock 5"])
        #expect(try await world.memory.run(id).signedBy == SigningHarness.listed.key.fingerprint)
    }

    @Test func theLogNamesTheSourceThatWasRefusedAndNotTheOneBefore() async throws {
        let (world, id) = try await killed(try SigningHarness.signed())
        let other = Runbook(name: "other.lua", source: "runbook {}\nreturn 1")
        await #expect(throws: ResumeError.self) {
            _ = try await SigningHarness.host(world, .all).resume(id, source: other)
        }
        let line = try #require(try await lines(world).last)
        #expect(line["event"] == "run.refused" && line["runbook"] == "other.lua")
        #expect(line["sha256"] == .string(other.sha256) && line["signed_by"] == nil)
    }

    @Test func aSourceThatDoesNotFitLeavesTheRecordAsItWas() async throws {
        let (world, id) = try await killed(unsigned)
        let before = try await world.memory.run(id)
        let other = try SigningHarness.signed("runbook {}\nreturn 1", name: "other.lua")
        let outcome = await try SigningHarness.host(world, .none).resume(id, source: other).outcome
        #expect(outcome.status == .diverged)
        let after = try await world.memory.run(id)
        #expect(after.runbook == before.runbook && after.sha256 == before.sha256 && after.signedBy == "")
        let line = try #require(try await lines(world).last)
        #expect(line["runbook"] == "other.lua" && line["sha256"] == .string(other.sha256))
        #expect(line["signed_by"] == .string(SigningHarness.listed.key.fingerprint))
    }

    @Test func aRunKeepsItsSignatureForWhoeverTakesItUp() async throws {
        let (world, id) = try await killed(try SigningHarness.signed())
        let outcome = await try SigningHarness.host(world, .all).resume(id).outcome
        #expect(outcome.status == .succeeded && world.ledger == ["users.unlock 5"])
    }

    @Test func aRunGoesOnWithItsSourceSignedAnewWithAnotherKey() async throws {
        let (world, id) = try await killed(try SigningHarness.signed(with: SigningHarness.foreign))
        let host = try SigningHarness.host(world, .all)
        await #expect(throws: ResumeError.self) { _ = try await host.resume(id) }
        let signed = try SigningHarness.signed()
        #expect(await try host.resume(id, source: signed).outcome.status == .succeeded)
        #expect(world.ledger == ["users.unlock 5"])
    }

    @Test func theSameSourceDoesNotTakeASignatureAwayThatCounts() async throws {
        let (world, id) = try await killed(try SigningHarness.signed())
        let outcome = await try SigningHarness.host(world, .all).resume(id, source: unsigned).outcome
        #expect(outcome.status == .succeeded && world.ledger == ["users.unlock 5"])
        #expect(try await world.memory.run(id).signedBy == SigningHarness.listed.key.fingerprint)
    }

    @Test func aPlanThatWasHalfAppliedGoesOnOnceItsSourceIsSigned() async throws {
        let world = MortalWorld()
        world.live()
        var host = try world.host()
        var options = RunOptions()
        options.mode = .plan
        let plan = try #require(await host.start(unsigned, options: options).outcome.plan)
        try await host.keep(plan, actor: "ada")
        world.live(until: .beforeRequest(1))
        options.mode = .apply
        options.plan = plan
        let id = await host.start(plan.runbook, options: options).outcome.id
        #expect(world.wasKilled)
        world.live()
        host = try SigningHarness.host(world, .all)
        let refused = await #expect(throws: ResumeError.self) { _ = try await host.resume(id) }
        guard case .denied = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
        let other = try SigningHarness.signed(SigningHarness.source + " ")
        let another = await #expect(throws: ResumeError.self) { _ = try await host.resume(id, source: other) }
        #expect(another?.description.contains("which is bound to its source") == true)
        #expect(world.ledger.isEmpty)
        let outcome = await try host.resume(id, source: try SigningHarness.signed()).outcome
        #expect(outcome.status == .succeeded && world.ledger == ["users.unlock 5"], "\(outcome)")
    }

    @Test func anotherSourceMustBeSignedToo() async throws {
        let (world, id) = try await killed(try SigningHarness.signed())
        let host = try SigningHarness.host(world, .all)
        let other = Runbook(
            name: "unlock.lua", source: SigningHarness.source + "\n", signature: try SigningHarness.signed().signature)
        await #expect(throws: ResumeError.self) { _ = try await host.resume(id, source: other) }
        #expect(world.ledger.isEmpty)
    }

    @Test func aScheduledRunStaysOneWhoeverTakesItUp() async throws {
        let (world, id) = try await killed(unsigned, origin: "schedule:nightly")
        let host = try SigningHarness.host(world, .scheduled)
        await #expect(throws: ResumeError.self) { _ = try await host.resume(id) }
        let (other, byHand) = try await killed(unsigned, origin: "command")
        let outcome = await try SigningHarness.host(other, .scheduled).resume(byHand).outcome
        #expect(outcome.status == .succeeded)
    }

    // MARK: Undoing

    @Test func whatTheHostMakesOfAJournalNeedsNoSignature() async throws {
        let world = MortalWorld()
        world.live()
        let host = try SigningHarness.host(world, .all)
        let source = "runbook { needs = { 'users:access', 'users:read' } }\nusers.set_sites(3, { 7 })"
        let run = await host.start(try SigningHarness.signed(source)).outcome
        #expect(run.status == .succeeded, "\(run)")
        let undo = try await host.undo(run.id)
        var options = RunOptions()
        options.mode = .plan
        let made = try #require(await host.start(undo.runbook, options: options).outcome.plan)
        let sealer = try #require(MortalWorld.sealer)
        let plan = try PlanDocument.read(PlanDocument.write(made, sealer: sealer), sealer: sealer)
        options.mode = .apply
        options.plan = plan
        let applied = await host.start(plan.runbook, options: options).outcome
        #expect(applied.status == .succeeded && world.state.withLock(\.sites[3]) == [3], "\(applied)")
        // The same text from anybody else does.
        let copy = Runbook(name: undo.runbook.name, source: undo.runbook.source)
        #expect(await host.start(copy).outcome.error?.kind == "denied")
    }

    // MARK: What is typed

    private func withSession(
        _ mode: RunMode, _ requirement: SignatureRequirement = .all,
        _ body: (InteractiveSession, MortalWorld, RunbookHost) async throws -> Void
    ) async throws {
        let world = MortalWorld()
        world.live()
        let host = try SigningHarness.host(world, requirement)
        let session = InteractiveSession(host: host, options: SessionOptions(), mode: mode)
        do { try await body(session, world, host) } catch {
            await session.close()
            throw error
        }
        await session.close()
    }

    @Test func aSessionReadsAndChangesNothing() async throws {
        try await withSession(.run) { session, world, _ in
            let read = await session.evaluate(Runbook(name: "repl", source: "return users.get(5).locked")).run
            #expect(read.status == .succeeded && read.result == true)
            let change = await session.evaluate(Runbook(name: "repl", source: "users.unlock(5)")).run
            #expect(change.status == .stopped && change.error?.kind == "denied", "\(change)")
            #expect(change.error?.message.contains("this was typed") == true)
            let caught = await session.evaluate(
                Runbook(name: "repl", source: "return pcall(users.patch, 5, { name = 'x' })")
            ).run
            #expect(caught.result == false, "\(caught)")
            // What was typed before may have put something else in the place of what a signed runbook calls.
            let loaded = await session.evaluate(try SigningHarness.signed()).run
            #expect(loaded.error?.kind == "denied")
            #expect(world.ledger.isEmpty)
        }
    }

    @Test func aSessionPlansAndItsPlanIsNotApplied() async throws {
        try await withSession(.plan) { session, world, host in
            let planned = await session.evaluate(Runbook(name: "repl", source: "users.unlock(5)"))
            #expect(planned.run.status == .succeeded && planned.planned.count == 1)
            let script = try #require(await session.script)
            var options = RunOptions(parameters: script.parameters)
            options.mode = .plan
            let refused = await host.start(script.runbook, options: options).outcome
            #expect(refused.error?.kind == "denied" && refused.error?.message.contains(".record") == true)
            #expect(world.ledger.isEmpty)
        }
    }

    @Test func whereOnlySchedulesMustBeSignedASessionChangesWhatItMay() async throws {
        try await withSession(.run, .scheduled) { session, world, _ in
            let change = await session.evaluate(Runbook(name: "repl", source: "users.unlock(5)")).run
            #expect(change.status == .succeeded && world.ledger == ["users.unlock 5"])
        }
    }

    @Test(arguments: [RunMode.run, .apply])
    func whatIsSaidToBeTypedReadsAndChangesNothing(_ mode: RunMode) async throws {
        let world = MortalWorld()
        world.live()
        let host = try SigningHarness.host(world, .all)
        var options = RunOptions()
        options.isTyped = true
        let read = Runbook(name: "call", source: "runbook { needs = { 'users:read' } } return users.get(5).locked")
        #expect(await host.start(read, options: options).outcome.result == true)
        if mode == .apply {
            options.mode = .plan
            options.plan = try #require(await host.start(unsigned, options: options).outcome.plan)
        }
        options.mode = mode
        let change = await host.start(unsigned, options: options).outcome
        #expect(change.error?.kind == "denied" && world.ledger.isEmpty, "\(change)")
    }

    @Test func anOperationOfAnEmbeddingProgramIsAChangeLikeAnother() async throws {
        let world = MortalWorld()
        world.live()
        var host = try SigningHarness.host(world, .all)
        let called = Mutex(0)
        host.register(
            Operation(
                "tickets.close", apiName: "close_ticket", endpoint: nil, result: .value, effect: .idempotent,
                capability: "tickets:write", summary: "Close a ticket")
        ) { _ in
            called.withLock { $0 += 1 }
            return .null
        }
        var options = RunOptions()
        options.isTyped = true
        let source = "runbook { needs = { 'tickets:write' } } tickets.close()"
        #expect(await host.start(Runbook(name: "t", source: source), options: options).outcome.error?.kind == "denied")
        #expect(called.withLock(\.self) == 0)
        let signed = await host.start(try SigningHarness.signed(source)).outcome
        #expect(signed.status == .succeeded && called.withLock(\.self) == 1, "\(signed)")
    }

    // MARK: Checking

    @Test func checkingTellsOfASignatureThatDoesNotCount() async throws {
        let world = MortalWorld()
        func codes(_ runbook: Runbook, _ requirement: SignatureRequirement) async throws -> [Finding.Code] {
            await try SigningHarness.host(world, requirement).check(runbook).map(\.code)
        }
        #expect(try await codes(unsigned, .all) == [.signature])
        #expect(try await codes(unsigned, .scheduled) == [])
        #expect(try await codes(try SigningHarness.signed(), .all) == [])
        let foreign = try SigningHarness.signed(with: SigningHarness.foreign)
        #expect(try await codes(foreign, .none) == [.signature])
        #expect(await try world.host().check(foreign).isEmpty)
    }

    // MARK: Older versions

    @Test func whatAnOlderVersionHasKeptIsReadAndNotSigned() throws {
        let sealer = try #require(MortalWorld.sealer)
        let hidden: JSONValue = ["source": .string(Hexadecimal.text(Array("return 1".utf8))), "parameters": [:]]
        let sealed = sealer.seal(hidden.bytes(), for: "origin run-1")
        let origin = try RunOrigin(sealed, by: sealer, run: "run-1", name: "a.lua")
        #expect(origin.runbook == Runbook(name: "a.lua", source: "return 1"))
        #expect(RunOrigin(origin.runbook, parameters: [:]).sealed(by: sealer, run: "run-1").count == sealed.count)
    }
}

import Operations
@testable import RunbookHost
import Testing

/// A source that does otherwise what was done already is found out before anything is sent.
@Suite struct DivergenceTests {
    /// One call a line, so that each line can be changed by itself.
    private static let lines = [
        #"runbook { title = "t", needs = { "users:read", "users:unlock", "users:access", "users:update", "twofa:write", "users:create" } }"#,
        "local user = users.get(1)",
        "users.unlock(1)",
        "local now = os.time()",
        "local secret = secrets.generate(20)",
        "sleep(0) users.patch(8, { name = 'Patched' })",
        "parallel({ 2, 3, 4 }, 2, function(id) users.unlock(id) end)",
        "users.set_sites(5, { 1, 2 })",
        #"users.create { login = "n" .. now % 1, name = "N", password = secret, role = { id = "user" } }"#,
        "local answer = confirm('go on?')",
        "twofa.regenerate(6)",
        "users.unlock(7)",
        "return 1",
    ]

    /// What each line may be changed to so that its calls differ.
    private static let changes: [(line: Int, text: String)] = [
        (1, #"runbook { title = "t", needs = { "users:read", "users:unlock", "users:access", "twofa:write" } }"#),
        (2, "local user = users.get(2)"), (2, "local user"), (2, "local user = users.sites(1)"),
        (2, "local user = users.get(1, { links = true })"),
        (3, "users.unlock(2)"), (3, ""), (3, "users.unlock(1) users.unlock(1)"), (3, "users.get(1)"),
        (4, "local now = 1700000000"),
        (5, "local secret = secrets.generate(21)"), (5, #"local secret = "plain text of mine""#),
        (6, "sleep(1)"), (6, ""),
        (7, "parallel({ 2, 4, 3 }, 2, function(id) users.unlock(id) end)"),
        (7, "parallel({ 2, 3 }, 2, function(id) users.unlock(id) end)"),
        (7, "for i = 2, 4 do users.unlock(i) end"),
        (8, "users.set_sites(5, { 2, 1 })"), (8, "users.set_sites(5, {})"), (8, "users.add_site(5, 1)"),
        (9, #"users.create { login = "other", name = "N", password = secret, role = { id = "user" } }"#),
        (9, #"users.create { login = "n0", name = "N", password = "Another-1", role = { id = "user" } }"#),
        (10, "local answer = confirm('really?')"), (10, ""),
        (11, "twofa.regenerate(7)"), (11, "twofa.set(6, secret)"), (11, "error('enough')"), (11, "return 2"),
    ]

    private static func runbook(_ lines: [String]) -> Runbook {
        Runbook(name: "test.lua", source: lines.joined(separator: "\n"))
    }

    /// A run that was cut off right before its last change.
    private func cutOff(_ kind: MachineKind) async throws -> (world: MortalWorld, run: String) {
        let world = MortalWorld()
        world.live()
        var options = RunOptions()
        options.confirm = { _ in true }
        let calm = await try world.host(kind).start(Self.runbook(Self.lines), options: options).outcome
        #expect(calm.status == .succeeded, "\(String(describing: calm.error))")
        let requests = world.counts.requests
        let second = MortalWorld()
        second.live(until: .beforeRequest(requests))
        let outcome = await try second.host(kind).start(Self.runbook(Self.lines), options: options).outcome
        #expect(second.wasKilled)
        return (second, outcome.id)
    }

    @Test(arguments: MachineKind.allCases)
    func everyLineThatDoesOtherwiseIsFoundOutBeforeAnythingIsSent(kind: MachineKind) async throws {
        let (world, run) = try await cutOff(kind)
        let before = world.ledger
        #expect(before.count == 9)
        for (line, text) in Self.changes {
            var lines = Self.lines
            lines[line - 1] = text
            world.live()
            let host = try world.host(kind)
            var options = RunOptions()
            options.confirm = { _ in true }
            let outcome = await try host.resume(run, source: Self.runbook(lines), options: options).outcome
            #expect(outcome.status == .diverged, "line \(line): \(text): \(String(describing: outcome.error))")
            #expect(outcome.error?.kind == "diverged", "line \(line): \(text)")
            #expect(world.counts.requests == 0, "line \(line): \(text)")
            #expect(world.ledger == before, "line \(line): \(text)")
        }
        // Nothing of that has done harm: with its own source it goes on.
        world.live()
        let outcome = await try world.host(kind).resume(run).outcome
        #expect(outcome.status == .succeeded, "\(String(describing: outcome.error))")
        #expect(world.ledger == before + ["users.unlock 7"])
    }

    @Test func aSourceThatGoesOnOtherwiseIsTaken() async throws {
        let (world, run) = try await cutOff(.inProcess)
        var lines = Self.lines
        lines[11] = "-- a remark\nusers.unlock(8) log.info('other')"
        world.live()
        let outcome = await try world.host().resume(run, source: Self.runbook(lines)).outcome
        #expect(outcome.status == .diverged, "the last call stands in the journal already")
        lines[11] = "users.unlock(7) users.unlock(8)"
        let second = await try world.host().resume(run, source: Self.runbook(lines)).outcome
        #expect(second.status == .succeeded, "\(String(describing: second.error))")
        #expect(world.ledger.suffix(2) == ["users.unlock 7", "users.unlock 8"])
    }

    @Test func aJournalThatWasAlteredIsNotResumed() async throws {
        let (world, run) = try await cutOff(.inProcess)
        let rows = try await world.memory.journal(of: run, after: 0, limit: 1_000)
        for index in rows.indices {
            var altered = rows
            altered[index].content += [32]
            var replay = Replay()
            #expect(throws: Replay.Divergence.self) { try replay.read(altered) }
        }
    }
}

/// A console that answers the call about user 2 after the one about user 3.
private struct SwappedTransport: Transport {
    let world: MortalWorld
    let answered: AsyncStream<Void>
    let answer: AsyncStream<Void>.Continuation

    init(_ world: MortalWorld) {
        self.world = world
        (answered, answer) = AsyncStream.makeStream(of: Void.self)
    }

    func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
        let id = call.arguments["id"]?.integerValue
        if id == 2 { for await _ in answered { break } }
        let reply = try await MortalTransport(world: world).send(call)
        if id == 3 { answer.yield() }
        return reply
    }
}

extension DivergenceTests {
    /// With one call at a time it would wait for ever for an answer that the journal gives after another one.
    @Test(arguments: MachineKind.allCases)
    func aScriptThatWaitsForALaterAnswerIsFoundOut(kind: MachineKind) async throws {
        func source(_ width: Int) -> Runbook {
            Runbook(
                name: "test.lua",
                source: """
                    runbook { needs = { "users:read", "users:unlock" } }
                    parallel({ 2, 3 }, \(width), function(id) users.get(id) end)
                    users.unlock(4)
                    """)
        }
        let world = MortalWorld()
        world.live(until: .beforeRequest(3))
        let first = await try world.host(kind, transport: SwappedTransport(world)).start(source(2)).outcome
        #expect(world.wasKilled)
        world.live()
        let outcome = await try world.host(kind).resume(first.id, source: source(1)).outcome
        #expect(outcome.status == .diverged, "\(String(describing: outcome.error))")
        #expect(world.ledger.isEmpty)
        let second = await try world.host(kind).resume(first.id).outcome
        #expect(second.status == .succeeded, "\(String(describing: second.error))")
        #expect(world.ledger == ["users.unlock 4"])
    }
}

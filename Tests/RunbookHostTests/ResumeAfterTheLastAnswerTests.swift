import Operations
import RunbookHost
import Testing

/// A run that was cut off between its last answer and the record of its end.
@Suite struct ResumeAfterTheLastAnswerTests {
    @Test(arguments: MachineKind.allCases, ["users.get(1) return 5", "users.get(1) error('no')"])
    func itEndsAsItWouldHave(kind: MachineKind, rest: String) async throws {
        let world = MortalWorld()
        world.live()
        let runbook = Runbook(name: "test.lua", source: "runbook { title = 't', needs = { 'users:read' } } " + rest)
        let first = await try world.host(kind).start(runbook).outcome
        var record = try await world.memory.run(first.id)
        let lease = try await world.memory.acquire(run: first.id, owner: record.owner) { _ in false }
        record.status = .running
        record.ended = nil
        try await world.memory.update(record, rows: [], audit: [], lease: lease)
        world.live()
        let outcome = await try world.host(kind).resume(first.id).outcome
        #expect(outcome.status == first.status, "\(String(describing: outcome.error))")
    }
}

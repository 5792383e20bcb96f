import ConsoleModel
import Logging
import Operations
import RunbookHost

@testable import RunbookTesting

/// A run that is recorded, to be taken as a test.
struct RecordedTrial {
    let outcome: RunOutcome
    private let record: RunRecord
    private let store = InMemoryStore(now: { 1_767_225_600_000 })
    private let sealer: Sealer

    /// Runs a runbook in a world and keeps the run.
    ///
    /// - Parameter given: the world, as a case is given it.
    init(_ source: String, given: JSONValue, parameters: [String: ParameterInput] = [:]) async throws {
        let thread = try RunThread()
        defer { thread.stop() }
        let world = SimulatedWorld(try Simulation(given: given), services: [.console, .xpanse], refusals: [])
        let clock = VirtualClock(on: thread, start: 1_767_225_600_000, hostWaits: 2)
        thread.whenIdle { clock.goOn() }
        guard let sealer = Sealer(key: Array(repeating: 7, count: Sealer.keyLength)) else {
            throw TestSetupError("the key has not the length of keys")
        }
        self.sealer = sealer
        let host = RunbookHost(
            catalogue: .standard, transport: WorldTransport(world: world, clock: clock), machines: .inProcessOn(thread),
            journaling: Journaling(
                store: store, sealer: sealer, owner: RunOwner(host: "test", boot: "", process: 1, processStart: 1),
                isAlive: { _ in false }),
            clock: clock, random: { world.random() }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var options = RunOptions(parameters: parameters)
        options.id = "recorded"
        outcome = await host.start(Runbook(name: "unlock.lua", source: source), options: options).outcome
        thread.whenIdle(nil)
        record = try await store.run("recorded")
    }

    /// Replays it, with another source if one is given.
    func replay(_ source: String? = nil, patience: Duration = .seconds(60)) async throws -> TestResult {
        try await RecordedTest(store: store, sealer: sealer, patience: patience)
            .run(record, source: source.map { Runbook(name: "other.lua", source: $0) })
    }
}

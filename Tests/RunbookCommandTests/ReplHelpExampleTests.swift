import ConsoleSimulator
import Logging
import Operations
import RunbookHost
import Testing

@testable import runbook

/// The examples of the help pages, run as they stand there.
@Suite(.timeLimit(.minutes(3))) struct ReplHelpExampleTests {
    /// What fails on this console although it is written well: user 7 reaches all sites, and somebody has the role.
    private static let excused: Set<String> = ["users.add_site", "users.remove_site", "roles.delete"]

    @Test func examplesRunInPlanModeAsTheyAre() async throws {
        let catalogue = Catalogue.standard
        let needs = Set(catalogue.operations.map(\.capability) + PreludeFunctions.all.flatMap(\.capabilities))
        let manifest = "runbook { needs = { \(needs.sorted().map { "\"\($0)\"" }.joined(separator: ", ")) } }\n"
        let examples =
            catalogue.operations.map { ($0.name, OperationExample($0).source) }
            + PreludeFunctions.all.map { ($0.name, $0.example) }
        try await SimulatedConsole.with(SimulatorConfiguration(users: 30, lockedFraction: 0.2, seed: 5)) { console in
            let sealer = try #require(Sealer(key: [UInt8](repeating: 7, count: 32)))
            let host = RunbookHost(
                transport: console.recorder, machines: .inProcess,
                journaling: Journaling(
                    store: InMemoryStore(), sealer: sealer,
                    owner: RunOwner(host: "h", boot: "b", process: 1, processStart: 1)),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            var options = RunOptions()
            options.mode = .plan
            for (name, example) in examples {
                let source = example.hasPrefix("runbook") ? example : manifest + example
                let outcome = await host.start(Runbook(name: "\(name).lua", source: source), options: options).outcome
                guard outcome.status != .succeeded else { continue }
                let error = outcome.error
                #expect(
                    Self.excused.contains(name) && error?.kind == "bad_request",
                    "\(name): \(error?.message ?? "no error")")
            }
            let changes = try await console.ledger()
            #expect(changes.isEmpty)
        }
    }
}

import ConsoleSimulator
import Glibc
import Operations
import Synchronization
import Testing

@testable import runbook

@Suite("The command: what ends a run from outside")
struct InterruptionTests {
    private static let waiting = """
        runbook { needs = { "users:access" } }
        users.set_sites(2, { 1 })
        users.set_sites(2, { 1, 2 })
        log.info("ready")
        sleep(600)
        """

    @Test("ends with 130 on Ctrl-C, and tells what was done")
    func interrupted() async throws {
        try await CommandHarness.with { command, info in
            let process = try command.start("run", try command.write(Self.waiting))
            try await process.wait(for: "ready")
            process.send(SIGINT)
            let outcome = await process.outcome
            #expect(outcome.status == 130)
            #expect(outcome.output == "")
            #expect(outcome.errors.contains("2 changes done before the end"), "\(outcome.errors)")
            #expect(outcome.errors.contains("users.set_sites id=2"))
            #expect(outcome.errors.contains("cancelled: "))
            #expect(try await CommandHarness.ledger(info).count == 2)
        }
    }

    @Test("sends nothing more after its time is up, also of what waits behind other calls")
    func nothingAfterTheEnd() async throws {
        try await CommandHarness.with { command, info in
            let runbook = try command.write(
                """
                runbook { needs = { "users:access" } }
                local ids = {}
                for id = 2, 21 do ids[#ids + 1] = id end
                for round = 1, 100 do parallel(ids, 20, function(id) users.set_sites(id, { round % 2 + 1 }) end) end
                """)
            let outcome = try await command.run("run", runbook, "--time-limit", "300ms", "--json")
            #expect(outcome.status == 4)
            let document = try JSONValue(parsing: outcome.output)
            #expect(document["changes"] == .integer(Int64(try await CommandHarness.ledger(info).count)))
            #expect(document["changes"] == document["calls"])
        }
    }

    @Test("ends with 1 when its worker is killed, and tells what was done")
    func workerKilled() async throws {
        try await CommandHarness.with { command, _ in
            let process = try command.start("run", try command.write(Self.waiting), "--json")
            try await process.wait(for: "ready")
            let workers = process.children
            #expect(workers.count == 1)
            for worker in workers { kill(worker, SIGKILL) }
            let outcome = await process.outcome
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("SIGKILL"), "\(outcome.errors)")
            #expect(outcome.errors.contains("2 changes done before the end"))
            let document = try JSONValue(parsing: outcome.output)
            #expect(document["status"] == "failed")
            #expect(document["error"]?["kind"] == "machine")
            #expect(document["changes"] == 2)
        }
    }

    /// Holds the simulator's slow answers back until it is opened.
    private final class Gate: Sendable {
        private struct State {
            var isOpen = false
            var hasArrived = false
            var held: [CheckedContinuation<Void, Never>] = []
            var watchers: [CheckedContinuation<Void, Never>] = []
        }
        private let state = Mutex(State())

        /// Time stands still while an answer is held back.
        var clock: SimulatorClock {
            SimulatorClock(milliseconds: { 1_767_225_600_000 }, sleep: { _ in await self.pass() })
        }

        private func pass() async {
            await withCheckedContinuation { continuation in
                let (isOpen, watchers) = state.withLock { state in
                    state.hasArrived = true
                    defer { state.watchers = [] }
                    if !state.isOpen { state.held.append(continuation) }
                    return (state.isOpen, state.watchers)
                }
                if isOpen { continuation.resume() }
                for watcher in watchers { watcher.resume() }
            }
        }

        /// Waits until an answer is held back: its change has been made.
        func arrival() async {
            await withCheckedContinuation { continuation in
                let hasArrived = state.withLock { state in
                    if !state.hasArrived { state.watchers.append(continuation) }
                    return state.hasArrived
                }
                if hasArrived { continuation.resume() }
            }
        }

        func open() {
            let held = state.withLock { state in
                state.isOpen = true
                defer { state.held = [] }
                return state.held
            }
            for continuation in held { continuation.resume() }
        }
    }

    private static let oneChange = """
        runbook { needs = { "users:access" } }
        users.set_sites(2, { 1 })
        users.set_sites(2, { 1, 2 })
        """

    /// A simulator whose first answer to a change is held back.
    private func holding(_ gate: Gate) -> SimulatorConfiguration {
        SimulatorConfiguration(
            users: 20, faults: Faults(script: [.slow], applies: { $0 == "PUT" && !$1.isEmpty }), clock: gate.clock)
    }

    @Test("waits on Ctrl-C for the change in flight, and sends nothing after it")
    func changeInFlight() async throws {
        let gate = Gate()
        defer { gate.open() }
        try await CommandHarness.with(holding(gate)) { command, info in
            let process = try command.start("run", try command.write(Self.oneChange))
            await gate.arrival()
            process.send(SIGINT)
            try await process.wait(for: "waiting for changes in flight")
            gate.open()
            let outcome = await process.outcome
            #expect(outcome.status == 130)
            #expect(outcome.errors.contains("1 change done before the end"), "\(outcome.errors)")
            #expect(!outcome.errors.contains("UNKNOWN"))
            #expect(try await CommandHarness.ledger(info).map(\.path) == ["/api/3/users/2/sites"])
        }
    }

    @Test("waits just so for the changes that a person has said yes to")
    func approved() async throws {
        let gate = Gate()
        defer { gate.open() }
        try await CommandHarness.with(holding(gate)) { command, info in
            let path = try command.write(Self.oneChange)
            let process = try TerminalProcess(
                ["run", path], environment: command.environment, directory: command.directory)
            defer { process.stop() }
            try await process.wait(for: "[y/N]")
            process.press("y\r")
            await gate.arrival()
            process.send(SIGINT)
            try await process.wait(for: "waiting for changes in flight")
            gate.open()
            #expect(await process.end() == 130)
            #expect(try await CommandHarness.ledger(info).count == 1)
        }
    }

    @Test("leaves at once on a second Ctrl-C")
    func twice() async throws {
        let gate = Gate()
        defer { gate.open() }
        try await CommandHarness.with(holding(gate)) { command, info in
            let process = try command.start("run", try command.write(Self.oneChange))
            await gate.arrival()
            process.send(SIGINT)
            try await process.wait(for: "Press Ctrl-C again")
            process.send(SIGINT)
            let outcome = await process.outcome
            #expect(outcome.status == 130)
            #expect(outcome.output == "")
            gate.open()
            #expect(try await CommandHarness.ledger(info).count == 1)
        }
    }

    @Test("says of a change whose answer was lost that nobody knows of it")
    func unknown() async throws {
        let faults = Faults(resetAfter: 1, applies: { method, _ in method == "POST" })
        try await CommandHarness.with(SimulatorConfiguration(users: 20, faults: faults)) { command, info in
            let file = try command.write(#"runbook { needs = { "twofa:write" } } twofa.regenerate(2)"#)
            let outcome = try await command.run("run", file)
            #expect(outcome.status == 5, "a person must say what became of it")
            #expect(outcome.errors.contains("1 change UNKNOWN"), "\(outcome.errors)")
            #expect(outcome.errors.contains("runbook decide "), "\(outcome.errors)")
            #expect(outcome.errors.contains("twofa.regenerate id=2"))
            #expect(try await CommandHarness.ledger(info).map(\.operation) == ["twofa.regenerate"], "sent once")
        }
    }
}

import Foundation
import Glibc
import LuaMachine
import Operations
import RunbookHost
import Synchronization
import Testing

// One after the other: each takes a whole core as long as it may.
@Suite("Hostile scripts in confined workers", .serialized)
struct HostileTests {
    /// Knows how far runs are: one that goes on until it is told to stop, and a hostile one.
    private final class Beacon: Sendable {
        private struct State {
            var calls = 0
            var hasBegun = false
            var isOver = false
            /// Nobody goes on any more: whoever waits is let go, so that a test fails and does not hang.
            var isAbandoned = false
            var waiters: [(isReady: @Sendable (State) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
        }
        private let state = Mutex(State())

        /// Calls of the good run.
        var calls: Int { state.withLock(\.calls) }

        /// Tells the good run to stop.
        func end() { update { $0.isOver = true } }

        /// What the pretended transport answers: `users.get` tells the good run whether to stop, `users.privileges` is
        /// how a hostile one says that it has begun.
        func answer(_ call: OperationCall) -> JSONValue {
            guard call.operation.name == "users.get" else {
                update { $0.hasBegun = true }
                return ["resources": []]
            }
            update { $0.calls += 1 }
            return ["id": 1, "enabled": .bool(state.withLock(\.isOver))]
        }

        /// Waiting makes sense only as long as this run goes on.
        func watch(_ run: Run) {
            Task {
                _ = await run.outcome
                update { $0.isAbandoned = true }
            }
        }

        /// Waits for so many more calls of the good run.
        func moreCalls(_ count: Int) async {
            let wanted = calls + count
            await wait { $0.calls >= wanted }
        }

        /// Waits for the first call of a hostile run, or for its end.
        func begin(of run: Run) async {
            Task {
                _ = await run.outcome
                update { $0.hasBegun = true }
            }
            await wait { $0.hasBegun }
        }

        private func update(_ change: (inout State) -> Void) {
            let ready = state.withLock { state in
                change(&state)
                let current = state
                defer { state.waiters.removeAll { current.isAbandoned || $0.isReady(current) } }
                return state.waiters.filter { current.isAbandoned || $0.isReady(current) }
            }
            for waiter in ready { waiter.continuation.resume() }
        }

        private func wait(for isReady: @escaping @Sendable (State) -> Bool) async {
            await withCheckedContinuation { continuation in
                let isReadyNow = state.withLock { state in
                    if state.isAbandoned || isReady(state) { return true }
                    state.waiters.append((isReady, continuation))
                    return false
                }
                if isReadyNow { continuation.resume() }
            }
        }
    }

    private static let good = Runbook(
        name: "good.lua",
        source: """
            runbook { needs = { "users:read" } }
            local calls = 0
            repeat
              calls = calls + 1
              local isOver = users.get(1).enabled
              sleep(0.001) -- leaves the machine to others
            until isOver
            return calls
            """)

    /// A script, and the limit that must end it.
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let limit: String
        var testDescription: String { name }
    }

    static let attacks = [
        Attack(name: "an endless loop", script: "while true do end", limit: "time"),
        Attack(
            name: "an endless loop of pcall",
            script: "while true do pcall(function() while true do end end) end", limit: "time"),
        Attack(
            name: "an endless loop of coroutines",
            script: "while true do coroutine.wrap(function() while true do end end)() end", limit: "time"),
        Attack(name: "a pattern", script: #"return ("a"):rep(1e5):find((".-"):rep(4) .. "b")"#, limit: "time"),
        Attack(
            name: "patterns in pcall", script: #"while true do pcall(string.find, ("a"):rep(1e5), ".-.-b") end"#,
            limit: "time"),
        Attack(
            name: "an endless comparison", script: "table.sort({ 3, 1, 2 }, function() while true do end end)",
            limit: "time"),
        Attack(
            name: "an endless wait", script: "parallel({ 1 }, 1, function() while true do sleep(1000) end end)",
            limit: "time"),
        Attack(
            name: "a memory bomb", script: "local t = {} while true do t[#t + 1] = ('x'):rep(100000) .. #t end",
            limit: "memory"),
        Attack(
            name: "memory bombs in pcall",
            script: "local s = 'xxxxxxxx' while true do pcall(function() while true do s = s .. s end end) end",
            limit: "memory"),
        Attack(name: "one huge string", script: "return ('x'):rep(1e9)", limit: "memory"),
    ]

    private static func options(time: Duration = .milliseconds(300)) -> RunOptions {
        var options = RunOptions()
        options.limits.time = time
        options.limits.memory = 16 << 20
        return options
    }

    @Test("end their own run within its limits while another run of the same host goes on", arguments: attacks)
    func attack(_ attack: Attack) async throws {
        let beacon = Beacon()
        let host = try HostHarness(.confined) { beacon.answer($0) }.host()
        let good = host.start(Self.good)
        beacon.watch(good)
        await beacon.moreCalls(1)
        // A bomb needs as long as it needs: only its memory is to end it.
        let time: Duration = attack.limit == "memory" ? .seconds(60) : .milliseconds(300)
        let source = "runbook {} " + attack.script
        let hostile = host.start(Runbook(name: "hostile.lua", source: source), options: Self.options(time: time))
        await beacon.moreCalls(20)
        let outcome = await hostile.outcome
        await beacon.moreCalls(20)

        #expect(outcome.status == .stopped)
        #expect(outcome.error?.kind == "limit")
        #expect(outcome.error?.value == ["limit": .string(attack.limit)])
        #expect(outcome.isConfined)
        if attack.limit == "time" {
            #expect(outcome.duration >= .milliseconds(300))
        }

        beacon.end()
        let finished = await good.outcome
        #expect(finished.status == .succeeded, "\(finished.error?.message ?? "")")
        #expect(finished.result == .integer(Int64(beacon.calls)))
        #expect(finished.calls == beacon.calls)
    }

    @Test("all at once end, each by its own limit, while another run goes on")
    func together() async throws {
        let beacon = Beacon()
        let host = try HostHarness(.confined) { beacon.answer($0) }.host()
        let good = host.start(Self.good)
        beacon.watch(good)
        let attacks = Self.attacks.filter { ["an endless loop", "a pattern", "a memory bomb"].contains($0.name) }
        let runs = attacks.map { attack in
            let source = "runbook {} " + attack.script
            let time: Duration = attack.limit == "memory" ? .seconds(60) : .milliseconds(300)
            return host.start(Runbook(name: "hostile.lua", source: source), options: Self.options(time: time))
        }
        for (run, attack) in zip(runs, attacks) {
            let outcome = await run.outcome
            #expect(outcome.status == .stopped, "\(attack.name)")
            #expect(outcome.error?.value == ["limit": .string(attack.limit)], "\(attack.name)")
        }
        await beacon.moreCalls(20)
        beacon.end()
        #expect(await good.outcome.status == .succeeded)
    }

    @Test(
        "that lose their worker fail with the signal's name while another run goes on", arguments: [SIGKILL, SIGSEGV])
    func workerDies(signal: Int32) async throws {
        let folder = NSTemporaryDirectory() + "runbook-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A name of its own, to know this host's workers by.
        let program = folder + "/runbook-vm"
        try FileManager.default.createSymbolicLink(
            atPath: program, withDestinationPath: WorkerSupervisor.executableBesideProgram())
        let beacon = Beacon()
        let transport = PretendedTransport { beacon.answer($0) }
        let host = RunbookHost(
            transport: transport, machines: .confined(try WorkerSupervisor(executable: program)),
            logger: LogCollector().makeLogger())

        let source = #"runbook { needs = { "users:read" } } users.privileges(1) while true do end"#
        let victim = host.start(Runbook(name: "victim.lua", source: source))
        await beacon.begin(of: victim)
        let workers = Self.processes(of: program)
        #expect(workers.count == 1)
        let good = host.start(Self.good)
        beacon.watch(good)
        await beacon.moreCalls(20)
        for worker in workers { kill(worker, signal) }
        let outcome = await victim.outcome
        await beacon.moreCalls(20)
        #expect(outcome.status == .failed)
        #expect(outcome.error?.kind == "machine")
        #expect(outcome.error?.message.contains(signal == SIGKILL ? "SIGKILL" : "SIGSEGV") == true)
        beacon.end()
        let finished = await good.outcome
        #expect(finished.status == .succeeded, "\(finished.error?.message ?? "")")
        #expect(finished.calls == beacon.calls)
        #expect(Self.processes(of: program) == [])
    }

    /// The processes that were started by this name.
    private static func processes(of program: String) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let words = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return false }
            return words.split(separator: 0).first.map { String(decoding: $0, as: UTF8.self) } == program
        }
    }
}

import Foundation
import Glibc
import LuaMachine
import Operations
import RunbookHost
import Synchronization
import Testing

@Suite("A run whose worker is lost")
struct LostWorkerTests {
    @Test(
        "fails with the signal's name while another run goes on", .timeLimit(.minutes(2)),
        arguments: [SIGKILL, SIGSEGV])
    func fails(signal: Int32) async throws {
        let named = try NamedWorker()
        defer { named.remove() }
        let companion = HonestCompanion()
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let transport = PretendedTransport { call in
            if call.operation.name == "users.privileges" { beginning.finish() }
            return companion.answer(call) ?? PretendedConsole.answer(call)
        }
        let host = RunbookHost(
            transport: transport, machines: try named.machines,
            logger: LogCollector().makeLogger())

        let source = #"runbook { needs = { "users:read" } } users.privileges(1) while true do end"#
        let victim = host.start(Runbook(name: "victim.lua", source: source))
        Task {
            _ = await victim.outcome
            beginning.finish()
        }
        for await _ in begun {}
        let workers = named.processes
        #expect(workers.count == 1)
        let honest = host.start(HonestCompanion.runbook)
        companion.watch(honest)
        await companion.makeCalls(20)
        for worker in workers { kill(worker, signal) }
        let outcome = await victim.outcome
        await companion.makeCalls(20)
        #expect(outcome.status == .failed)
        #expect(outcome.error?.kind == "machine")
        #expect(outcome.error?.message.contains(signal == SIGKILL ? "SIGKILL" : "SIGSEGV") == true)
        companion.end()
        let finished = await honest.outcome
        #expect(finished.status == .succeeded, "\(finished.error?.message ?? "")")
        #expect(finished.calls == companion.calls)
        #expect(named.processes == [])
    }
}

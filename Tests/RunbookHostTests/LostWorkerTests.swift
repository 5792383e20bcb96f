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
        let folder = NSTemporaryDirectory() + "runbook-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // A name of its own, to know this host's workers by.
        let program = folder + "/runbook-vm"
        try FileManager.default.createSymbolicLink(
            atPath: program, withDestinationPath: WorkerSupervisor.executableBesideProgram())
        let companion = HonestCompanion()
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let transport = PretendedTransport { call in
            if call.operation.name == "users.privileges" { beginning.finish() }
            return companion.answer(call) ?? PretendedConsole.answer(call)
        }
        let host = RunbookHost(
            transport: transport, machines: .confined(try WorkerSupervisor(executable: program)),
            logger: LogCollector().makeLogger())

        let source = #"runbook { needs = { "users:read" } } users.privileges(1) while true do end"#
        let victim = host.start(Runbook(name: "victim.lua", source: source))
        Task {
            _ = await victim.outcome
            beginning.finish()
        }
        for await _ in begun {}
        let workers = Self.processes(of: program)
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

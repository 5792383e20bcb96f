import SharedLoop
import Testing

@testable import LuaMachine

@Suite("A machine on a shared loop", .timeLimit(.minutes(1))) struct SharedLoopTests {
    @Test("goes on where an answer and narrower limits go out together")
    func answerAndLimits() async throws {
        let loop = SharedLoop()
        let supervisor = try WorkerSupervisor(
            executable: WorkerSupervisor.executableBesideProgram(), carrier: loop)
        let source = "local sum = 0 for i = 1, 20 do sum = sum + users.get(i) end return sum"
        let machine = try await supervisor.start(
            MachineProgram(
                bindings: ["users.get"], prelude: Array(MachineHarness.openPrelude.utf8), name: "test.lua",
                source: Array(source.utf8)))
        // What is asked for in one turn of the loop reaches the worker in one piece.
        let ending = await Task(executorPreference: loop) { () -> LyingWorkerTests.Ending in
            while true {
                let event: MachineEvent
                do throws(MachineError) { event = try await machine.nextEvent() } catch { return .failed(error) }
                switch event {
                case .calls(let calls):
                    for call in calls where !call.isNote {
                        machine.reply(MachineReply(id: call.id, json: Array("2".utf8)))
                        machine.narrow(to: MachineLimits(memory: 8 << 20))
                    }
                case .finished(let json, _): return .finished(String(decoding: json, as: UTF8.self))
                case .failed(let json, _), .stopped(let json, _):
                    return .stopped(String(decoding: json, as: UTF8.self))
                }
            }
        }.value
        #expect(ending == .finished("40"))
        await machine.close()
    }
}

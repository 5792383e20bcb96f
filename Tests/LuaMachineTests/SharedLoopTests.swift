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
                case .diverged(let call, _): return .diverged(call)
                case .waiting, .ready: continue
                }
            }
        }.value
        #expect(ending == .finished("40"))
        await machine.close()
    }

    @Test("takes answers ahead, and is heard of its divergence whatever is still on the way to it")
    func answersAhead() async throws {
        let loop = SharedLoop()
        let supervisor = try WorkerSupervisor(
            executable: WorkerSupervisor.executableBesideProgram(), carrier: loop)
        let source = "for i = 1, 2000 do users.get(i) end"
        let program = MachineProgram(
            bindings: ["users.get"], prelude: [], name: "test.lua", source: Array(source.utf8))
        func replies(without left: UInt32) -> [MachineReply] {
            (1...20_000).filter { $0 != left }.map { MachineReply(id: $0, json: Array("{\"name\":\"Ada\"}".utf8)) }
        }
        let whole = try await supervisor.start(program)
        whole.replay(replies(without: 0))
        #expect(await LyingWorkerTests.end(of: whole) == .finished("null"))
        await whole.close()
        let diverging = try await supervisor.start(program)
        diverging.replay(replies(without: 1_000))
        // Call 1000 is not answered: it was not when the answers were recorded.
        var calls = 0
        while case .calls(let made) = try await diverging.nextEvent() { calls += made.count }
        guard case .diverged(1_001, let usage) = try await diverging.nextEvent() else { throw MachineError.closed }
        #expect(calls == 1_000)
        #expect(usage.peakMemory > 0)
        await diverging.close()
    }
}

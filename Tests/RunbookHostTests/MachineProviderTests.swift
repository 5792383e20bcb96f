import LuaMachine
import Operations
import Synchronization
import Testing

@testable import RunbookHost

@Suite("Where runs are executed") struct MachineProviderTests {
    private final class Witness: Transport {
        let seen = Mutex<[Bool]>([])
        let executor: any TaskExecutor

        init(_ executor: any TaskExecutor) { self.executor = executor }

        func send(_ call: OperationCall) async throws(APIError) -> OperationReply {
            let isThere = withUnsafeCurrentTask { $0?.unownedTaskExecutor == executor.asUnownedTaskExecutor() }
            seen.withLock { $0.append(isThere) }
            return OperationReply(body: Array(#"{"id":7}"#.utf8))
        }
    }

    @Test("in process on an executor of the program's, calls are made there")
    func onAnExecutor() async {
        let executor = AlarmThread(), witness = Witness(executor)
        let host = RunbookHost(transport: witness, machines: .inProcessOn(executor))
        let source = """
            runbook { needs = { "users:read" } }
            parallel({ 1, 2, 3 }, 2, function(id) users.get(id) end)
            return users.get(7).id
            """
        let outcome = await host.start(Runbook(name: "calls.lua", source: source)).outcome
        #expect(outcome.status == .succeeded)
        #expect(outcome.result == 7)
        #expect(witness.seen.withLock { $0 } == [true, true, true, true])
    }

    @Test("a script that computes for ever there is ended in time, and shares it meanwhile")
    func busy() async {
        let executor = AlarmThread(), witness = Witness(executor)
        let host = RunbookHost(transport: witness, machines: .inProcessOn(executor))
        let busy = host.start(
            Runbook(name: "busy.lua", source: #"runbook { limits = { time = "200ms" } } while true do end"#))
        let other = await host.start(
            Runbook(name: "other.lua", source: #"runbook { needs = { "users:read" } } return users.get(7).id"#)
        ).outcome
        #expect(other.result == 7)
        let outcome = await busy.outcome
        #expect(outcome.status == .stopped)
        #expect(outcome.error?.message.contains("200 ms") == true, "\(outcome.error?.message ?? "")")
    }
}

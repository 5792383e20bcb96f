import LuaMachine
import Operations
import Testing

@Suite struct TaskTests {
    static let fanOut = """
        local main, left, order = rb.task(), 4, {}
        for i = 1, 4 do
          rb.spawn(function(n)
            local value = users.get(n)
            order[#order + 1] = value
            left = left - 1
            if left == 0 then rb.wake(main) end
          end, i)
        end
        while left > 0 do rb.park() end
        return order
        """

    @Test(arguments: MachineKind.allCases)
    func severalCallsAreInFlightAtOnceAndRepliesDecideTheOrder(kind: MachineKind) async throws {
        let machine = try await MachineHarness(kind: kind).start(Self.fanOut)
        var made: [MachineCall] = []
        while made.count < 4 {
            guard case .calls(let calls) = try await machine.nextEvent() else {
                Issue.record("the script ended before its calls were answered")
                return
            }
            made += calls
        }
        #expect(Set(made.map(\.task)).count == 4)
        for call in made.reversed() { MachineHarness.reply(machine, call.id, .value(.integer(Int64(call.task)))) }
        guard case .finished(let json, _) = try await machine.nextEvent() else {
            Issue.record("the script did not finish")
            return
        }
        #expect(try JSONValue(parsing: json) == .array(made.reversed().map { .integer(Int64($0.task)) }))
        await machine.close()
    }

    @Test(arguments: MachineKind.allCases)
    func tasksThatAllWaitForEachOtherAreADeadlockNotAHang(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run("rb.park()")
        #expect(outcome.end == .failed)
        #expect(outcome.value["kind"] == "deadlock")
    }

    @Test(arguments: MachineKind.allCases)
    func theRunEndsWithTheMainTaskWhateverOthersDo(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run("rb.spawn(users.get, 1) users.unlock(2) return 'done'") {
            call in
            call.name == "users.get" ? .never : .nothing
        }
        #expect(outcome.value == "done")
    }

    @Test(arguments: MachineKind.allCases)
    func moreTasksThanAllowedStopTheRun(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.tasks = 100
        let outcome = try await harness.run("while true do pcall(rb.spawn, function() rb.park() end) end")
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "tasks")
        #expect(outcome.location == "test.lua:1")
    }
}

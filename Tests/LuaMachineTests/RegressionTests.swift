import LuaMachine
import Operations
import Testing

/// One test for each fault that was once there.
@Suite struct RegressionTests {
    @Test(arguments: MachineKind.allCases)
    func aTableThatBecomesWeakIsRefusedByTheEncoder(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local last
            for round = 1, 20 do
              local mt = {}
              local weak = setmetatable({}, mt)
              mt.__mode = "v"
              for i = 1, 3000 do weak[("key"):rep(40) .. i] = { i } end
              last = select(2, pcall(users.get, weak))
            end
            return last.message
            """)
        #expect(outcome.value.stringValue?.contains("is a weak table") == true, "\(outcome.value)")
        #expect(outcome.calls.isEmpty)
    }

    @Test(arguments: MachineKind.allCases)
    func theMainThreadCannotBeClosedFromAnErrorsText(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            error(setmetatable({}, { __tostring = function()
              local main = coroutine.running()
              local ok, problem = coroutine.wrap(function() return pcall(coroutine.close, main) end)()
              return tostring(ok) .. " " .. problem
            end }))
            """)
        #expect(outcome.end == .failed)
        #expect(outcome.message == "false cannot close a normal coroutine")
    }

    @Test(arguments: MachineKind.allCases)
    func theTextOfAnErrorIsUnderTheTimeLimitToo(kind: MachineKind) async throws {
        let machine = try await MachineHarness(kind: kind).start(
            "rb.note('begun') users.get(1) error(setmetatable({}, { __tostring = function() while true do end end }))")
        guard case .calls(let calls) = try await machine.nextEvent() else { throw MachineError.closed }
        for call in calls where !call.isNote { MachineHarness.reply(machine, call.id, .nothing) }
        let ending = Task { try await MachineHarness(kind: kind).drive(machine) { _ in .never } }
        machine.interrupt(.time)
        let outcome = try await ending.value
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "time")
        await machine.close()
    }

    @Test(arguments: MachineKind.allCases)
    func aLongErrorIsCutShort(kind: MachineKind) async throws {
        let harness = MachineHarness(kind: kind)
        let table = try await harness.run("local s, t = ('x'):rep(2^20), {} for i = 1, 90 do t[i] = s end error(t)")
        #expect(table.end == .failed)
        #expect(table.value["value"] == .null)
        let text = try await harness.run("error(('\\1'):rep(2e7), 0)")
        #expect(text.end == .failed)
        #expect(text.message.utf8.count <= 1 << 16)
    }

    @Test(arguments: MachineKind.allCases)
    func aResultThatIsTooLongIsALimit(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.result = 1 << 20
        let outcome = try await harness.run("local s, t = ('x'):rep(2^19), {} for i = 1, 2000 do t[i] = s end return t")
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "result")
    }

    @Test(arguments: MachineKind.allCases)
    func argumentsThatAreTooLongAreRefused(kind: MachineKind) async throws {
        let script =
            "local s, t = ('x'):rep(2^19), {} for i = 1, 2000 do t[i] = s end return select(2, pcall(users.get, t)).message"
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 64 << 20
        let outcome = try await harness.run(script)
        #expect(outcome.value == "the arguments are more than 16 MB; nothing was sent")
        #expect(outcome.calls.isEmpty)
        harness.limits.memory = 12 << 20
        #expect(try await harness.run(script).limit == "memory")
    }

    @Test(arguments: MachineKind.allCases)
    func memoryThatEndsInTheMiddleOfARecordLeavesNoHalfOfIt(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 8 << 20
        let outcome = try await harness.run(
            """
            local t, hold = {}, {}
            for i = 1, 40 do t[("k"):rep(30000) .. i] = ("v"):rep(30000) .. i end
            rb.note("log", "before")
            local ok = true
            while ok do
              hold[#hold + 1] = ("x"):rep(1000) .. #hold
              rb.note("log", t)
            end
            """)
        #expect(outcome.end == .stopped)
        #expect(["memory", "result"].contains(outcome.limit))
    }
}

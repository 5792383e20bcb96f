import LuaMachine
import Operations
import Testing

/// One test for each fault that was once there.
@Suite struct RegressionTests {
    @Test(arguments: MachineKind.allCases)
    func aTableThatWasToBecomeWeakIsWrittenLikeAnyOther(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local last
            for round = 1, 20 do
              local mt = {}
              local weak = setmetatable({}, mt)
              mt.__mode = "v"
              for i = 1, 3000 do weak[("key"):rep(40) .. i] = { i } end
              users.get(weak)
              last = weak
            end
            return last
            """)
        #expect(outcome.value.objectValue?.count == 3_000)
        #expect(Set(outcome.calls.map(\.arguments)).count == 1)
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

    /// The host holds far more for a value than its text.
    @Test(arguments: MachineKind.allCases)
    func veryManyValuesAreRefused(kind: MachineKind) async throws {
        let harness = MachineHarness(kind: kind)
        let outcome = try await harness.run(
            "local t = {} for i = 1, 600000 do t[i] = 0 end return select(2, pcall(users.get, t)).message")
        #expect(outcome.value.stringValue?.contains("more than 500000 values") == true, "\(outcome.value)")
        let result = try await harness.run("local t = {} for i = 1, 300000 do t[i] = { i } end return t")
        #expect(result.end == .failed)
        #expect(result.message.contains("more than 500000 values"))
    }

    /// What a failure says has bounds of its own.
    @Test(arguments: MachineKind.allCases)
    func aSmallLimitOnTheResultLeavesErrorsWhole(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.result = 1
        let outcome = try await harness.run("error(('boom'):rep(500))")
        #expect(outcome.end == .failed)
        #expect(outcome.message == "test.lua:1: " + String(repeating: "boom", count: 500))
    }

    /// A call that was put out when a limit ends the run is not made; what was logged before is there.
    @Test(
        arguments: MachineKind.allCases,
        [
            "while true do end", "return (('a'):rep(1e5)):find(('.-'):rep(20) .. 'b')",
            "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
        ])
    func aLimitDropsTheCallsBeforeIt(kind: MachineKind, source: String) async throws {
        if kind == .inProcess, source.contains("find") { return }  // which no machine in process can end
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 16 << 20
        let machine = try await harness.start(
            "rb.note('log', 'before')\nrb.spawn(users.unlock, 1)\nrb.spawn(function() rb.note('log', 'last') \(source) end)\nusers.get(1)"
        )
        let interruption = Task {
            try await Task.sleep(for: .milliseconds(300))
            machine.interrupt(.time)
        }
        let outcome = try await harness.drive(machine) { _ in .never }
        interruption.cancel()
        await machine.close()
        #expect(outcome.end == .stopped)
        // A worker that got no processor in time was killed with what it had not handed over.
        if !outcome.location.isEmpty { #expect(outcome.names.filter { $0 == "log" }.count == 2) }
        // In process the script was paused in between, and its calls were made then.
        if kind == .confined { #expect(outcome.names.filter { $0 != "log" }.isEmpty, "\(outcome.names)") }
    }

    @Test(arguments: MachineKind.allCases)
    func manyLargeArgumentsAtOnceAreNoneTooLong(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local done = 0
            for i = 1, 900 do rb.spawn(function() users.get(('x'):rep(20000)) done = done + 1 end) end
            while done < 900 do users.get(1) end
            return done
            """)
        #expect(outcome.value == 900)
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

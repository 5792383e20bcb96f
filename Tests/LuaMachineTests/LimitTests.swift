import LuaMachine
import Operations
import Testing

@Suite struct LimitTests {
    /// Interrupts the script as soon as it has made its first call, which says that it is running.
    func stop(_ kind: MachineKind, _ source: String, _ why: MachineInterrupt = .time) async throws -> ScriptOutcome {
        let machine = try await MachineHarness(kind: kind).start("rb.note('begun')\nusers.get(1)\n" + source)
        guard case .calls(let calls) = try await machine.nextEvent() else { throw MachineError.closed }
        for call in calls where !call.isNote { MachineHarness.reply(machine, call.id, .nothing) }
        machine.interrupt(why)
        let outcome = try await MachineHarness(kind: kind).drive(machine) { _ in .never }
        await machine.close()
        return outcome
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            "while true do end",
            "while true do pcall(function() while true do end end) end",
            "while true do coroutine.wrap(function() while true do end end)() end",
            "local function f() return pcall(f) end while true do f() end",
            "repeat pcall(error) until false",
            "table.sort({ 1, 2, 3 }, function() while true do end end)",
            "xpcall(function() while true do end end, function() while true do end end)",
            "local t <close> = setmetatable({}, { __close = function() while true do end end })",
            "users.get(2)",
        ])
    func timeEndsEveryScript(kind: MachineKind, source: String) async throws {
        let outcome = try await stop(kind, source)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "time")
    }

    @Test(arguments: MachineKind.allCases)
    func theReportSaysWhereTheScriptStood(kind: MachineKind) async throws {
        let source = "local function spin()\n  while true do end\nend\nspin()"
        var outcome = try await stop(kind, source, .cancel)
        // A worker that gets no processor within its last moments cannot say.
        for _ in 1...5 where outcome.location.isEmpty { outcome = try await stop(kind, source, .cancel) }
        #expect(outcome.limit == "cancelled")
        // An interrupt that comes before the loop finds the script in its call.
        #expect(["test.lua:2", "test.lua:4", "test.lua:6"].contains(outcome.location), "\(outcome.value)")
    }

    @Test func aLibraryFunctionThatRunsForEverEndsWithItsWorker() async throws {
        let outcome = try await stop(.confined, #"return (("a"):rep(1e5)):find((".-"):rep(20) .. "b")"#)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "time")
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end",
            "local t = {} while true do pcall(function() while true do t[#t + 1] = {} end end) end",
            "local s = 'x' while true do s = s .. s end",
            "return ('x'):rep(1e9)",
            "while true do pcall(string.rep, 'x', 1e9) end",
            "local t = {} while true do load('return ' .. ('1 +'):rep(1e5) .. '1') t[#t + 1] = ('x'):rep(1e5) .. #t end",
            "local t = {} while true do coroutine.resume(coroutine.create(function() while true do t[#t + 1] = {} end end)) end",
        ])
    func memoryIsCappedAndNoHandlerCatchesIt(kind: MachineKind, source: String) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 8 << 20
        let outcome = try await harness.run(source)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "memory")
        #expect(outcome.peakMemory <= 8 << 20 + 256 << 10)
    }

    @Test(arguments: MachineKind.allCases)
    func logLinesAreCapped(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.log = 100_000
        let outcome = try await harness.run("while true do\n  pcall(rb.note, 'log', ('x'):rep(1000))\nend")
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "log")
        #expect(outcome.location == "test.lua:2")
        #expect(outcome.calls.count == 99)
    }

    @Test(arguments: MachineKind.allCases)
    func theResultIsCapped(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.result = 1_000
        #expect(try await harness.run("return ('x'):rep(998)").end == .finished)
        let outcome = try await harness.run("return ('x'):rep(999)")
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "result")
    }

    @Test(arguments: MachineKind.allCases)
    func sourceTextIsCapped(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.source = 200
        #expect(try await harness.run("return 1 --" + String(repeating: "-", count: 189)).end == .finished)
        #expect(try await harness.run("return 1 --" + String(repeating: "-", count: 190)).limit == "source")
        let loaded = try await harness.run(
            "\npcall(load, 'return ' .. ('1 + '):rep(100) .. '1')\nrb.note('log', 'went on')")
        #expect(loaded.end == .stopped)
        #expect(loaded.limit == "source")
        #expect(loaded.location == "test.lua:2")
        #expect(loaded.calls.isEmpty)
    }

    @Test(arguments: MachineKind.allCases)
    func tasksAliveAtOnceAreCapped(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.tasks = 10
        let outcome = try await harness.run(
            "for _ = 1, 9 do rb.spawn(users.get, 1) end\nrb.note('log', 'nine')\npcall(rb.spawn, users.get, 1)\nrb.note('log', 'ten')"
        )
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "tasks")
        #expect(outcome.location == "test.lua:3")
        #expect(outcome.names.filter { $0 == "log" }.count == 1)
    }
}

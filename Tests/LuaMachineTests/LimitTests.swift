import Glibc
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
        let outcome = try await stop(kind, "local function spin()\n  while true do end\nend\nspin()", .cancel)
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
            "local t = {} while true do load('return ' .. ('1 +'):rep(1e6) .. '1') t[#t + 1] = ('x'):rep(1e5) .. #t end",
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
    func outputIsCapped(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.output = 100_000
        let outcome = try await harness.run("while true do pcall(rb.note, 'log', ('x'):rep(1000)) end")
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "output")
        #expect(outcome.calls.count < 100)
    }

    /// A known fault of Lua 5.4.4: closing a long chain of coroutines overflows the C stack.
    @Test(arguments: MachineKind.allCases)
    func aLongChainOfClosesIsAnErrorNotACrash(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 1 << 30
        let outcome = try await harness.run(
            """
            local co
            for _ = 1, 100000 do
              local previous = co
              co = coroutine.create(function()
                local guard <close> = setmetatable({}, { __close = function() if previous then assert(coroutine.close(previous)) end end })
                coroutine.yield()
              end)
              coroutine.resume(co)
            end
            return select(2, coroutine.close(co))
            """)
        #expect(outcome.value.stringValue?.contains("C stack overflow") == true, "\(outcome.value)")
    }

    @Test(arguments: [SIGSEGV, SIGKILL, SIGABRT])
    func aCrashedWorkerIsAnErrorOfItsOwnRun(signal: Int32) async throws {
        let machine = try await MachineHarness(kind: .confined).start("users.get(1)")
        let other = try await MachineHarness(kind: .confined).start("return users.get(1)")
        for running in [machine, other] {
            guard case .calls = try await running.nextEvent() else { throw MachineError.closed }
        }
        let process = try #require((machine as? ConfinedMachine)?.processIdentifier)
        kill(process, signal)
        await #expect(throws: MachineError.killed(signal: signal)) { try await machine.nextEvent() }
        MachineHarness.reply(other, 1, .value(5))
        guard case .finished(let json, _) = try await other.nextEvent() else { throw MachineError.closed }
        #expect(json == Array("5".utf8))
        await machine.close()
        await other.close()
    }
}

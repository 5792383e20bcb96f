import Glibc
import LuaMachine
import Operations
import Testing

/// A statement that is ended from outside leaves the session as it was.
@Suite(.timeLimit(.minutes(2))) struct SessionInterruptTests {
    /// Statements that never end by themselves, and come to a hook.
    static let endless = [
        "while true do end",
        "while true do pcall(function() while true do end end) end",
        "while true do xpcall(function() while true do end end, function() while true do end end) end",
        "coroutine.wrap(function() while true do end end)()",
        "local c = coroutine.create(function() while true do coroutine.yield() end end) while true do coroutine.resume(c) end",
        "while true do coroutine.wrap(function() coroutine.wrap(function() end)() end)() end",
        "table.sort({ 3, 2, 1 }, function() while true do end end)",
        "string.gsub('abc', '.', function() while true do end end)",
        "setmetatable({}, { __index = function() while true do end end }).x = nil; return setmetatable({}, { __index = function() while true do end end }).x",
        "for i = 1, math.huge do local x <close> = setmetatable({}, { __close = function() while true do end end }) end",
        "tostring(setmetatable({}, { __tostring = function() while true do end end }))",
        "error(setmetatable({}, { __tostring = function() while true do end end }))",
        "load(function() while true do end end)",
        "local function f() return f() end f()",
        "while true do load('return 1')() end",
        "goto again ::again:: goto again",
    ]

    /// Beside the concurrency pool: a script in this process that cannot be paused keeps one of its threads.
    static let watch = AlarmThread()

    @Test(arguments: MachineKind.allCases, endless)
    func `a busy statement is stopped and the session goes on`(_ kind: MachineKind, _ source: String) async throws {
        let session = try await SessionHarness(kind)
        try await session.run("kept = { 7 }")
        for why in [MachineInterrupt.cancel, .time] {
            session.begin(source)
            // Before it begins the first time, and most likely in the midst of it the second time.
            if why == .cancel { session.machine.interrupt(why) }
            let machine = session.machine
            let interruption = Task(executorPreference: Self.watch) {
                try? await Self.watch.sleep(for: .milliseconds(2))
                machine.interrupt(why)
            }
            let outcome = try await session.end()
            await interruption.value
            #expect(outcome.end == .stopped)
            #expect(outcome.limit == (why == .time ? "time" : "cancelled"))
            try await session.ready()
            #expect(try await session.value("kept[1]") == 7)
        }
        await session.close()
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            "users.get(1)", "pcall(users.get, 1)", "coroutine.wrap(users.get)(1)",
            "for i = 1, 5 do rb.spawn(users.get, i) end users.get(6)",
            "rb.spawn(users.get, 1) rb.park()",
            "local x <close> = setmetatable({}, { __close = function() users.get(2) end }) users.get(1)",
        ])
    func `a statement that waits for an answer is stopped`(_ kind: MachineKind, _ source: String) async throws {
        let session = try await SessionHarness(kind)
        try await session.run("kept = 7")
        for why in [MachineInterrupt.cancel, .time] {
            session.begin(source)
            let calls = try await session.calls()
            session.machine.interrupt(why)
            // Only the first one counts.
            session.machine.interrupt(why == .time ? .cancel : .time)
            let outcome = try await session.end()
            #expect(outcome.end == .stopped)
            #expect(outcome.limit == (why == .time ? "time" : "cancelled"))
            for call in calls { session.machine.reply(MachineReply(id: call.id, json: Array("1".utf8))) }
            try await session.ready()
            #expect(try await session.value("kept") == 7)
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `the answer that a statement was stopped over may be long`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        let long = Array("\"\(String(repeating: "x", count: 4 << 20))\"".utf8)
        for _ in 1...5 {
            session.begin("users.get(1)")
            let calls = try await session.calls()
            // The worker may be reading it when it hears that the statement is to end.
            session.machine.reply(MachineReply(id: calls[0].id, json: long))
            session.machine.interrupt(.cancel)
            let end = try await session.end().end
            #expect(end == .stopped || end == .finished)
            try await session.ready()
            #expect(try await session.value("1 + 1") == 2)
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `an interrupt does nothing while no statement runs`(_ kind: MachineKind) async throws {
        let session = try await SessionHarness(kind)
        for number in 1...20 {
            session.machine.interrupt(.cancel)
            session.machine.interrupt(.time)
            #expect(try await session.value("\(number)") == .integer(Int64(number)))
        }
        await session.close()
    }

    @Test(arguments: MachineKind.allCases)
    func `an interrupt that meets the end of its statement is not taken for the next one`(
        _ kind: MachineKind
    ) async throws {
        let session = try await SessionHarness(kind)
        let machine = session.machine
        try await session.run("function count(n) local sum = 0 for i = 1, n do sum = sum + i end return sum end")
        var stopped = 0
        for number in 1...200 {
            // From statements that have ended before the interrupt is sent to such that take a millisecond.
            let interruption = Task(executorPreference: Self.watch) { machine.interrupt(.cancel) }
            session.begin("return count(\(number * 1_000))")
            let outcome = try await session.end()
            stopped += outcome.end == .stopped ? 1 : 0
            #expect(outcome.end == .stopped || outcome.end == .finished)
            try await session.ready()
            if number.isMultiple(of: 2) { await interruption.value }
            session.begin("return \(number)")
            if !number.isMultiple(of: 2) {
                // The interrupt may be meant for this one by now.
                let end = try await session.end().end
                #expect(end == .stopped || end == .finished)
                await interruption.value
            } else {
                let outcome = try await session.end()
                #expect(outcome.end == .finished)
                #expect(outcome.value == [.integer(Int64(number))])
            }
            try await session.ready()
        }
        #expect(stopped < 200)
        await session.close()
    }

    @Test func `a statement that no hook reaches takes the machine with it`() async throws {
        let session = try await SessionHarness(.confined)
        session.begin("rb.note('begun', ('x'):rep(70000)) string.find(('a'):rep(50000), ('a*'):rep(40) .. 'b')")
        _ = try await session.calls()
        let start = ContinuousClock.now
        session.machine.interrupt(.cancel)
        let outcome = try await session.end()
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "cancelled")
        #expect(await session.loss() == .sessionLost)
        // A second and what a busy machine makes of it; without an end it would take years.
        #expect(ContinuousClock.now - start < .seconds(30))
        #expect(MachineError.sessionLost.description.contains("Start a new one"))
        await session.close()
    }

    @Test func `a machine that is killed while it waits is told by the next statement`() async throws {
        let session = try await SessionHarness(.confined)
        let worker = try #require((session.machine as? ConfinedMachine)?.processIdentifier)
        kill(worker, SIGKILL)
        session.begin("return 1")
        #expect(await session.loss() == .killed(signal: SIGKILL))
        session.begin("return 1")
        #expect(await session.loss() == .killed(signal: SIGKILL))
        await session.close()
    }

    @Test func `a machine that is killed within a statement is told in its place`() async throws {
        let session = try await SessionHarness(.confined)
        let worker = try #require((session.machine as? ConfinedMachine)?.processIdentifier)
        session.begin("users.get(1)")
        _ = try await session.calls()
        kill(worker, SIGSEGV)
        #expect(await session.loss() == .killed(signal: SIGSEGV))
        await session.close()
    }
}

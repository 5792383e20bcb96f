import LuaMachine
import Operations
import Testing

/// What is known to be weak in Lua 5.4.4, one test each: where a hook, a yield, the C stack or the collector would let a
/// script out of its limits or crash the process.
@Suite struct KnownFaultTests {
    /// Runs a script that says when it begins to misbehave, and interrupts it then.
    private func interrupted(_ kind: MachineKind, _ source: String) async throws -> ScriptOutcome {
        let machine = try await MachineHarness(kind: kind).start("rb.note('begun')\nusers.get(1)\n" + source)
        guard case .calls(let calls) = try await machine.nextEvent() else { throw MachineError.closed }
        for call in calls where !call.isNote { MachineHarness.reply(machine, call.id, .nothing) }
        machine.interrupt(.time)
        let outcome = try await MachineHarness(kind: kind).drive(machine) { _ in .never }
        await machine.close()
        return outcome
    }

    // MARK: Hooks

    /// Each coroutine counts its instructions from 0, so short ones within short ones never reach the count hook.
    @Test(
        arguments: MachineKind.allCases,
        [
            """
            local function tree(depth)
              for _ = 1, depth > 0 and 50 or 0 do coroutine.wrap(tree)(depth - 1) end
            end
            tree(30)
            """,
            "while true do coroutine.wrap(function() for _ = 1, 900 do end end)() end",
            "while true do coroutine.resume(coroutine.create(function() for _ = 1, 900 do end end)) end",
            "local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end",
        ])
    func hooksThatRestartInNewCoroutines(kind: MachineKind, source: String) async throws {
        var outcome = try await interrupted(kind, source)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "time")
        // A worker that got no processor in time to say where it stood was killed without.
        for _ in 1...5 where outcome.location.isEmpty { outcome = try await interrupted(kind, source) }
        #expect(outcome.location.hasPrefix("test.lua:"))
    }

    /// Coroutines that are too short for the hook share the host's thread all the same.
    @Test func shortCoroutinesGiveTheThreadBack() async throws {
        let machine = try await MachineHarness(kind: .inProcess).start(
            "while true do coroutine.wrap(function() for _ = 1, 900 do end end)() end")
        let endless = Task { try await MachineHarness(kind: .inProcess).drive(machine) { _ in .never } }
        let others = try await withThrowingTaskGroup(of: ScriptOutcome.self) { group in
            for _ in 1...8 { group.addTask { try await MachineHarness(kind: .inProcess).run("return users.get(1)") } }
            return try await group.reduce(into: 0) { count, _ in count += 1 }
        }
        #expect(others == 8)
        machine.interrupt(.cancel)
        #expect(try await endless.value.limit == "cancelled")
        await machine.close()
    }

    /// An error that the hook raises calls the message handler with hooks off.
    @Test(
        arguments: MachineKind.allCases,
        [
            "xpcall(function() while true do end end, function() while true do end end)",
            "table.sort({ 1, 2, 3 }, function() xpcall(function() while true do end end, function() while true do end end) end)",
            "string.gsub('x', 'x', function() while true do xpcall(error, function() while true do end end) end end)",
            "table.sort({ 1, 2 }, function() while true do xpcall(function() while true do end end, function() return xpcall(error, print or error) end) end end)",
        ])
    func hooksAreOffInMessageHandlers(kind: MachineKind, source: String) async throws {
        let outcome = try await interrupted(kind, source)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "time")
    }

    /// After an error in a hook a coroutine's variables are closed with hooks off.
    @Test(
        arguments: MachineKind.allCases,
        [
            "local x <close> = setmetatable({}, { __close = function() while true do end end }) while true do end",
            """
            table.sort({ 1, 2 }, function()
              local x <close> = setmetatable({}, { __close = function() while true do end end })
              while true do end
            end)
            """,
            """
            table.sort({ 1, 2 }, function()
              local co = coroutine.create(function()
                local x <close> = setmetatable({}, { __close = function() while true do end end })
                while true do end
              end)
              while true do coroutine.resume(co) coroutine.close(co) end
            end)
            """,
            """
            table.sort({ 1, 2 }, function()
              coroutine.wrap(function()
                local x <close> = setmetatable({}, { __close = function() while true do end end })
                while true do end
              end)()
            end)
            """,
        ])
    func hooksAreOffInCloseAfterAHookError(kind: MachineKind, source: String) async throws {
        let outcome = try await interrupted(kind, source)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "time")
    }

    /// Finalizers run with hooks off and at the collector's time: there are none.
    @Test(arguments: MachineKind.allCases)
    func hooksAreOffInFinalizers(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local refused = pcall(setmetatable, {}, { __gc = function() while true do end end })
            local called = 0
            for _ = 1, 100 do
              local late = {}
              setmetatable({}, late)
              late.__gc = function() called = called + 1 while true do end end
              for _ = 1, 100 do local _ = ("x"):rep(10000) .. called end
              collectgarbage()
            end
            return { refused, called }
            """)
        #expect(outcome.end == .finished, "\(outcome.value)")
        #expect(outcome.value == [false, 0])
    }

    // MARK: Yields

    /// A pause or a call that travels up through the script's own `coroutine.resume` must not come out of it.
    @Test(arguments: MachineKind.allCases)
    func pausesDoNotSurfaceInTheScriptsOwnResume(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local seen = {}
            local co = coroutine.create(function()
              for i = 1, 5 do
                for _ = 1, 200000 do end
                users.get(i)
                coroutine.yield(i)
              end
              return "end"
            end)
            while coroutine.status(co) ~= "dead" do seen[#seen + 1] = select(2, coroutine.resume(co)) end
            return seen
            """)
        #expect(outcome.value == [1, 2, 3, 4, 5, "end"])
        #expect(outcome.calls.count == 5)
    }

    /// A host call where Lua cannot yield would be an error of Lua's own words, or lose the call.
    @Test(arguments: MachineKind.allCases)
    func aCallWhereLuaCannotYield(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            "local ok, e = pcall(table.sort, { 2, 1 }, function() users.get(1) end) return { ok, e.kind, e.operation }")
        #expect(outcome.value == [false, "invalid_argument", "users.get"])
        #expect(outcome.calls.isEmpty)
    }

    // MARK: The C stack

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

    /// Sources whose compilation recurses or whose expressions grow without end.
    @Test(
        arguments: MachineKind.allCases,
        [
            "return a\(String(repeating: "._ENV", count: 60_000))", "return \(String(repeating: "(", count: 200_000))",
            "return \(String(repeating: "{", count: 200_000))",
            "return \(String(repeating: "-", count: 1) )\(String(repeating: " -", count: 200_000)) 1",
            "return \(String(repeating: "not ", count: 100_000)) 1", "\(String(repeating: "do ", count: 100_000))",
            "return \(String(repeating: "function() return ", count: 20_000))",
            "return a\(String(repeating: ".a", count: 200_000))",
            "return \(String(repeating: "a..", count: 150_000)) a",
            "return \(String(repeating: "2^", count: 150_000)) 2",
            "local _ENV <const> = {} return a\(String(repeating: "._ENV", count: 1_000))",
            "return \(String(repeating: "a=1,", count: 0)){\(String(repeating: "a=1,", count: 100_000))}",
            "local a <const> = 1 return \(String(repeating: "a+", count: 100_000)) a",
        ])
    func veryLongExpressions(kind: MachineKind, source: String) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            "local f, e = load(users.get(1)) local ok = f and pcall(f) return f ~= nil or e"
        ) { _ in .value(.string(source)) }
        #expect(outcome.end == .finished, "\(outcome.value)")
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            "local function f() return 1 + f() end f()",
            "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end return t[1]",
            "local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b end return t .. t",
            "local function f(s) return (s:gsub('.', f)) end f('x')",
            "local function f() return coroutine.wrap(f)() end f()",
            "local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return tostring(t) end tostring(t)",
            "local function f(a, b) table.sort({ 1, 2, 3 }, f) return a < b end f(1, 2)",
            "local function f() return load(f) end f()() ",
            "local t = {} for _ = 1, 100000 do t = setmetatable({}, { __index = t }) end return t.x",
        ])
    func deepRecursion(kind: MachineKind, source: String) async throws {
        let outcome = try await MachineHarness(kind: kind).run(source)
        #expect(outcome.end == .failed, "\(outcome.value)")
        #expect(
            ["stack overflow", "loop", "arithmetic", "call a nil"].contains { outcome.message.contains($0) },
            "\(outcome.message)")
    }

    // MARK: The collector and memory

    /// `__close` may raise an error of its own over the one that says that memory is exhausted.
    @Test(
        arguments: MachineKind.allCases,
        [
            """
            local kept = {}
            while true do
              pcall(function()
                local guard <close> = setmetatable({}, { __close = function() error("hidden") end })
                while true do kept[#kept + 1] = ("x"):rep(1000) .. #kept end
              end)
            end
            """,
            """
            local kept = {}
            while true do
              xpcall(function() while true do kept[#kept + 1] = {} end end, function() kept = {} return 1 end)
            end
            """,
            """
            while true do
              local ok, e = pcall(string.rep, "x", 1 << 30)
              if ok then error("so much cannot be") end
            end
            """,
            "while true do pcall(table.concat, { ('x'):rep(6 << 20), ('y'):rep(6 << 20) }) end",
            "local e = setmetatable({}, { __tostring = function() local t = {} while true do t[#t + 1] = {} end end }) error(e)",
            "local t = {} while true do local ok, e = pcall(load, ('x = 1 '):rep(20000)) t[#t + 1] = e end",
        ])
    func exhaustedMemoryInsideErrorHandling(kind: MachineKind, source: String) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 8 << 20
        let outcome = try await harness.run(source)
        #expect(outcome.end == .stopped)
        #expect(outcome.limit == "memory")
        #expect(outcome.location.hasPrefix("test.lua:"), "\(outcome.value)")
        #expect(!outcome.traceback.isEmpty)
    }

    /// The position is that of the request that was refused, not of the handler that would have caught it.
    @Test(arguments: MachineKind.allCases)
    func exhaustedMemoryIsToldWhereItHappened(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 8 << 20
        let outcome = try await harness.run(
            "local t = {}\npcall(function()\n  while true do\n    t[#t + 1] = ('x'):rep(2000) .. #t\n  end\nend)\nreturn 1"
        )
        #expect(outcome.limit == "memory")
        #expect(outcome.location == "test.lua:4")
    }

    @Test(arguments: MachineKind.allCases)
    func weakTablesUnderEmergencyCollection(kind: MachineKind) async throws {
        var harness = MachineHarness(kind: kind)
        harness.limits.memory = 8 << 20
        let outcome = try await harness.run(
            """
            local meta = {}
            local weak = setmetatable({}, meta)
            pcall(function() meta.__mode = "kv" end)
            for i = 1, 200 do weak[i] = { i } end
            for _ = 1, 300 do local _ = ("x"):rep(100000) .. _ end
            local alive = 0
            for i = 1, 200 do if weak[i] then alive = alive + 1 end end
            return alive
            """)
        #expect(outcome.value == 200, "what a table holds must not depend on when the collector ran")
    }

    // MARK: Values

    @Test(arguments: MachineKind.allCases)
    func binaryChunks(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local text = "\\27LuaT\\0\\x19\\x93\\r\\n\\x1a\\n\\4\\8\\8"
            local pieces = { "\\27", "Lua" }
            return {
              load(text) == nil, load(text, "x", "b") == nil, load(text, "x", "bt") == nil,
              load(function() return table.remove(pieces, 1) end) == nil, string.dump == nil or pcall(string.dump, print) == false,
            }
            """)
        #expect(outcome.end == .finished || outcome.message.contains("string.dump"), "\(outcome.value)")
        if let results = outcome.value.arrayValue { #expect(results.allSatisfy { $0 == true }, "\(results)") }
        #expect(try await MachineHarness(kind: kind).run("\u{1b}Lua").end == .failed)
    }

    @Test(arguments: MachineKind.allCases)
    func theMetatableOfStringsIsNotToBeHad(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local poisoned = pcall(function() getmetatable("").__index = function() return "poison" end end)
            return { getmetatable(""), poisoned, pcall(setmetatable, "", {}), ("x"):upper() }
            """)
        #expect(outcome.value == ["string", false, false, "X"])
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            ("error()", "nil"), ("error(nil)", "nil"), ("error({})", "table"),
            ("error(setmetatable({}, { __tostring = 5 }))", "could not be made"),
            ("error(setmetatable({}, { __name = 'Fine' }))", "Fine"),
            ("error(setmetatable({}, { __name = {} }))", "table"),
            ("error(setmetatable({}, { __tostring = function() return {} end }))", ""),
            ("error(setmetatable({}, { __tostring = function() error(error) end }))", ""),
            ("error(print or error)", "function"),
            ("error(coroutine.create(error))", "thread"), ("error(0/0)", "nan"), ("error(true)", "true"),
            ("error(setmetatable({}, { __tostring = function() return ('\\xff'):rep(100) end }))", "\u{fffd}"),
            ("local t = {} t.t = t error(t)", "table"),
        ])
    func errorsOfEveryKind(kind: MachineKind, error: (source: String, message: String)) async throws {
        let outcome = try await MachineHarness(kind: kind).run(error.source)
        #expect(outcome.end == .failed)
        #expect(outcome.message.contains(error.message), "\(outcome.value)")
        #expect(!outcome.message.contains("0x"))
        let caught = try await MachineHarness(kind: kind).run(
            "local ok, e = pcall(function() \(error.source) end) return { ok, (select('#', e)) }")
        #expect(caught.value == [false, 1])
    }
}

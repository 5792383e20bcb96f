import LuaMachine
import Operations
import Testing

@Suite struct SandboxTests {
    @Test(arguments: MachineKind.allCases)
    func nothingLeadsOutOfTheMachine(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local there = {}
            for _, path in ipairs { "io", "package", "debug", "require", "dofile", "loadfile", "warn", "os.execute", "os.exit",
                "os.getenv", "os.remove", "os.rename", "os.tmpname", "os.setlocale", "string.dump" } do
              local value = _G
              for part in path:gmatch("[^.]+") do value = value and value[part] end
              if value ~= nil then there[#there + 1] = path end
            end
            return there
            """)
        #expect(outcome.value == [])
    }

    @Test(arguments: MachineKind.allCases)
    func bytecodeIsRefused(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(#"return select(2, load("\27Lua", "x", "b"))"#)
        #expect(outcome.value == "attempt to load a binary chunk: only source text is run")
        let script = try await MachineHarness(kind: kind).run("\u{1b}Lua")
        #expect(script.end == .failed)
        #expect(script.message.contains("precompiled"))
    }

    @Test(arguments: MachineKind.allCases)
    func metatablesThatReachTheCollectorOrTheStringsAreRefused(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            return { pcall(setmetatable, {}, { __gc = function() end }), pcall(setmetatable, {}, { __mode = "k" }),
              getmetatable("") == "string" }
            """)
        #expect(outcome.value.arrayValue?.first == false)
        #expect(outcome.value.arrayValue?.last == true)
    }

    @Test(arguments: MachineKind.allCases)
    func errorsOfEveryKindAreReported(kind: MachineKind) async throws {
        let harness = MachineHarness(kind: kind)
        #expect(try await harness.run("error()").end == .failed)
        #expect(try await harness.run("error('plain', 0)").message == "plain")
        #expect(try await harness.run("error({ code = 3 })").value["value"] == ["code": 3])
        #expect(
            try await harness.run("error(setmetatable({}, { __tostring = function() error('no') end }))").end == .failed
        )
        #expect(
            try await harness.run("error(setmetatable({}, { __tostring = function() return 3 end }))").end == .failed)
        let deep = try await harness.run("local function f() return f() + 1 end f()")
        #expect(deep.message.contains("stack overflow"), "\(deep)")
        #expect(try await harness.run("error('\\xff\\xfe', 0)").message == "\u{fffd}\u{fffd}")
        let string = String(repeating: "(", count: 1000)
        #expect(try await harness.run("return load('return \(string)')() ").end == .failed)
    }

    /// Values that are raised, and the message that the host is told.
    private static let raised: [(value: String, message: String)] = [
        ("nil", "nil"), ("", "nil"), ("false", "false"), ("{}", "table: 1"), ("assert", "function: 1"),
        ("setmetatable({}, { __name = 5 })", "table: 1"), ("setmetatable({}, { __name = {} })", "table: 1"),
        (
            "setmetatable({}, { __name = setmetatable({}, { __tostring = error, __concat = error, __len = error }) })",
            "table: 1"
        ),
        ("setmetatable({}, { __name = 'Name' })", "Name: 1"),
        ("setmetatable({}, { __name = 'a\\0b\\n' })", "a: 1"),
        ("setmetatable({}, { __tostring = setmetatable({}, { __call = function() return 'called' end }) })", "called"),
        ("setmetatable({}, { __tostring = function() return 'text', 'more' end })", "text"),
        ("setmetatable({}, { __index = error, __metatable = false, __eq = error, __len = error })", "table: 1"),
        ("setmetatable({}, { __tostring = 5 })", unnamed),
        ("setmetatable({}, { __tostring = function() return {} end })", unnamed),
        ("setmetatable({}, { __tostring = function() end })", unnamed),
        ("setmetatable({}, { __tostring = function() error() end })", unnamed),
        ("setmetatable({}, { __tostring = function(self) error(self) end })", unnamed),
        ("setmetatable({}, { __tostring = function(self) return tostring(self) end })", unnamed),
        ("setmetatable({}, { __tostring = function() coroutine.yield('text') end })", unnamed),
        ("setmetatable({}, { __tostring = function() return users.get(1) end })", unnamed),
    ]
    private static let unnamed = "an error whose text could not be made"

    @Test(arguments: MachineKind.allCases)
    func whatCannotBeShownIsReportedAllTheSame(kind: MachineKind) async throws {
        for (value, message) in Self.raised {
            let outcome = try await MachineHarness(kind: kind).run("\nerror(\(value))")
            #expect(outcome.end == .failed, "\(value): \(outcome)")
            #expect(outcome.message == message, "\(value)")
            #expect(outcome.location == "test.lua:2", "\(value)")
            #expect(outcome.calls.isEmpty, "\(value)")
        }
    }

    @Test(arguments: MachineKind.allCases)
    func hugeNamesAndTextsAreCut(kind: MachineKind) async throws {
        for source in [
            "error(setmetatable({}, { __name = ('n'):rep(3000000) }))",
            "error(setmetatable({}, { __tostring = function() return ('n'):rep(3000000) end }))",
            "error(('n'):rep(3000000), 0)",
            "return string.rep(setmetatable({}, { __name = ('n'):rep(3000000) }))",
            "return 1 + setmetatable({}, { __name = ('n'):rep(3000000) })",
        ] {
            let outcome = try await MachineHarness(kind: kind).run(source)
            #expect(outcome.end == .failed, "\(source)")
            #expect(outcome.message.contains("nnnnnnnn"), "\(source)")
            #expect(outcome.message.utf8.count <= 64 << 10, "\(source)")
            #expect(outcome.location == "test.lua:1", "\(source)")
        }
    }

    /// Reports leave out positions in the host's own Lua: no script may hide behind its name, or have others look there.
    @Test(arguments: MachineKind.allCases)
    func noChunkPassesForTheHostsOwn(kind: MachineKind) async throws {
        let prelude = "local rb = ... function check(f) f() end"
        for name in ["=[runbook]", "@[runbook]", "=[runbook] ", "@[runbook].lua", "=[runbook]\\0.lua"] {
            for code in ["error('x')", "local t t.x = 1", "check(function() error('x') end)", "users.get(assert)"] {
                let outcome = try await MachineHarness(kind: kind, prelude: prelude).run(
                    "\nload(\"\(code)\", \"\(name)\")()")
                #expect(outcome.end == .failed)
                #expect(outcome.location == "(load):1", "\(name) \(code)")
                #expect(outcome.traceback.contains("test.lua:2: in main chunk"), "\(outcome.traceback)")
                #expect(!outcome.traceback.joined().contains("[runbook]"), "\(outcome.traceback)")
            }
        }
        // Any other name is the script's to choose, as in Lua; where it was called from is told beneath.
        let other = try await MachineHarness(kind: kind).run("\nload('\\n\\nerror(1)', '@other.lua')()")
        #expect(other.location == "other.lua:3")
        #expect(
            other.traceback == [
                "[built in]: in function 'error'", "other.lua:3: in main chunk", "test.lua:2: in main chunk",
            ])
        let text = try await MachineHarness(kind: kind).run("\n\nerror('[runbook]:1: spoofed', 0)")
        #expect(text.location == "test.lua:3")
    }
}

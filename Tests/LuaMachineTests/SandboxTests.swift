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
}

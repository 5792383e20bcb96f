import LuaMachine
import Operations
import Testing

@Suite struct CallTests {
    @Test(arguments: MachineKind.allCases)
    func resultOfTheScriptIsJSON(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run("return { answer = 42, list = {}, text = 'ä' }")
        #expect(outcome.end == .finished)
        #expect(outcome.value == ["answer": 42, "list": [], "text": "ä"])
        #expect(outcome.peakMemory > 0)
    }

    @Test(arguments: MachineKind.allCases)
    func aCallCarriesItsArgumentsAndReturnsTheReply(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local user = users.get(7, { links = true })
            return user.name
            """
        ) { _ in .value(["name": "Ada"]) }
        #expect(outcome.value == "Ada")
        let call = try #require(outcome.calls.first)
        #expect(call.name == "users.get")
        #expect(call.line == 1)
        #expect(call.task == 1)
        #expect(try JSONValue(parsing: call.arguments) == [7, ["links": true]])
    }

    @Test(arguments: MachineKind.allCases)
    func aFailedCallRaisesAnErrorTableThatPcallCatches(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local ok, problem = pcall(users.get, 9)
            return { ok = ok, kind = problem.kind, text = tostring(problem), where = problem.where }
            """
        ) { _ in
            .error(["kind": "not_found", "status": 404, "operation": "users.get", "message": "no such user"])
        }
        #expect(outcome.value["ok"] == false)
        #expect(outcome.value["kind"] == "not_found")
        #expect(outcome.value["text"] == "users.get: not_found (404): no such user")
    }

    @Test(arguments: MachineKind.allCases)
    func anUncaughtFailureNamesFileAndLine(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local function fetch()
              return users.get(9).name
            end
            fetch()
            """
        ) { _ in .error(["kind": "not_found", "operation": "users.get", "message": "no such user"]) }
        #expect(outcome.end == .failed)
        #expect(outcome.value["kind"] == "call")
        #expect(outcome.location == "test.lua:2")
        #expect(outcome.traceback.contains { $0.contains("test.lua:4: in main chunk") })
        #expect(outcome.value["value"]?["where"] == "test.lua:2")
    }

    @Test(arguments: MachineKind.allCases)
    func aSyntaxErrorNamesFileAndLine(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run("local x = 1\nlocal = 2")
        #expect(outcome.end == .failed)
        #expect(outcome.value["kind"] == "syntax")
        #expect(outcome.message.hasPrefix("test.lua:2:"))
    }

    @Test(arguments: MachineKind.allCases)
    func arrayNessSurvivesTheWayInAndOut(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run("return roles.list()") { _ in
            .raw(#"{"resources":[],"links":[1]}"#, [.resources, .droppingLinks])
        }
        #expect(outcome.value == [])
    }

    @Test(arguments: MachineKind.allCases)
    func notesNeedNoReplyAndKeepTheirPlace(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            rb.note("log", "a")
            users.get(1)
            table.sort({ 3, 1, 2 }, function(x, y) rb.note("log", "b") return x < y end)
            """
        ) { _ in .value([:]) }
        #expect(outcome.end == .finished)
        #expect(outcome.names.prefix(3) == ["log", "users.get", "log"])
    }

    @Test(
        arguments: MachineKind.allCases,
        [
            ("users.get({ tags = { 1, 2, 0/0 } })", "argument 1.tags[3]"),
            ("local t = {}; t.t = t; users.get(t)", "cycle"),
            ("users.get('\\xff')", "UTF-8"),
            ("local t = {}; for _ = 1, 70 do t = { t } end; users.get(t)", "64"),
            ("users.get(print)", "nothing"), ("users.get(function() end)", "function"),
        ])
    func argumentsThatAreNotJSONAreRefusedBeforeAnythingIsSent(
        kind: MachineKind, script: (source: String, reason: String)
    ) async throws {
        let outcome = try await MachineHarness(kind: kind).run(script.source) { _ in .value("nothing") }
        if script.reason == "nothing" {
            #expect(outcome.end == .finished)  // print is not there without a prelude: no argument at all
        } else {
            #expect(outcome.end == .failed)
            #expect(outcome.calls.isEmpty)
            #expect(outcome.value["value"]?["kind"] == "invalid_argument")
            #expect(outcome.message.contains(script.reason), "\(outcome.message)")
        }
    }

    @Test(arguments: MachineKind.allCases)
    func aReplyThatIsNotJSONIsAnErrorTheScriptCanCatch(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run("local ok, e = pcall(users.get, 1) return e.kind") { _ in
            .raw("{oops", [])
        }
        #expect(outcome.value == "network")
    }

    @Test(arguments: MachineKind.allCases)
    func aCallWhereLuaCannotYieldSaysSo(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local function attempt(f) local ok, e = pcall(f) return tostring(e) end
            return {
              sort = attempt(function() table.sort({ 2, 1 }, function(a, b) users.get(a) return a < b end) end),
              gsub = attempt(function() return ("x"):gsub("x", function() users.get(1) end) end),
              text = attempt(function() return tostring(setmetatable({}, { __tostring = function() users.get(1) end })) end),
              load = attempt(function() error(select(2, load(function() users.get(1) end)), 0) end),
              inner = attempt(function()
                table.sort({ 2, 1 }, coroutine.wrap(function(a, b) while true do users.get(a) coroutine.yield(true) end end))
              end),
            }
            """)
        #expect(outcome.end == .finished)
        #expect(outcome.calls.isEmpty)
        for (place, text) in outcome.value.objectValue ?? [:] {
            #expect(
                text.stringValue?.contains("a call cannot be made inside a sort comparison") == true,
                "\(place): \(text)")
        }
        #expect(outcome.value.objectValue?.count == 5)
    }
}

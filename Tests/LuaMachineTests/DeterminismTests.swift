import Foundation
import LuaMachine
import Operations
import Testing

@Suite struct DeterminismTests {
    @Test(arguments: MachineKind.allCases)
    func pairsVisitsNumbersThenSortedStrings(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local t = { "a", "b", zeta = 1, alpha = 2, [10] = 3, [2.5] = 4, [-1] = 5, [true] = 6 }
            local keys = {}
            for key in pairs(t) do keys[#keys + 1] = tostring(key) end
            local again, key = {}, nil
            repeat key = next(t, key) if key ~= nil then again[#again + 1] = tostring(key) end until key == nil
            return { keys, again }
            """)
        let expected: JSONValue = ["1", "2", "10", "-1", "2.5", "alpha", "zeta", "true"]
        #expect(outcome.value == [expected, expected])
    }

    @Test(arguments: MachineKind.allCases)
    func objectsAsKeysAreVisitedInTheOrderInWhichTheyWereMade(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local made, t, order = {}, {}, {}
            for i = 1, 100 do made[i] = i % 3 == 0 and coroutine.create(function() end) or i % 3 == 1 and {} or function() return i end end
            for i = 100, 1, -1 do t[made[i]] = i end
            for _, i in pairs(t) do order[#order + 1] = i end
            for i = 1, 100 do assert(order[i] == i) end
            return #order
            """)
        #expect(outcome.value == 100, "\(outcome.value)")
    }

    @Test(arguments: MachineKind.allCases)
    func functionsOfTheLibraryAsKeysAreVisitedByName(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local names, order = {}, {}
            for _, name in ipairs { "unpack", "concat", "sort", "insert" } do names[table[name]] = name end
            for _, name in pairs(names) do order[#order + 1] = name end
            return order
            """)
        #expect(outcome.value == ["concat", "insert", "sort", "unpack"])
    }

    @Test(arguments: MachineKind.allCases)
    func fieldsMayBeRemovedDuringTheLoop(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local t, seen = {}, {}
            for i = 1, 20 do t["k" .. i] = i end
            for key in pairs(t) do seen[#seen + 1] = key t[key] = nil t.k20 = nil end
            return { #seen, next(t) == nil }
            """)
        #expect(outcome.value == [19, true])
    }

    /// Lua's own `next` takes a step in constant time; ours must not sort anew at each.
    @Test(arguments: MachineKind.allCases)
    func aLoopOverNextIsNotQuadratic(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local t, count = {}, 0
            for i = 1, 20000 do t["key" .. i] = i end
            for key, value in next, t do count = count + 1 t[key] = nil end
            return { count, next(t) == nil }
            """)
        #expect(outcome.value == [20_000, true])
    }

    @Test(arguments: MachineKind.allCases)
    func nothingShowsAnAddress(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local t, f, c = {}, function() end, coroutine.create(function() end)
            return { tostring(t), tostring(f), tostring(c), tostring(t), string.format("%s|%10s", t, "x"),
              tostring(rb.null), select(2, pcall(string.format, "%p", t)), tostring(setmetatable({}, { __name = "X" })) }
            """)
        #expect(
            outcome.value == [
                "table: 1", "function: 2", "thread: 3", "table: 1", "table: 1|         x", "null",
                "'%p' is not available in a runbook: addresses differ from run to run; use %s", "X: 4",
            ], "\(outcome.value)")
        let failure = try await MachineHarness(kind: kind).run("tostring({}) error({})")
        #expect(failure.message == "table: 2")
    }

    @Test func randomNumbersFollowTheSeedAndAreTheSameInBothMachines() async throws {
        let script =
            "local t = {} for i = 1, 5 do t[i] = math.random(1000) end math.randomseed() t[6] = math.random(1000) return t"
        var values: Set<JSONValue> = []
        for kind in MachineKind.allCases {
            for _ in 1...2 { values.insert(try await MachineHarness(kind: kind).run(script).value) }
        }
        #expect(values.count == 1)
        let other = try await MachineHarness(kind: .inProcess, seed: 8).run(script).value
        #expect(!values.contains(other))
    }

    /// Where a table ends that has holes depends on when it grew, and that on where Lua has put its keys.
    @Test func theLengthOfATableWithHolesIsTheSameInEveryMachine() async throws {
        let script = """
            local lengths = {}
            for round = 1, 20 do
              local t = {}
              for i = 1, 200 do
                local key = math.random(40)
                if math.random(2) == 1 then key = "key" .. key end
                if math.random(3) > 1 then t[key] = i else t[key] = nil end
                lengths[#lengths + 1] = #t
              end
            end
            return lengths
            """
        var values: Set<JSONValue> = []
        for kind in MachineKind.allCases {
            for _ in 1...5 { values.insert(try await MachineHarness(kind: kind).run(script).value) }
        }
        #expect(values.count == 1)
    }

    /// Two handles on one secret are values of their own, which nothing that a script may see tells apart.
    @Test(arguments: MachineKind.allCases)
    func handlesOnOneSecretAreVisitedInTheOrderInWhichTheyWereMade(kind: MachineKind) async throws {
        let handles = (0..<90).map { "{\"$secret\":\($0 / 30)}" }.joined(separator: ",")
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local handles, t, order = users.get(1), {}, {}
            for i = #handles, 1, -1 do t[handles[i]] = i end
            for _, i in pairs(t) do order[#order + 1] = i end
            return order
            """
        ) { _ in .raw("[\(handles)]", .secrets) }
        #expect(outcome.value == .array((1...90).map { .integer($0) }))
    }

    /// Metatables that are made weak after they were set would show when the collector ran.
    @Test(arguments: MachineKind.allCases)
    func aTableThatBecomesWeakKeepsWhatItHolds(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local left = {}
            for index, mode in ipairs { "k", "v", "kv" } do
              local mt = {}
              local weak = setmetatable({}, mt)
              rawset(mt, "__" .. "mode", mode)
              for i = 1, 50 do weak[{}] = {} weak[i] = {} end
              for i = 1, 100000 do local garbage = { i } end
              local count = 0
              for _ in pairs(weak) do count = count + 1 end
              left[index] = count
            end
            return left
            """)
        #expect(outcome.value == [100, 100, 100])
    }

    /// What finalizers there are is settled when the metatable is set, where `__gc` is refused.
    @Test(arguments: MachineKind.allCases)
    func aFinalizerThatIsSetLaterNeverRuns(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local mt, ran = {}, 0
            for i = 1, 100 do setmetatable({}, mt) end
            mt.__gc = function() ran = ran + 1 end
            for i = 1, 100000 do local garbage = { i } end
            return { ran, pcall(setmetatable, {}, mt) }
            """)
        #expect(outcome.value.arrayValue?.prefix(2) == [0, false])
    }

    private static let script = Result {
        try String(contentsOf: HostPrelude.packageRoot.appending(path: "Tests/Lua/determinism.lua"), encoding: .utf8)
    }

    /// Everything that one run asks of its host, in order, and how it ends.
    private static func stream(on kind: MachineKind, seed: UInt64 = 7) async throws -> String {
        let harness = MachineHarness(kind: kind, prelude: try HostPrelude.source(), seed: seed)
        let outcome = try await harness.run(try script.get()) { call in
            guard call.name == "clock" else { return .value(.string("reply \(call.id)")) }
            let run = Int64(call.id) * 1001
            return .value(["unix": .integer(1_700_000_000_000 + run), "run": .integer(run)])
        }
        #expect(outcome.end == .finished, "\(outcome.value)")
        let calls = outcome.calls.map { call in
            "\(call.id) \(call.task) \(call.line) \(call.name) \(String(decoding: call.arguments, as: UTF8.self))\n"
        }
        return calls.joined() + String(decoding: outcome.value.bytes(), as: UTF8.self)
    }

    @Test(.timeLimit(.minutes(5)))
    func aThousandRunsInFreshProcessesMakeTheSameCallsToTheByte() async throws {
        let expected = try await Self.stream(on: .inProcess)
        #expect(expected.contains("parallel|"))
        let differing = try await withThrowingTaskGroup(of: String.self) { group in
            var begun = 0, differing: [String] = []
            func begin() {
                begun += 1
                group.addTask { try await Self.stream(on: .confined) }
            }
            while begun < 8 { begin() }
            while let stream = try await group.next() {
                if stream != expected { differing.append(stream) }
                if begun < 1000 { begin() }
            }
            return differing
        }
        #expect(differing.count == 0, "\(Self.difference(expected, differing.first ?? ""))")
    }

    @Test func anotherSeedMakesOtherCalls() async throws {
        let streams = [try await Self.stream(on: .confined), try await Self.stream(on: .confined, seed: 8)]
        #expect(streams[0] != streams[1])
        #expect(try await Self.stream(on: .inProcess, seed: 8) == streams[1])
    }

    /// The first lines that differ.
    private static func difference(_ expected: String, _ stream: String) -> String {
        let pairs = zip(expected.split(separator: "\n"), stream.split(separator: "\n"))
        return pairs.first { $0 != $1 }.map { "expected \($0.0)\nbut there was \($0.1)" } ?? "one of them ends early"
    }
}

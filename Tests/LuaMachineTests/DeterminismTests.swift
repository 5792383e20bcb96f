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
        let expected: JSONValue = ["1", "2", "-1", "2.5", "10", "alpha", "zeta", "true"]
        #expect(outcome.value == [expected, expected])
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
                "'%p' is not available: addresses differ from run to run", "X: 4",
            ], "\(outcome.value)")
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
}

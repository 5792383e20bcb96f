import LuaMachine
import Operations
import Testing

@Suite struct CoroutineTests {
    @Test(arguments: MachineKind.allCases)
    func aCallInsideTheScriptsOwnCoroutineIsInvisibleToIt(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local seen = {}
            local co = coroutine.create(function(a)
              local first = users.get(a)
              local b = coroutine.yield(first)
              local second = users.get(b)
              return second
            end)
            seen[#seen + 1] = select(2, coroutine.resume(co, 1))
            seen[#seen + 1] = coroutine.status(co)
            seen[#seen + 1] = select(2, coroutine.resume(co, 2))
            seen[#seen + 1] = coroutine.status(co)
            return seen
            """
        ) { call in .value(.string("user " + String(decoding: call.arguments, as: UTF8.self))) }
        #expect(outcome.value == ["user [1]", "suspended", "user [2]", "dead"])
    }

    @Test(arguments: MachineKind.allCases)
    func callsTravelThroughNestedCoroutinesAndWrap(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local function generator(n)
              return coroutine.wrap(function()
                for i = 1, n do coroutine.yield(coroutine.wrap(function() return users.get(i) end)()) end
              end)
            end
            local sum = 0
            for value in generator(5) do sum = sum + value end
            return sum
            """
        ) { call in .value((try? JSONValue(parsing: call.arguments))?.arrayValue?.first ?? .null) }
        #expect(outcome.value == 15)
        #expect(outcome.calls.count == 5)
    }

    @Test(arguments: MachineKind.allCases)
    func errorsAndClosingWorkAsTheManualSays(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local results = {}
            local co = coroutine.create(function() users.get(1) error("boom", 0) end)
            local ok, message = coroutine.resume(co)
            results.failed = { ok, message, coroutine.status(co) }
            results.dead = { coroutine.resume(co) }
            local closed = false
            local held = coroutine.create(function()
              local guard <close> = setmetatable({}, { __close = function() closed = true end })
              coroutine.yield(1)
            end)
            coroutine.resume(held)
            results.close = { coroutine.close(held), closed, coroutine.status(held) }
            local _, main = coroutine.running()
            results.main = main
            results.yieldable = coroutine.isyieldable()
            results.outside = { pcall(coroutine.yield) }
            results.wrapped = { pcall(coroutine.wrap(function() users.get(2) error({ code = 5 }) end)) }
            results.wrapped[2] = results.wrapped[2].code
            return results
            """
        ) { _ in .nothing }
        #expect(outcome.end == .finished, "\(outcome.value)")
        #expect(outcome.value["failed"] == [false, "boom", "dead"])
        #expect(outcome.value["dead"] == [false, "cannot resume dead coroutine"])
        #expect(outcome.value["close"] == [true, true, "dead"])
        #expect(outcome.value["main"] == true)
        #expect(outcome.value["yieldable"] == false)
        #expect(outcome.value["outside"] == [false, "attempt to yield from outside a coroutine"])
        #expect(outcome.value["wrapped"] == [false, 5])
    }

    @Test(arguments: MachineKind.allCases)
    func aCoroutineThatWaitsForItsCallCannotBeResumedByAnotherTask(kind: MachineKind) async throws {
        let outcome = try await MachineHarness(kind: kind).run(
            """
            local main = rb.task()
            local co = coroutine.create(function() return users.get(1) end)
            local seen
            rb.spawn(function()
              seen = { coroutine.status(co), select(2, coroutine.resume(co)), select(2, pcall(coroutine.close, co)) }
              rb.wake(main)
            end)
            local _, value = coroutine.resume(co)
            if not seen then rb.park() end
            seen[#seen + 1] = value
            return seen
            """
        ) { _ in .value("ada") }
        #expect(
            outcome.value == [
                "normal", "cannot resume non-suspended coroutine", "cannot close a normal coroutine", "ada",
            ], "\(outcome.value)")
    }
}

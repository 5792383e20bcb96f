import Operations
import Testing

@testable import LuaMachine

@Suite("Answers that are given ahead", .timeLimit(.minutes(3))) struct ReplayTests {
    static func start(_ source: String, _ kind: MachineKind) async throws -> EventReader {
        EventReader(try await MachineHarness(kind: kind).start(source))
    }

    static func replies(_ values: KeyValuePairs<UInt32, JSONValue>) -> [MachineReply] {
        values.map { MachineReply(id: $0.key, json: $0.value.bytes()) }
    }

    @Test(
        "are taken without a word of the host's, and the calls are told all the same", arguments: MachineKind.allCases)
    func oneAfterTheOther(kind: MachineKind) async throws {
        var events = try await Self.start(
            "local sum = 0 for i = 1, 5 do rb.note('log') sum = sum + users.get(i) end return sum", kind)
        events.machine.replay(Self.replies([1: 10, 2: 20, 3: 30]))
        events.machine.replay(Self.replies([4: 40, 5: 50]))
        let calls = (1...5).flatMap { ["log", "users.get \($0)"] }
        #expect(try await events.rest() == calls + ["finished 150", "finished 150"])
        await events.machine.close()
    }

    @Test("are followed by those that are given when the calls are told", arguments: MachineKind.allCases)
    func thenAsEver(kind: MachineKind) async throws {
        var events = try await Self.start("local sum = 0 for i = 1, 4 do sum = sum + users.get(i) end return sum", kind)
        events.machine.replay(Self.replies([1: 1, 2: 2]))
        events.machine.synchronize()
        #expect(try await events.next(4) == ["users.get 1", "users.get 2", "users.get 3", "waiting"])
        MachineHarness.reply(events.machine, 3, .value(3))
        #expect(try await events.next() == "users.get 4")
        // A call that is made may be answered so too.
        events.machine.replay(Self.replies([4: 4]))
        #expect(try await events.rest() == ["finished 10", "finished 10"])
        await events.machine.close()
    }

    @Test("are taken in their order, whatever the order of the calls", arguments: MachineKind.allCases)
    func inTheirOrder(kind: MachineKind) async throws {
        var events = try await Self.start(TaskTests.fanOut, kind)
        events.machine.replay(Self.replies([3: 3, 1: 1, 4: 4, 2: 2]))
        let calls = (1...4).map { "users.get \($0)" }
        #expect(try await events.rest() == calls + ["finished [3,1,4,2]", "finished [3,1,4,2]"])
        await events.machine.close()
    }

    @Test("come before every other answer to the same call", arguments: MachineKind.allCases)
    func oneAnswerToACall(kind: MachineKind) async throws {
        var events = try await Self.start("return { users.get(1), users.get(2) }", kind)
        events.machine.replay(Self.replies([1: "ahead"]))
        #expect(try await events.next(2) == ["users.get 1", "users.get 2"])
        MachineHarness.reply(events.machine, 1, .value("late"))
        MachineHarness.reply(events.machine, 2, .value("in time"))
        MachineHarness.reply(events.machine, 2, .value("late"))
        let end = #"finished ["ahead","in time"]"#
        #expect(try await events.rest() == [end, end])
        await events.machine.close()
    }

    @Test("may raise, return nothing and set the clock", arguments: MachineKind.allCases)
    func everyKindOfAnswer(kind: MachineKind) async throws {
        var events = try await Self.start(
            """
            local ok, problem = pcall(users.get, 1)
            local nothing, time = users.get(2), rb.clock()
            return { ok, problem.kind, nothing == nil, time, { rb.clock() }, users.get(3) }
            """, kind)
        events.machine.replay([
            MachineReply(id: 1, reading: .error, json: Array(#"{"kind":"not_found"}"#.utf8)),
            MachineReply(id: 2, reading: .nothing, json: [], unixMilliseconds: 1_700, runMilliseconds: 17),
            MachineReply(
                id: 3, reading: [.resources], json: Array(#"{"resources":[3]}"#.utf8), unixMilliseconds: 1_800),
        ])
        #expect(try await events.next(4).last == #"finished [false,"not_found",true,1700,[1700,17],[3]]"#)
        await events.machine.close()
    }

    @Test(
        "show that the script makes other calls",
        arguments: MachineKind.allCases,
        [
            ("users.get(1)", [2], ["users.get 1", "diverged 2"]),
            ("users.get(1) users.get(2) users.get(3)", [1, 3, 2], ["users.get 1", "users.get 2", "diverged 3"]),
            ("users.get(1) users.get(2)", [1, 1], ["users.get 1", "users.get 2", "diverged 1"]),
            (
                "rb.note('log') users.get(1) rb.note('log') users.get(2)", [1, 9],
                [
                    "log", "users.get 1", "log", "users.get 2", "diverged 9",
                ]
            ),
            (
                "for i = 1, 3 do rb.spawn(users.get, i) end users.get(4)", [4, 2, 7],
                ["users.get 1", "users.get 2", "users.get 3", "users.get 4", "diverged 7"]
            ),
        ] as [(String, [UInt32], [String])])
    func divergence(kind: MachineKind, script: (source: String, answers: [UInt32], events: [String])) async throws {
        var events = try await Self.start(script.source, kind)
        events.machine.replay(script.answers.map { MachineReply(id: $0, reading: .nothing, json: []) })
        events.machine.synchronize()
        let end = script.events.suffix(1)
        let told = try await events.rest()
        #expect(told.suffix(2) == end + end)
        #expect(Set(told) == Set(script.events))
        #expect(told.count == script.events.count + 1)
        MachineHarness.reply(events.machine, 1, .nothing)
        events.machine.replay(Self.replies([1: 1]))
        #expect(try await events.next() == end.first, "nothing comes after it")
        await events.machine.close()
    }

    @Test("are dropped when the script ends before", arguments: MachineKind.allCases, ["local = 1", "error('no')"])
    func anotherEnd(kind: MachineKind, source: String) async throws {
        var events = try await Self.start(source, kind)
        events.machine.replay((1...5_000).map { MachineReply(id: $0, json: Array("1".utf8)) })
        #expect(try await events.rest() == ["failed", "failed"])
        await events.machine.close()
    }

    @Test("do not keep a run from being ended", arguments: MachineKind.allCases)
    func interrupted(kind: MachineKind) async throws {
        var events = try await Self.start("users.get(1) users.get(2) while true do end", kind)
        #expect(try await events.next() == "users.get 1")
        events.machine.replay(Self.replies([1: 1, 2: 2, 3: 3]))
        events.machine.interrupt(.time)
        #expect(try await events.rest().suffix(2) == ["stopped", "stopped"])
        await events.machine.close()
        events.machine.replay(Self.replies([4: 4]))
    }

    @Test("may be many", arguments: MachineKind.allCases) func many(kind: MachineKind) async throws {
        let count: UInt32 = 20_000
        let machine = try await MachineHarness(kind: kind).start(
            "local sum = 0 for i = 1, \(count) do sum = sum + #users.get(i).name end return sum")
        let json = Array(#"{"name":"Ada"}"#.utf8)
        for first in stride(from: 1, through: count, by: 3_000) {
            machine.replay((first...min(first + 2_999, count)).map { MachineReply(id: $0, json: json) })
        }
        var next: UInt32 = 1
        while case .calls(let calls) = try await machine.nextEvent() {
            for call in calls {
                #expect(call.id == next)
                #expect(call.arguments == Array("[\(next)]".utf8))
                next += 1
            }
        }
        guard case .finished(let sum, _) = try await machine.nextEvent() else { throw MachineError.closed }
        #expect(sum == Array(String(3 * count).utf8))
        #expect(next == count + 1)
        await machine.close()
    }

    @Test("may be long", arguments: MachineKind.allCases) func long(kind: MachineKind) async throws {
        var events = try await Self.start("for i = 1, 12 do users.unlock(#users.get(i)) end", kind)
        for length in [1 << 20, 10, 300_000, 20, 200_000, 100_000] {
            let id = UInt32([1 << 20: 1, 10: 3, 300_000: 5, 20: 7, 200_000: 9, 100_000: 11][length] ?? 0)
            let text = JSONValue.string(String(repeating: "x", count: length))
            events.machine.replay([
                MachineReply(id: id, json: text.bytes()), MachineReply(id: id + 1, reading: .nothing, json: []),
            ])
        }
        events.machine.synchronize()
        let calls = (1...6).flatMap { ["users.get \(2 * $0 - 1)", "users.unlock \(2 * $0)"] }
        #expect(try await events.next(14) == calls + ["users.get 13", "waiting"])
        await events.machine.close()
    }

    @Test("are held back while nobody takes the calls") func backPressure() async throws {
        let machine = try #require(
            try await MachineHarness(kind: .confined).start(
                "local line = ('x'):rep(10000) for i = 1, 2000 do users.get(line) end")
                as? ConfinedMachine)
        machine.replay((1...2_000).map { MachineReply(id: $0, json: Array("1".utf8)) })
        let most = WorkerPatience().waitingEvents
        while machine.waitingBytes < most { try await Task.sleep(for: .milliseconds(1)) }
        var count = 0
        while case .calls(let calls) = try await machine.nextEvent() {
            #expect(machine.waitingBytes < 3 * most)
            count += calls.count
        }
        #expect(count == 2_000)
        await machine.close()
    }
}

import LuaMachine
import Operations
import Testing

@Suite("A machine that is asked to say when it waits", .timeLimit(.minutes(2))) struct SynchronizationTests {
    static func start(_ source: String, _ kind: MachineKind) async throws -> EventReader {
        EventReader(try await MachineHarness(kind: kind).start(source))
    }

    @Test("says so after the calls that it makes by itself", arguments: MachineKind.allCases)
    func atTheStart(kind: MachineKind) async throws {
        var events = try await Self.start("rb.note('log', 1) rb.note('log', 2) users.get(1)", kind)
        events.machine.synchronize()
        #expect(try await events.next(4) == ["log", "log", "users.get 1", "waiting"])
        MachineHarness.reply(events.machine, 1, .nothing)
        #expect(try await events.rest() == ["finished null", "finished null"])
        await events.machine.close()
    }

    @Test("says so once the script is no longer busy", arguments: MachineKind.allCases)
    func busyScript(kind: MachineKind) async throws {
        var events = try await Self.start(
            "for i = 1, 3000000 do end users.get(1) for i = 1, 3000000 do end users.get(2)", kind)
        events.machine.synchronize()
        #expect(try await events.next(2) == ["users.get 1", "waiting"])
        MachineHarness.reply(events.machine, 1, .nothing)
        events.machine.synchronize()
        #expect(try await events.next(2) == ["users.get 2", "waiting"])
        await events.machine.close()
    }

    @Test("says so for each time it is asked, between the answers as it was asked", arguments: MachineKind.allCases)
    func severalAtOnce(kind: MachineKind) async throws {
        var events = try await Self.start("for i = 1, 3 do users.get(i) end", kind)
        events.machine.synchronize()
        events.machine.synchronize()
        #expect(try await events.next(3) == ["users.get 1", "waiting", "waiting"])
        events.machine.synchronize()
        MachineHarness.reply(events.machine, 1, .nothing)
        events.machine.synchronize()
        events.machine.synchronize()
        #expect(try await events.next(4) == ["waiting", "users.get 2", "waiting", "waiting"])
        await events.machine.close()
    }

    @Test("waits with all its tasks", arguments: MachineKind.allCases)
    func severalTasks(kind: MachineKind) async throws {
        var events = try await Self.start(TaskTests.fanOut, kind)
        events.machine.synchronize()
        let begun = ["users.get 1", "users.get 2", "users.get 3", "users.get 4", "waiting"]
        #expect(try await events.next(5) == begun)
        MachineHarness.reply(events.machine, 3, .value(3))
        MachineHarness.reply(events.machine, 1, .value(1))
        events.machine.synchronize()
        #expect(try await events.next() == "waiting")
        MachineHarness.reply(events.machine, 4, .value(4))
        MachineHarness.reply(events.machine, 2, .value(2))
        events.machine.synchronize()
        #expect(try await events.rest() == ["finished [3,1,4,2]", "finished [3,1,4,2]"])
        await events.machine.close()
    }

    @Test(
        "tells its end and not that it waits",
        arguments: MachineKind.allCases,
        [
            ("return 5", ["finished 5"]), ("error('no')", ["failed"]), ("local = 1", ["failed"]),
            ("rb.note('log') rb.park()", ["log", "failed"]), ("users.get(1) error('no')", ["users.get 1", "failed"]),
        ])
    func theEnd(kind: MachineKind, script: (source: String, events: [String])) async throws {
        var events = try await Self.start(script.source, kind)
        if script.source.contains("users") {
            #expect(try await events.next() == script.events[0])
            MachineHarness.reply(events.machine, 1, .nothing)
        }
        for _ in 1...3 { events.machine.synchronize() }
        let last = script.events.suffix(script.source.contains("users") ? 1 : 2)
        #expect(try await events.rest() == last + last.suffix(1))
        events.machine.synchronize()
        #expect(try await events.next() == last.last, "nor after it")
        await events.machine.close()
    }

    @Test("says nothing of it once it is interrupted", arguments: MachineKind.allCases)
    func interrupted(kind: MachineKind) async throws {
        var events = try await Self.start("users.get(1) while true do end", kind)
        #expect(try await events.next() == "users.get 1")
        MachineHarness.reply(events.machine, 1, .nothing)
        events.machine.synchronize()
        events.machine.interrupt(.cancel)
        events.machine.synchronize()
        #expect(try await events.rest() == ["stopped", "stopped"])
        await events.machine.close()
    }

    @Test("says nothing once it is closed", arguments: MachineKind.allCases)
    func closed(kind: MachineKind) async throws {
        let machine = try await MachineHarness(kind: kind).start("users.get(1)")
        machine.synchronize()
        await machine.close()
        machine.synchronize()
        await #expect(throws: MachineError.closed) { try await machine.nextEvent() }
    }

    @Test("says so to whoever waits already", arguments: MachineKind.allCases)
    func askedWhileWaiting(kind: MachineKind) async throws {
        let machine = try await MachineHarness(kind: kind).start("users.get(1)")
        guard case .calls = try await machine.nextEvent() else { throw MachineError.closed }
        let waiter = Task { try await machine.nextEvent() }
        for _ in 0..<3 { await Task.yield() }
        machine.synchronize()
        guard case .waiting = try await waiter.value else {
            Issue.record("it says something else")
            return
        }
        await machine.close()
    }
}
